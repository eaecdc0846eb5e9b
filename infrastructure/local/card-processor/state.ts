import type {
  Change,
  Charge,
  Delivery,
  Dispute,
  Endpoint,
  Intent,
  LedgerLine,
  PaymentMethod,
  Refund,
  StoredReply,
  WebhookEvent,
} from './records.js';

/** Sums of the ledger in one currency, in minor units. Reserved = captured + released + what is still held; given back = refunded - refund_reversed. */
export type Totals = Record<LedgerLine['kind'], number> & { lines: number };

/** Everything the processor knows. Only `apply` writes to it; in insertion order, so the last is the newest. */
export interface State {
  readonly intents: Map<string, Intent>;
  readonly charges: Map<string, Charge>;
  readonly refunds: Map<string, Refund>;
  readonly paymentMethods: Map<string, PaymentMethod>;
  readonly ledger: LedgerLine[];
  readonly totals: Map<string, Totals>;
  readonly replies: Map<string, StoredReply>;
  /** Reservations still open and when each ends. */
  readonly openReservations: Map<string, number>;
  readonly refundsByCharge: Map<string, string[]>;
  readonly chargesByIntent: Map<string, string[]>;
  readonly intentsByOrder: Map<string, Set<string>>;
  readonly linesByIntent: Map<string, LedgerLine[]>;
  /** Refunds whose bank has not spoken its last word. */
  readonly unsettledRefunds: Set<string>;
  readonly disputes: Map<string, Dispute>;
  readonly endpoints: Map<string, Endpoint>;
  /** What webhooks told or will tell; of those that arrived only the newest are kept. */
  readonly events: Map<string, WebhookEvent>;
  /** By event, then by endpoint. */
  readonly deliveries: Map<string, Map<string, Delivery>>;
}

/** The metadata field by which a shop finds its payment again. */
export const orderField = 'order_id';

/** How many events are kept once all of them have arrived. */
const keptEvents = 10_000;

/** A processor that nobody has used yet. */
export function emptyState(): State {
  return {
    intents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    paymentMethods: new Map(),
    ledger: [],
    totals: new Map(),
    replies: new Map(),
    openReservations: new Map(),
    refundsByCharge: new Map(),
    chargesByIntent: new Map(),
    intentsByOrder: new Map(),
    linesByIntent: new Map(),
    unsettledRefunds: new Set(),
    disputes: new Map(),
    endpoints: new Map(),
    events: new Map(),
    deliveries: new Map(),
  };
}

/** Takes a change over. It judges nothing, so replaying a journal always gives the state that was there. */
export function apply(state: State, change: Change): void {
  switch (change.type) {
    case 'Intent':
      return applyIntent(state, change.intent);
    case 'Charge':
      return applyCharge(state, change.charge);
    case 'Refund':
      if (!state.refunds.has(change.refund.id))
        append(state.refundsByCharge, change.refund.charge, change.refund.id);
      state.refunds.set(change.refund.id, change.refund);
      if (change.refund.coming === null) state.unsettledRefunds.delete(change.refund.id);
      else state.unsettledRefunds.add(change.refund.id);
      return;
    case 'PaymentMethod':
      state.paymentMethods.set(change.paymentMethod.id, change.paymentMethod);
      return;
    case 'Ledger':
      return applyLine(state, change.line);
    case 'Reply':
      state.replies.delete(change.reply.key);
      state.replies.set(change.reply.key, change.reply);
      return;
    case 'KeysForgotten':
      for (const [key, reply] of state.replies)
        if (reply.storedAt < change.storedBefore) state.replies.delete(key);
      return;
    case 'Dispute':
      state.disputes.set(change.dispute.id, change.dispute);
      return;
    case 'Endpoint':
      state.endpoints.set(change.endpoint.id, change.endpoint);
      return;
    case 'EndpointRemoved':
      return removeEndpoint(state, change.id);
    case 'Event':
      state.events.set(change.event.id, change.event);
      return;
    case 'Delivery':
      return applyDelivery(state, change.delivery);
  }
}

function removeEndpoint(state: State, id: string): void {
  state.endpoints.delete(id);
  for (const deliveries of state.deliveries.values()) deliveries.delete(id);
}

function applyDelivery(state: State, delivery: Delivery): void {
  if (!state.events.has(delivery.event)) return;
  const known = state.deliveries.get(delivery.event) ?? new Map<string, Delivery>();
  state.deliveries.set(delivery.event, known.set(delivery.endpoint, delivery));
  for (const oldest of state.events.keys()) {
    const underWay = [...(state.deliveries.get(oldest)?.values() ?? [])].some(
      (one) => one.status === 'pending',
    );
    if (state.events.size <= keptEvents || underWay) return;
    state.events.delete(oldest);
    state.deliveries.delete(oldest);
  }
}

function applyIntent(state: State, intent: Intent): void {
  state.intents.set(intent.id, intent);
  if (intent.status !== 'requires_capture') state.openReservations.delete(intent.id);
  const order = intent.metadata[orderField];
  if (order === undefined) return;
  const known = state.intentsByOrder.get(order) ?? new Set();
  state.intentsByOrder.set(order, known.add(intent.id));
}

function applyCharge(state: State, charge: Charge): void {
  if (!state.charges.has(charge.id)) append(state.chargesByIntent, charge.intent, charge.id);
  state.charges.set(charge.id, charge);
  const open = charge.captureBefore !== null && !charge.captured && charge.amountReleased === 0;
  if (open && charge.captureBefore !== null) state.openReservations.set(charge.intent, charge.captureBefore);
  else state.openReservations.delete(charge.intent);
}

function applyLine(state: State, line: LedgerLine): void {
  state.ledger.push(line);
  append(state.linesByIntent, line.paymentIntent, line);
  const totals = state.totals.get(line.currency) ?? {
    reserved: 0,
    captured: 0,
    released: 0,
    refunded: 0,
    declined: 0,
    refund_reversed: 0,
    disputed: 0,
    lines: 0,
  };
  totals[line.kind] += line.amount;
  totals.lines += 1;
  state.totals.set(line.currency, totals);
}

function append<Value>(index: Map<string, Value[]>, key: string, value: Value): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [value]);
  else known.push(value);
}

/** The changes that lead from nothing to this state, each record once: what a shortened journal holds. */
export function* changesOf(state: State): Generator<Change> {
  for (const paymentMethod of state.paymentMethods.values()) yield { type: 'PaymentMethod', paymentMethod };
  for (const charge of state.charges.values()) yield { type: 'Charge', charge };
  for (const intent of state.intents.values()) yield { type: 'Intent', intent };
  for (const refund of state.refunds.values()) yield { type: 'Refund', refund };
  for (const line of state.ledger) yield { type: 'Ledger', line };
  for (const reply of state.replies.values()) yield { type: 'Reply', reply };
  for (const dispute of state.disputes.values()) yield { type: 'Dispute', dispute };
  for (const endpoint of state.endpoints.values()) yield { type: 'Endpoint', endpoint };
  for (const event of state.events.values()) {
    yield { type: 'Event', event };
    for (const delivery of state.deliveries.get(event.id)?.values() ?? [])
      yield { type: 'Delivery', delivery };
  }
}
