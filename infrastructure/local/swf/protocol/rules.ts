/** What a check found wrong with a request. */
export interface Findings {
  /** A member of a wrong JSON type: the request cannot be read at all. The first one counts. */
  unreadable: string | null;
  /** Broken constraints in the order of the rules, each a finished phrase. */
  readonly violations: string[];
}

/**
 * One rule of a request's shape. Tells whether the value has the shape, and adds to the findings what is wrong.
 * Members given as null are removed from the checked object, because null means absent in this protocol.
 */
export type Rule<Value> = (value: unknown, path: string, findings: Findings) => value is Value;

/** The type of the values that satisfy a rule. */
export type Satisfying<Checked> = Checked extends Rule<infer Value> ? Value : never;

type Members = Readonly<Record<string, Rule<unknown>>>;
type Required<Given extends Members> = { readonly [Name in keyof Given]: Satisfying<Given[Name]> };
type Optional<Given extends Members> = { readonly [Name in keyof Given]?: Satisfying<Given[Name]> };

/** A text's further restrictions; lengths count UTF-16 units and are inclusive. */
export interface TextLimits {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The pattern as it is printed, and the test that it stands for. */
  readonly pattern?: { readonly shown: string; readonly test: (text: string) => boolean };
}

/** No findings yet. */
export function nothingFound(): Findings {
  return { unreadable: null, violations: [] };
}

/** One message for all violations, in the service's wording. */
export function violationMessage(violations: readonly string[]): string {
  const noun = violations.length === 1 ? 'error' : 'errors';
  return `${violations.length} validation ${noun} detected: ${violations.join('; ')}`;
}

/** A text between the limits. */
export function text(limits: TextLimits): Rule<string> {
  const { atLeast = 0, atMost = Infinity, pattern } = limits;
  return (value, path, findings): value is string => {
    if (typeof value !== 'string') return unreadable(findings, path, 'a string');
    if (value.length >= atLeast && value.length <= atMost && (pattern?.test(value) ?? true)) return true;
    if (value.length < atLeast)
      violate(findings, value, path, `have length greater than or equal to ${atLeast}`);
    if (value.length > atMost) violate(findings, value, path, `have length less than or equal to ${atMost}`);
    if (pattern !== undefined && !pattern.test(value)) {
      violate(findings, value, path, `satisfy regular expression pattern: ${pattern.shown}`);
    }
    return false;
  };
}

/** One of the given texts, exactly. */
export function oneOf<const Values extends readonly string[]>(values: Values): Rule<Values[number]> {
  const known: ReadonlySet<string> = new Set(values);
  return (value, path, findings): value is Values[number] => {
    if (typeof value !== 'string') return unreadable(findings, path, 'a string');
    if (known.has(value)) return true;
    return violate(findings, value, path, `satisfy enum value set: [${values.join(', ')}]`);
  };
}

/** A whole number between two inclusive limits. */
export function integer(atLeast: number, atMost: number): Rule<number> {
  return (value, path, findings): value is number => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      return unreadable(findings, path, 'an integer');
    if (value < atLeast)
      return violate(findings, value, path, `have value greater than or equal to ${atLeast}`);
    if (value > atMost) return violate(findings, value, path, `have value less than or equal to ${atMost}`);
    return true;
  };
}

/** True or false. */
export const flag: Rule<boolean> = (value, path, findings): value is boolean =>
  typeof value === 'boolean' || unreadable(findings, path, 'a boolean');

/** Seconds since 1970, whole or with a fraction. */
export const time: Rule<number> = (value, path, findings): value is number =>
  (typeof value === 'number' && Number.isFinite(value)) ||
  unreadable(findings, path, 'a timestamp in seconds');

/** A list of at most so many elements, each of which satisfies the rule. */
export function list<Value>(element: Rule<Value>, atMost = Infinity): Rule<readonly Value[]> {
  return (value, path, findings): value is readonly Value[] => {
    if (!Array.isArray(value)) return unreadable(findings, path, 'a list');
    let valid = true;
    if (value.length > atMost) {
      valid = violate(findings, '[...]', path, `have length less than or equal to ${atMost}`);
    }
    value.forEach((one: unknown, index) => {
      const place = `${path}.${index + 1}.member`;
      if (one === null) valid = violate(findings, null, place, 'not be null');
      else if (!element(one, place, findings)) valid = false;
    });
    return valid;
  };
}

/** An object with the required and the optional members; members that neither names are ignored. */
export function structure<Needed extends Members, Possible extends Members = Record<never, never>>(
  needed: Needed,
  possible?: Possible,
): Rule<Required<Needed> & Optional<Possible>> {
  const rules = [
    ...Object.entries(needed).map(([name, rule]) => ({ name, rule, required: true })),
    ...Object.entries(possible ?? {}).map(([name, rule]) => ({ name, rule, required: false })),
  ];
  return (value, path, findings): value is Required<Needed> & Optional<Possible> => {
    if (!isRecord(value)) return unreadable(findings, path, 'a structure');
    let valid = true;
    for (const { name, rule, required } of rules) {
      const member = value[name];
      if (member === undefined || member === null) {
        if (required) valid = violate(findings, null, placeOf(path, name), 'not be null');
        else if (member === null) delete value[name];
      } else if (!rule(member, placeOf(path, name), findings)) valid = false;
    }
    return valid;
  };
}

/** Adds a broken constraint to the findings; always false, for use as a rule's answer. */
export function violate(
  findings: Findings,
  value: string | number | null,
  path: string,
  must: string,
): false {
  const shown = value === null ? 'Value null' : `Value '${value}'`;
  findings.violations.push(`${shown} at '${path}' failed to satisfy constraint: Member must ${must}`);
  return false;
}

function unreadable(findings: Findings, path: string, expected: string): false {
  findings.unreadable ??= `${path === '' ? 'The request' : `'${path}'`} is not ${expected}`;
  return false;
}

function placeOf(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
