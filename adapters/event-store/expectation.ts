import type { AppendError, ExpectedRevision } from '../../application/ports/event-store.js';

/** What an append with an expectation comes to on a stream as it stands. */
export type Verdict =
  | { readonly type: 'append' }
  /** The same events stand there already; success without effect. */
  | { readonly type: 'repeated'; readonly revision: number }
  | { readonly type: 'refused'; readonly error: AppendError };

const standsAt = (stream: readonly string[], first: number, ids: readonly string[]): boolean =>
  ids.every((id, index) => stream[first + index] === id);

/**
 * EventStoreDB's rules. `stream` holds the ids of all events of the stream, by revision. An exact expectation of the
 * present looks at no ids; one of the past is met when all ids stand at exactly the following revisions; `any` and
 * `stream_exists` recognise a repeat anywhere in the stream, and refuse events of which only some are there.
 */
export const judge = (
  expected: ExpectedRevision,
  stream: readonly string[],
  ids: readonly string[],
): Verdict => {
  const refused: Verdict = {
    type: 'refused',
    error: { type: 'wrong_expected_revision', actual: stream.length === 0 ? null : stream.length - 1 },
  };
  const repeatedAt = (first: number): Verdict =>
    standsAt(stream, first, ids) ? { type: 'repeated', revision: first + ids.length - 1 } : refused;
  switch (expected.type) {
    case 'no_stream':
      return stream.length === 0 ? { type: 'append' } : repeatedAt(0);
    case 'exactly':
      if (expected.revision === stream.length - 1 && stream.length > 0) return { type: 'append' };
      return expected.revision < stream.length - 1 && expected.revision >= 0
        ? repeatedAt(expected.revision + 1)
        : refused;
    case 'stream_exists':
    case 'any': {
      if (expected.type === 'stream_exists' && stream.length === 0) return refused;
      const known = stream.findIndex((id) => ids.includes(id));
      return known === -1 ? { type: 'append' } : repeatedAt(known);
    }
  }
};
