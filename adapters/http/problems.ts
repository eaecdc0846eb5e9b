// Problem answers (RFC 9457). The code is the stable part; titles and sentences may be reworded. Nothing of a request
// is ever repeated in one.
import type { FieldProblem } from './codecs.js';
import { closed, line, list, opaque, orAbsent, whole } from './codecs.js';

const kind = (status: number, title: string, detail: string) => ({ status, title, detail });

/** Every problem that an endpoint of ours answers with, by code. */
export const problemKinds = {
  // What any endpoint may answer.
  not_found: kind(404, 'Not found', 'There is nothing here, or it is not yours.'),
  method_not_allowed: kind(405, 'Method not allowed', 'This address does not take this method.'),
  body_not_json: kind(400, 'Not JSON', 'The body is not one JSON value in valid UTF-8.'),
  body_too_deep: kind(400, 'Too deep', 'The body is nested deeper than 10 levels.'),
  body_cut: kind(400, 'Cut off', 'The body ended before it was complete.'),
  body_too_slow: kind(408, 'Too slow', 'The body did not arrive in time.'),
  body_too_large: kind(413, 'Too large', 'The body is larger than this address takes.'),
  media_type_not_supported: kind(415, 'Not supported', 'Send application/json in UTF-8, uncompressed.'),
  fields_invalid: kind(422, 'Fields are not right', 'Some fields are not as they must be; each is named.'),
  card_number_not_accepted: kind(
    422,
    'No card numbers here',
    'A field looks like a card number. Cards are entered at the card processor only; nothing was stored.',
  ),
  origin_not_allowed: kind(403, 'Foreign page', 'This request was set off by a page of another site.'),
  internal_error: kind(500, 'Our fault', 'Something went wrong on our side. Try again later.'),
  unavailable: kind(503, 'Not available', 'Something we need does not answer right now. Try again shortly.'),
  too_busy: kind(503, 'Too busy', 'There is too much to do right now. Try again shortly.'),
  took_too_long: kind(503, 'Took too long', 'This took too long; it may still be carried out. Try again.'),

  // Who asks.
  sign_in_needed: kind(401, 'Sign in first', 'This needs a sign-in that is in force.'),
  sign_in_refused: kind(401, 'Not signed in', 'E-mail address or password is wrong.'),
  too_many_tries: kind(
    429,
    'Too many tries',
    'There were too many failed tries from your address. Wait a while.',
  ),
  registration_refused: kind(409, 'Not registered', 'No account was made. If you have one, sign in to it.'),
  staff_unknown: kind(
    401,
    'Device not enrolled',
    'This device is not enrolled. Ask the shift lead for a new code.',
  ),
  operator_key_needed: kind(401, 'Operator key needed', 'This needs the key of the operator.'),

  // Handing a cart over.
  cart_token_malformed: kind(
    422,
    'Not a cart token',
    'The token is not a signed cart as it must be written.',
  ),
  cart_signature_not_trusted: kind(401, 'Cart not trusted', 'The signature does not fit the cart.'),
  cart_algorithm_not_trusted: kind(
    401,
    'Cart not trusted',
    'The cart is not signed with the agreed algorithm.',
  ),
  cart_key_not_trusted: kind(401, 'Cart not trusted', 'The cart is signed with a key that we do not know.'),
  cart_issuer_not_trusted: kind(401, 'Cart not trusted', 'The cart comes from a shop that we do not know.'),
  cart_audience_not_trusted: kind(401, 'Cart not trusted', 'The cart is meant for somebody else.'),
  cart_token_life_too_long: kind(422, 'Cart lives too long', 'The cart is signed for too long a time.'),
  cart_expired: kind(410, 'Cart expired', 'The cart has expired. Go back to the shop and check out again.'),
  cart_refused: kind(422, 'Cart refused', 'The cart breaks rules; every break is named.'),
  cart_token_reused: kind(409, 'Cart changed', 'Another cart was handed over under the same token id.'),
  cart_used: kind(410, 'Cart used', 'This cart became an order already.'),

  // Notices of other services.
  notice_not_genuine: kind(400, 'Not genuine', 'The notice is not signed as it must be, or too old.'),
  notice_unreadable: kind(400, 'Not a notice', 'The body is no notice of the kind that comes here.'),
  notice_not_believed: kind(
    403,
    'Not believed',
    'The notice is not of a topic of ours, not signed by its service, or out of time.',
  ),

  // Orders.
  idempotency_key_missing: kind(400, 'Key missing', 'Send an Idempotency-Key header with this request.'),
  idempotency_key_malformed: kind(
    400,
    'Key malformed',
    'The key must be 1 to 255 printable ASCII characters.',
  ),
  idempotency_key_reused: kind(
    422,
    'Key used before',
    'This key was used with another body. Take a new one.',
  ),
  request_in_flight: kind(409, 'In work', 'The same request is being carried out. Ask again in a moment.'),
  destination_not_in_cart: kind(422, 'Wrong country', 'The cart was made for delivery to another country.'),
  too_late_to_cancel: kind(409, 'Too late', 'The order is too far on its way to be cancelled.'),
  card_refused_for_good: kind(
    422,
    'Not this card',
    'This card was refused for good by its bank. Take another one.',
  ),
  card_tried_too_often: kind(429, 'Too many tries', 'This card was tried too often today. Take another one.'),
  no_attempt_left: kind(409, 'No try left', 'Too many cards were refused for this order.'),
  pay_again_deadline_passed: kind(410, 'Too late', 'The time for another card is over.'),
  refund_above_charge: kind(422, 'Too much', 'More than what is left of the charge cannot be refunded.'),
  refund_id_used: kind(409, 'Refund id used', 'This refund id was used for another amount.'),
  order_busy: kind(503, 'Order busy', 'Others are changing this order right now. Try again shortly.'),
  order_changed: kind(409, 'Order has moved on', 'The order is not where this request believes it to be.'),
  order_too_large: kind(422, 'Too large', 'The order is too large to be stored.'),

  // The floor.
  lease_lost: kind(
    409,
    'Hand over',
    'This task is in other hands now. Stop, and leave the goods where they are.',
  ),
  order_cancelled: kind(409, 'Order cancelled', 'The order was cancelled. Stop, and put the goods back.'),
  wrong_article: kind(422, 'Wrong article', 'This article is not part of the order. Put it back.'),
  too_many: kind(422, 'Too many', 'The order has fewer units of this article. Put the extra ones back.'),
  not_a_tracking_number: kind(
    422,
    'Label not read',
    'This is no tracking number. Scan the carrier’s label again.',
  ),
  on_hold: kind(409, 'On hold', 'The order is on hold. Keep the parcel here until the hold is released.'),
  not_charged: kind(409, 'Not paid yet', 'The order is not paid yet. Keep the parcel here.'),
  report_refused: kind(422, 'Report refused', 'The report does not fit the order; the reason is named.'),
} as const satisfies Readonly<Record<string, ReturnType<typeof kind>>>;

