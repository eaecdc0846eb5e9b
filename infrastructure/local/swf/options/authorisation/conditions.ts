import { fits } from './patterns.js';

/** What is known about a request, by condition key in lower case. A key that is not there was not part of the request. */
export type Context = ReadonlyMap<string, readonly string[]>;

/** One line of a Condition: an operator, a key, and the values of which one must hold. */
export interface Condition {
  readonly operator: Operator;
  /** `any` and `all` say how the values of a key that has several count. */
  readonly quantifier: 'single' | 'any' | 'all';
  readonly ifExists: boolean;
  /** In lower case: keys do not tell cases apart. */
  readonly key: string;
  readonly values: readonly string[];
}

const comparisons = {
  StringEquals: (wanted: string, given: string) => wanted === given,
  StringNotEquals: (wanted: string, given: string) => wanted === given,
  StringEqualsIgnoreCase: (wanted: string, given: string) => wanted.toLowerCase() === given.toLowerCase(),
  StringNotEqualsIgnoreCase: (wanted: string, given: string) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: fits,
  StringNotLike: fits,
  Null: () => false,
} as const;

/** The operators that string keys need, and the test for absence. */
export type Operator = keyof typeof comparisons;

/** The operators by name, for messages. */
export const operators: readonly string[] = Object.keys(comparisons);

/** Whether a text names an operator. */
export function isOperator(text: string): text is Operator {
  return Object.hasOwn(comparisons, text);
}

/**
 * Whether a condition holds, as IAM defines it: without the key a positive operator fails and a negated one holds,
 * `...IfExists` and `ForAllValues:` hold, `ForAnyValue:` fails. Several values of a condition count as alternatives; a
 * negated operator wants none of them.
 */
export function holds(condition: Condition, context: Context): boolean {
  const { operator, quantifier, ifExists, key, values } = condition;
  const given = context.get(key);
  if (operator === 'Null') return values.some((value) => value.toLowerCase() === String(given === undefined));
  const negated = operator.startsWith('StringNot');
  if (given === undefined || given.length === 0) {
    if (ifExists || quantifier === 'all') return true;
    return negated && quantifier !== 'any';
  }
  const compare = comparisons[operator];
  const agrees = (one: string): boolean => values.some((wanted) => compare(wanted, one)) !== negated;
  if (quantifier === 'all' || (quantifier === 'single' && negated)) return given.every(agrees);
  return given.some(agrees);
}
