import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';

const textOrNull = t.union([t.string, t.null]);
const numberOrNull = t.union([t.number, t.null]);
const labels = t.record(t.string, t.string);

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

const change = t.union([
  t.type({ type: t.literal('Intent'), intent }),
  t.type({ type: t.literal('Charge'), charge }),
  t.type({ type: t.literal('Refund'), refund }),
  t.type({ type: t.literal('PaymentMethod'), paymentMethod }),
  t.type({ type: t.literal('Ledger'), line: ledgerLine }),
  t.type({ type: t.literal('Reply'), reply: storedReply }),
]);

const entry = t.type({ changes: t.array(change) });

/** A payment intent. Times are milliseconds since 1970, amounts minor units; `shipping` is JSON text as received. */
export type Intent = t.TypeOf<typeof intent>;
/** One attempt to charge a card. `captureBefore` is when a reservation ends, milliseconds since 1970. */
export type Charge = t.TypeOf<typeof charge>;
/** Money given back from a captured charge. */
export type Refund = t.TypeOf<typeof refund>;
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