/** The stable name of a problem. */
export type ProblemCode = keyof typeof problemKinds;

/** A problem to be answered. `retryAfterSeconds` tells when to come back, `orderId` what a used cart became. */
export type Problem = {
  readonly code: ProblemCode;
  readonly errors?: readonly FieldProblem[];
  readonly orderId?: string;
  readonly retryAfterSeconds?: number;
};

/** A problem without further data. */
export const problem = (code: ProblemCode): Problem => ({ code });

/** A problem that goes away by itself. */
export const passing = (code: ProblemCode, retryAfterSeconds = 1): Problem => ({ code, retryAfterSeconds });

/** Complaints about fields; a card number among them is the one that is named first. */
export const fieldsInvalid = (errors: readonly FieldProblem[]): Problem => ({
  code: errors.some(({ code }) => code === 'card_number_not_accepted')
    ? 'card_number_not_accepted'
    : 'fields_invalid',
  errors,
});

/** True for a code of a problem kind. */
export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(problemKinds, text);

/** The status of a problem. */
export const statusOf = ({ code }: Problem): number => problemKinds[code].status;

/** The JSON of a problem, as `application/problem+json`. `requestId` is a UUID. */
export const problemText = ({ code, errors, orderId }: Problem, requestId: string): string => {
  const { status, title, detail } = problemKinds[code];
  const instance = `urn:uuid:${requestId}`;
  return JSON.stringify({
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail,
    instance,
    orderId,
    errors,
  });
};

/** What `problemText` writes. */
export const problemCodec = closed('Problem', {
  type: line(1, 100),
  title: line(1, 100),
  status: whole(400, 599),
  code: line(1, 100),
  detail: line(1, 1_000),
  instance: orAbsent(line(1, 100)),
  orderId: orAbsent(opaque(36, 36)),
  errors: orAbsent(
    list(
      closed('FieldProblem', { code: line(1, 100), path: opaque(0, 1_000), detail: line(1, 1_000) }),
      1,
      100_000,
    ),
  ),
});
