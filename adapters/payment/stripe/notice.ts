// Whether a webhook is genuine, and what it is about. Nobody is asked over the network: a notice is only a hint where to
// look, and it must be stored before it is acknowledged.
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import Stripe from 'stripe';
import type { NoticeSubject, PaymentNotice } from '../../../application/ports/payment-notices.js';
import type { Instant } from '../../../domain/instant.js';
import { type Metadata, refundOfMarks, reservationOfMarks } from './marks.js';

/** A webhook as it arrived. The caller limits the size of the body. */
export type SignedNotice = {
  /** The body's bytes as they came over the wire; a body that was parsed and written anew has another signature. */
  readonly body: Uint8Array;
  /** The header `Stripe-Signature`. */
  readonly signature: string | undefined;
};

/** Why a webhook is not believed. None of these is ever stored. */
export type NoticeRefusal =
  | { readonly type: 'signature_missing' }
  /** Not one time and at least one signature of 64 hexadecimal digits. */
  | { readonly type: 'signature_malformed' }
  /** Signed too long ago (positive) or too far in the future (negative). */
  | { readonly type: 'outside_tolerance'; readonly ageSeconds: number }
  /** None of our secrets made this signature for this body. */
  | { readonly type: 'signature_wrong' }
  /** Genuine, and yet no event. */
  | { readonly type: 'not_an_event' };

/** How far the time of a signature may be from ours, either way: what Stripe advises for the past. */
const toleranceSeconds = 300;

const event = t.type({
  id: t.string,
  type: t.string,
  data: t.type({ object: t.intersection([t.type({ object: t.string }), t.partial({ id: t.string })]) }),
});
type Event = t.TypeOf<typeof event>;

const marked = t.type({ metadata: t.record(t.string, t.string) });

const marksOf = (object: unknown): Metadata => {
  const read = marked.decode(object);
  return E.isRight(read) ? read.right.metadata : {};
};

/** Objects of other systems of the same account, of no interest, or not marked as ours, are `other`. */
const subjectOf = ({ type, data: { object } }: Event): NoticeSubject => {
  const other: NoticeSubject = { type: 'other', what: `${type} ${object.id ?? ''}`.trim().slice(0, 255) };
  switch (object.object) {
    case 'payment_intent':
    case 'charge': {
      // A charge carries the marks of its payment.
      const marks = reservationOfMarks(marksOf(object));
      return marks === null ? other : { type: 'reservation', ...marks };
    }
    case 'refund': {
      const marks = refundOfMarks(marksOf(object));
      return marks === null ? other : { type: 'refund', ...marks };
    }
    case 'dispute':
      return object.id === undefined ? other : { type: 'dispute', reference: object.id };
    default:
      return other;
  }
};

/** The one time that the header names, in seconds since 1970; null when it names none or several, or no signature. */
const signedAt = (header: string): number | null => {
  const items = header.split(',');
  const times = items.filter((item) => item.startsWith('t='));
  const [time] = times;
  const signatures = items.filter((item) => item.startsWith('v1='));
  const isSigned = signatures.length > 0 && signatures.every((item) => /^v1=[0-9a-f]{64}$/.test(item));
  return times.length === 1 && time !== undefined && /^t=\d{1,12}$/.test(time) && isSigned
    ? Number(time.slice(2))
    : null;
};

const isSignatureError = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeSignatureVerificationError;

/** The body as JSON when one of the secrets signed it at that time. */
const verified = (
  { body, signature }: { readonly body: Uint8Array; readonly signature: string },
  secrets: readonly string[],
  now: Instant,
): E.Either<NoticeRefusal, unknown> => {
  for (const secret of secrets) {
    try {
      const payload = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      const { webhooks } = Stripe;
      return E.right(webhooks.constructEvent(payload, signature, secret, toleranceSeconds, undefined, now));
    } catch (error) {
      if (!isSignatureError(error)) return E.left({ type: 'not_an_event' });
    }
  }
  return E.left({ type: 'signature_wrong' });
};

/**
 * Reads a webhook that arrived at `now`. `secrets` are those of the endpoint, the newest first: while one is replaced,
 * both are valid. Repeats of an event have its id as their name.
 */
export const readNotice =
  (secrets: readonly string[]) =>
  ({ body, signature }: SignedNotice, now: Instant): E.Either<NoticeRefusal, PaymentNotice> => {
    if (signature === undefined || signature === '') return E.left({ type: 'signature_missing' });
    const at = signedAt(signature);
    if (at === null) return E.left({ type: 'signature_malformed' });
    const ageSeconds = Math.floor(now / 1000) - at;
    if (Math.abs(ageSeconds) > toleranceSeconds) return E.left({ type: 'outside_tolerance', ageSeconds });
    const content = verified({ body, signature }, secrets, now);
    if (E.isLeft(content)) return content;
    const read = event.decode(content.right);
    if (E.isLeft(read) || !/^\w{1,255}$/.test(read.right.id)) return E.left({ type: 'not_an_event' });
    return E.right({ noticeId: read.right.id, subject: subjectOf(read.right), receivedAt: now });
  };
