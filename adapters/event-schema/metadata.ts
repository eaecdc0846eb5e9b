import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { EventMetadata } from '../../application/ports/event-store.js';
import { malformed, type SchemaProblem } from './problem.js';
import { commandId, customerId } from './values.js';

/** Who caused an event, in its stored form. */
const actor = t.union(
  [
    t.strict({ type: t.literal('customer'), customerId }),
    t.strict({ type: t.literal('worker'), name: t.string }),
    t.strict({ type: t.literal('floor'), name: t.string }),
    t.strict({ type: t.literal('operator'), name: t.string }),
  ],
  'Actor',
);

const metadata = t.strict({ commandId, correlationId: t.string, actor }, 'EventMetadata');

/** What is stored beside an event, as JSON can hold it. */
export const encodeMetadata = (value: EventMetadata): unknown => metadata.encode(value);

/** Reads what was stored beside an event; a problem never quotes it. */
export const decodeMetadata = (stored: unknown): E.Either<SchemaProblem, EventMetadata> => {
  const decoded = metadata.decode(stored);
  return E.isRight(decoded) ? decoded : E.left(malformed(decoded.left));
};
