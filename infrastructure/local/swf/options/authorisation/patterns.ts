/** Whether a text fits a pattern in which `*` stands for any text, also none, and `?` for one character. */
export function fits(pattern: string, text: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  // On a mismatch only the last star can take one more character: earlier ones would gain nothing by it.
  while (at < text.length) {
    const sign = pattern[place];
    if (sign === '*') {
      star = place;
      resume = at;
      place += 1;
    } else if (sign !== undefined && (sign === '?' || sign === text[at])) {
      at += 1;
      place += 1;
    } else if (star !== -1) {
      resume += 1;
      at = resume;
      place = star + 1;
    } else return false;
  }
  while (pattern[place] === '*') place += 1;
  return place === pattern.length;
}

const partsOfArn = 6;

/** The six parts of an ARN; the last may hold colons itself. */
function parts(arn: string): readonly string[] {
  const split = arn.split(':');
  if (split.length < partsOfArn) return split;
  return [...split.slice(0, partsOfArn - 1), split.slice(partsOfArn - 1).join(':')];
}

/**
 * Whether an ARN fits a pattern, part by part: a star does not reach over a colon into the next part. Parts that the
 * pattern leaves out at its end fit anything, and `*` alone fits every ARN.
 */
export function fitsArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const wanted = parts(pattern);
  return parts(arn).every((part, index) => {
    const one = wanted[index];
    return one === undefined || fits(one, part);
  });
}
