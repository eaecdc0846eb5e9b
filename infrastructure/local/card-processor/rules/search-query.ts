/** What a search looks at. */
export interface Searched {
  readonly metadata: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly numbers: Readonly<Record<string, number>>;
}

/** A query that can be asked of an object; `order` is set when only objects of that order can match. */
export type Matcher =
  | {
      readonly type: 'Matcher';
      readonly order: string | null;
      readonly matches: (object: Searched) => boolean;
    }
  | { readonly type: 'BadQuery'; readonly problem: string };

interface Clause {
  readonly order: string | null;
  readonly matches: (object: Searched) => boolean;
}

const clause =
  /^\s*(-?)(metadata\[(?:'([^']+)'|"([^"]+)")\]|[a-z_]+)\s*(:|~|<=|>=|<|>)\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)|(null))\s*/i;

/**
 * Reads the search language: clauses such as `metadata['order_id']:'17'`, `status:'succeeded'`, `amount>100`, joined
 * by AND or by OR (not both), each negated by a leading minus. `~` looks for a part of at least three characters.
 */
export function matcherOf(query: string): Matcher {
  const clauses: Clause[] = [];
  const joints = new Set<string>();
  let rest = query;
  for (;;) {
    const found = clause.exec(rest);
    const read = found === null ? null : clauseOf(found);
    if (found === null || read === null)
      return { type: 'BadQuery', problem: `not understood from "${rest.slice(0, 40)}"` };
    clauses.push(read);
    rest = rest.slice(found[0].length);
    if (rest === '') break;
    const joint = /^(and|or)\s+/i.exec(rest);
    if (joint !== null) rest = rest.slice(joint[0].length);
    joints.add(joint?.[1]?.toLowerCase() ?? 'and');
  }
  if (joints.size > 1) return { type: 'BadQuery', problem: 'AND and OR cannot be mixed' };
  const any = joints.has('or');
  const order = any ? null : (clauses.find((known) => known.order !== null)?.order ?? null);
  return {
    type: 'Matcher',
    order,
    matches: (object) =>
      any ? clauses.some((one) => one.matches(object)) : clauses.every((one) => one.matches(object)),
  };
}

function clauseOf(found: RegExpExecArray): Clause | null {
  const [, minus, field = '', single, double, operator = ':', quoted, doubleQuoted, number, none] = found;
  const key = single ?? double;
  const text = unescaped(quoted ?? doubleQuoted ?? number ?? '');
  const matches =
    key !== undefined
      ? metadataTest(key, operator, text, none !== undefined)
      : fieldTest(field, operator, text);
  if (matches === null) return null;
  const negated = minus === '-';
  const order = key === 'order_id' && operator === ':' && !negated && none === undefined ? text : null;
  return { order, matches: negated ? (object) => !matches(object) : matches };
}

function metadataTest(key: string, operator: string, text: string, none: boolean): Clause['matches'] | null {
  if (operator === ':')
    return (object) => (none ? object.metadata[key] === undefined : object.metadata[key] === text);
  if (operator !== '~' || text.length < 3) return null;
  return (object) => object.metadata[key]?.toLowerCase().includes(text.toLowerCase()) ?? false;
}

function fieldTest(field: string, operator: string, text: string): Clause['matches'] | null {
  if (field === 'status' || field === 'currency')
    return operator === ':' ? (object) => object.texts[field] === text.toLowerCase() : null;
  if ((field !== 'amount' && field !== 'created') || !/^-?\d+$/.test(text)) return null;
  const bound = Number(text);
  const compare: Readonly<Record<string, (value: number) => boolean>> = {
    ':': (value) => value === bound,
    '<': (value) => value < bound,
    '>': (value) => value > bound,
    '<=': (value) => value <= bound,
    '>=': (value) => value >= bound,
  };
  const test = compare[operator];
  return test === undefined ? null : (object) => test(object.numbers[field] ?? Number.NaN);
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
