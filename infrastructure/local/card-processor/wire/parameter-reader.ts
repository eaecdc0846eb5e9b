import { invalidRequest, type ApiError } from './errors.js';
import type { Json } from './json.js';
import type { ParameterNode, ParameterTree } from './parameters.js';

/**
 * Reads typed parameters and remembers the first thing wrong with them. After reading everything, ask `problem()`:
 * when it is not null, the values read are placeholders and must not be used.
 */
export interface ParameterReader {
  readonly has: (name: string) => boolean;
  readonly text: (name: string, longest?: number) => string | null;
  readonly requiredText: (name: string) => string;
  readonly integer: (name: string) => number | null;
  readonly requiredInteger: (name: string) => number;
  readonly flag: (name: string) => boolean;
  readonly oneOf: <Choice extends string>(name: string, choices: readonly Choice[]) => Choice | null;
  readonly list: (name: string) => readonly string[];
  readonly group: (name: string) => ParameterTree | null;
  /** Up to 50 keys of at most 40 characters with values of at most 500. */
  readonly metadata: () => Readonly<Record<string, string>>;
  readonly refuse: (error: ApiError) => void;
  readonly problem: () => ApiError | null;
}

/**
 * @param known every parameter that the operation takes; any other is refused as the API does
 */
export function readParameters(tree: ParameterTree, known: readonly string[]): ParameterReader {
  let first: ApiError | null = null;
  const refuse = (error: ApiError): void => {
    first ??= error;
  };
  for (const name of tree.keys())
    if (name !== 'expand' && !known.includes(name))
      refuse(invalidRequest(`Unknown parameter: ${name}`, { code: 'parameter_unknown', param: name }));

  const text = (name: string, longest = 5000): string | null => {
    const value = tree.get(name);
    if (value === undefined || value === '') return null;
    if (typeof value !== 'string') {
      refuse(invalidRequest(`${name} must be text`, { param: name }));
      return null;
    }
    if (value.length > longest)
      refuse(
        invalidRequest(`${name} is longer than ${longest} characters`, {
          code: 'parameter_invalid_string_too_long',
          param: name,
        }),
      );
    return value;
  };
  const integer = (name: string): number | null => {
    const value = text(name);
    if (value === null) return null;
    const number = Number(value);
    if (/^-?\d{1,15}$/.test(value) && Number.isSafeInteger(number)) return number;
    refuse(
      invalidRequest(`${name} must be a whole number, not ${value.slice(0, 40)}`, {
        code: 'parameter_invalid_integer',
        param: name,
      }),
    );
    return null;
  };
  const required = <Value>(name: string, value: Value | null, placeholder: Value): Value => {
    if (value === null)
      refuse(
        invalidRequest(`Missing required parameter: ${name}`, { code: 'parameter_missing', param: name }),
      );
    return value ?? placeholder;
  };
  const group = (name: string): ParameterTree | null => {
    const value = tree.get(name);
    if (value === undefined || value === '') return null;
    if (typeof value !== 'string') return value;
    refuse(invalidRequest(`${name} must be a group of named values`, { param: name }));
    return null;
  };

  return {
    has: (name) => tree.has(name) && tree.get(name) !== '',
    text,
    requiredText: (name) => required(name, text(name), ''),
    integer,
    requiredInteger: (name) => required(name, integer(name), 0),
    flag: (name) => {
      const value = text(name);
      if (value !== null && value !== 'true' && value !== 'false')
        refuse(invalidRequest(`${name} must be true or false`, { param: name }));
      return value === 'true';
    },
    oneOf: (name, choices) => {
      const value = text(name);
      if (value === null) return null;
      const choice = choices.find((known) => known === value);
      if (choice === undefined)
        refuse(invalidRequest(`${name} must be one of ${choices.join(', ')}`, { param: name }));
      return choice ?? null;
    },
    list: (name) => valuesOf(group(name)),
    group,
    metadata: () => {
      const entries = [...(group('metadata') ?? new Map<string, ParameterNode>())];
      const wrong =
        entries.length > 50 ||
        entries.some(([key, value]) => key.length > 40 || typeof value !== 'string' || value.length > 500);
      if (wrong)
        refuse(
          invalidRequest('Metadata takes 50 keys of 40 characters with values of 500', { param: 'metadata' }),
        );
      return Object.fromEntries(
        entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
      );
    },
    refuse,
    problem: () => first,
  };
}

/** The texts of a list parameter in their order; nested groups are left out. */
export function valuesOf(tree: ParameterTree | null): readonly string[] {
  return tree === null
    ? []
    : [...tree.values()].flatMap((value) => (typeof value === 'string' ? [value] : []));
}

/** A parameter group as JSON, for what is only kept and given back (an address, for instance). */
export function jsonOf(node: ParameterNode): Json {
  if (typeof node === 'string') return node === '' ? null : node;
  return Object.fromEntries([...node].map(([key, value]) => [key, jsonOf(value)]));
}
