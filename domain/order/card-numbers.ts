// The tripwire for card numbers that people type where none belongs. Numbers are told from other digits by their
// length (13 to 19) and their check digit, whatever separates the digits and whichever script they are written in.

const separator = String.raw`[\s\p{Pd}\p{Zs}\u200B-\u200D\u2060\uFEFF._/·•*,]`;
const manyDigits = new RegExp(String.raw`\p{Nd}(?:${separator}{0,3}\p{Nd}){12,}`, 'gu');

/** Decimal digits of every script come in runs of ten, so the value is the distance to the run's zero. */
function digitValue(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point >= 0x30 && point <= 0x39) return point - 0x30;
  let first = point;
  while (point - first < 9 && /\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return point - first;
}

function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 0x30;
    const weighted = index % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0 && /[1-9]/.test(digits);
}

const shortest = 13;
const longest = 19;

/** Stretches of 13 to 19 digits that begin and end where a group of digits does; any stretch of an overlong group. */
function* candidates(groups: readonly string[]): Generator<string> {
  for (const [index] of groups.entries()) {
    let digits = '';
    for (const group of groups.slice(index)) {
      digits += group;
      if (digits.length > longest) break;
      if (digits.length >= shortest) yield digits;
    }
  }
  for (const group of groups.filter(({ length }) => length > longest)) {
    for (let start = 0; start + shortest <= group.length; start += 1) {
      for (let size = shortest; size <= longest && start + size <= group.length; size += 1) {
        yield group.slice(start, start + size);
      }
    }
  }
}

// The digits of a UUID are random, and every few hundredth one would be taken for a card; one of digits alone stays.
const uuids = /\b(?=[0-9-]*[a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

function normalised(text: string): string {
  return text
    .replace(uuids, 'x')
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

/**
 * True when the text holds what may be a card number: 13 to 19 digits of any script with a valid check digit, also
 * with blanks, dashes, points or slashes between them. One in ten other numbers of that length is taken for one.
 */
export function hasCardNumber(text: string): boolean {
  // Almost every text ends here: it has fewer digits than the shortest card number.
  if (text.length < shortest || !/\p{Nd}/u.test(text)) return false;
  for (const [run] of normalised(text).matchAll(manyDigits)) {
    const groups = run.split(/[^0-9]+/);
    // A text of nothing but single digits and separators would have too many stretches to look at one by one.
    const bounded = groups.length > 64 ? [groups.join('')] : groups;
    for (const digits of candidates(bounded)) if (hasCheckDigit(digits)) return true;
  }
  return false;
}
