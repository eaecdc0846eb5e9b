const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

const nameOf = (quoted: string): string => {
  const name: unknown = JSON.parse(quoted);
  return typeof name === 'string' ? name : quoted;
};

/**
 * Whether no object of a JSON text has a name twice. Parsers keep the last one and others the first, so a signed text
 * with a repeated name means two things. The text must be valid JSON; escaped spellings of a name are the same name.
 */
export function hasUniqueNames(json: string): boolean {
  const open: Array<Set<string> | null> = [];
  let text: string | null = null;
  for (const [found] of json.matchAll(token)) {
    if (found.startsWith('"')) {
      text = found;
      continue;
    }
    if (found === '{') open.push(new Set());
    else if (found === '[') open.push(null);
    else if (found === '}' || found === ']') open.pop();
    else if (found === ':' && text !== null) {
      const names = open.at(-1);
      const name = nameOf(text);
      if (names?.has(name) === true) return false;
      names?.add(name);
    }
    text = null;
  }
  return true;
}
