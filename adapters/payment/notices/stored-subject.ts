// The stored form of what a notice is about.
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { NoticeSubject } from '../../../application/ports/payment-notices.js';
import { orderId } from '../../event-schema/values.js';

const counted = t.refinement(
  t.number,
  (value) => Number.isInteger(value) && value >= 1 && value <= 9999,
  'a number from 1 to 9999',
);

const storedSubject = t.union([
  t.exact(t.type({ type: t.literal('reservation'), orderId, attempt: counted })),
  t.exact(t.type({ type: t.literal('refund'), orderId, number: counted })),
  t.exact(t.type({ type: t.literal('dispute'), reference: t.string })),
  t.exact(t.type({ type: t.literal('other'), what: t.string })),
]);

/** The subject as it was stored; throws when it is none, whatever else it may be. */
export function subjectOf(stored: unknown): NoticeSubject {
  const read = storedSubject.decode(stored);
  if (E.isLeft(read)) throw new Error('a stored notice is not one');
  return read.right;
}
