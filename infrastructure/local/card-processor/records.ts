import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';

const textOrNull = t.union([t.string, t.null]);
const numberOrNull = t.union([t.number, t.null]);
const labels = t.record(t.string, t.string);

/** A field that journals of earlier versions lack; it is read as `otherwise` there. */
function later<Value>(codec: t.Type<Value>, otherwise: Value): t.Type<Value> {
  return new t.Type<Value>(
    codec.name,
    codec.is,
    (input, context) => codec.validate(input === undefined ? otherwise : input, context),
    (value) => value,
  );
}

const decline = t.type({ declineCode: t.string, charge: textOrNull, paymentMethod: t.string });

const intent = t.type({
  id: t.string,
  createdAt: t.number,
  amount: t.number,
  currency: t.string,
  captureMethod: t.union([t.literal('automatic'), t.literal('automatic_async'), t.literal('manual')]),
  automaticMethods: t.boolean,
  metadata: labels,
  description: textOrNull,
  receiptEmail: textOrNull,
  statementDescriptor: textOrNull,
  statementDescriptorSuffix: textOrNull,
  setupFutureUsage: textOrNull,
  shipping: textOrNull,
  status: t.union([
    t.literal('requires_payment_method'),
    t.literal('requires_confirmation'),
    t.literal('requires_action'),
    t.literal('requires_capture'),
    t.literal('succeeded'),
    t.literal('canceled'),
  ]),
  amountCapturable: t.number,
  amountReceived: t.number,
  canceledAt: numberOrNull,
  cancellationReason: textOrNull,
  latestCharge: textOrNull,
  paymentMethod: textOrNull,
  lastDecline: t.union([decline, t.null]),
  returnUrl: textOrNull,
});

const charge = t.type({
  id: t.string,
  createdAt: t.number,
  intent: t.string,
  paymentMethod: t.string,
  amount: t.number,
  currency: t.string,
  amountCaptured: t.number,
  amountReleased: t.number,
  amountRefunded: t.number,
  captured: t.boolean,
  declineCode: textOrNull,
  authenticated: t.boolean,
  captureBefore: numberOrNull,
  networkDeclineCode: later(textOrNull, null),
  disputed: later(t.boolean, false),
});

const refundStatus = t.union([t.literal('pending'), t.literal('succeeded'), t.literal('failed')]);
const refundEnd = t.type({
  at: t.number,
  status: t.union([t.literal('succeeded'), t.literal('failed')]),
  failureReason: textOrNull,
});

const refund = t.type({
  id: t.string,
  createdAt: t.number,
  intent: t.string,
  charge: t.string,
  amount: t.number,
  currency: t.string,
  reason: textOrNull,
  metadata: labels,
  status: later(refundStatus, 'succeeded'),
  failureReason: later(textOrNull, null),
  coming: later(t.union([refundEnd, t.null]), null),
});

const dispute = t.type({
  id: t.string,
  createdAt: t.number,
  intent: t.string,
  charge: t.string,
  amount: t.number,
  currency: t.string,
  reason: t.string,
});

const paymentMethod = t.type({
  id: t.string,
  createdAt: t.number,
  card: t.string,
  billing: t.string,
  metadata: labels,
});

const ledgerLine = t.type({
  time: t.number,
  kind: t.union([
    t.literal('reserved'),
    t.literal('captured'),
    t.literal('released'),
    t.literal('refunded'),
    t.literal('declined'),
    t.literal('refund_reversed'),
    t.literal('disputed'),
  ]),
  amount: t.number,
  currency: t.string,
  paymentIntent: t.string,
  charge: t.string,
  refund: textOrNull,
  orderId: textOrNull,
  reason: textOrNull,
});

const storedReply = t.type({
  key: t.string,
  fingerprint: t.string,
  storedAt: t.number,
  requestId: t.string,
  status: t.number,
  body: t.string,
});

const event = t.type({
  id: t.string,
  type: t.string,
  createdAt: t.number,
  object: t.string,
  intent: textOrNull,
  body: t.string,
});

const endpoint = t.type({ id: t.string, url: t.string, secret: t.string, events: t.array(t.string) });

const delivery = t.type({
  event: t.string,
  endpoint: t.string,
  status: t.union([t.literal('pending'), t.literal('delivered'), t.literal('dropped')]),
  attempts: t.number,
  lastAttemptAt: numberOrNull,
  lastAnswer: textOrNull,
});

const change = t.union([
  t.type({ type: t.literal('Intent'), intent }),
  t.type({ type: t.literal('Charge'), charge }),
  t.type({ type: t.literal('Refund'), refund }),
  t.type({ type: t.literal('PaymentMethod'), paymentMethod }),
  t.type({ type: t.literal('Ledger'), line: ledgerLine }),
  t.type({ type: t.literal('Reply'), reply: storedReply }),
  t.type({ type: t.literal('KeysForgotten'), storedBefore: t.number }),
  t.type({ type: t.literal('Dispute'), dispute }),
  t.type({ type: t.literal('Event'), event }),
  t.type({ type: t.literal('Endpoint'), endpoint }),
  t.type({ type: t.literal('EndpointRemoved'), id: t.string }),
  t.type({ type: t.literal('Delivery'), delivery }),
]);

const entry = t.type({ changes: t.array(change) });

/** A payment intent. Times are milliseconds since 1970, amounts minor units; `shipping` is JSON text as received. */
export type Intent = t.TypeOf<typeof intent>;
/** One attempt to charge a card. `captureBefore` is when a reservation ends, milliseconds since 1970. */
export type Charge = t.TypeOf<typeof charge>;
/** Money given back from a captured charge. `coming` is what its bank will yet make of it, and when. */
export type Refund = t.TypeOf<typeof refund>;
/** A cardholder's complaint to their bank about a charge. */
export type Dispute = t.TypeOf<typeof dispute>;
/** Something that webhooks tell of; `body` is sent to every endpoint byte for byte, `object` is the id of what it shows. */
export type WebhookEvent = t.TypeOf<typeof event>;
/** Where webhooks go, signed with `secret`; `events` are the types wanted, `*` for all. */
export type Endpoint = t.TypeOf<typeof endpoint>;
/** How far one event has come on its way to one endpoint. */
export type Delivery = t.TypeOf<typeof delivery>;
/** A card as used by an intent; `card` names the test card, `billing` is JSON text. */
export type PaymentMethod = t.TypeOf<typeof paymentMethod>;
/** One line of the ledger: what happened to money, never changed afterwards. */
export type LedgerLine = t.TypeOf<typeof ledgerLine>;
/** The first answer given under an idempotency key. */
export type StoredReply = t.TypeOf<typeof storedReply>;
/** One thing that an accepted request changed: a record in its new form, a ledger line, or a kept reply. */
export type Change = t.TypeOf<typeof change>;
/** What the journal holds: everything that one request changed, all or nothing. */
export type Entry = t.TypeOf<typeof entry>;

/** Reads one journal entry; throws with the fields in question when the file was written by something else. */
export function decodeEntry(json: unknown): Entry {
  const decoded = entry.decode(json);
  if (isLeft(decoded))
    throw new Error(
      `not an entry of the card processor: ${PathReporter.report(decoded).slice(0, 3).join('; ')}`,
    );
  return decoded.right;
}
