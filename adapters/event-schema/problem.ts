import type { Errors } from 'io-ts';

/** Why a stored event cannot be read. Never holds a stored value: that could be personal data on its way to a log. */
export type SchemaProblem =
  /** No version of this program has written this name. */
  | { readonly type: 'name_unknown' }
  | { readonly type: 'malformed'; readonly path: string; readonly expected: string };

/** The first thing wrong: where, as field names joined by `/`, and the name of what was expected there. */
export const malformed = (errors: Errors): SchemaProblem => {
  const context = errors[0]?.context ?? [];
  return {
    type: 'malformed',
    path: context
      .map(({ key }) => key)
      .filter((key) => key !== '')
      .join('/'),
    expected: context.at(-1)?.type.name ?? 'something else',
  };
};

/** The problem in one line for people. */
export const problemText = (problem: SchemaProblem): string =>
  problem.type === 'name_unknown'
    ? 'the stored name is unknown'
    : `${problem.path === '' ? 'the data' : problem.path}: expected ${problem.expected}`;
