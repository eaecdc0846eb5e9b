// Do the books agree? Stored events against the card processor's ledger with its refunds, the stock ledger with what
// nobody found, the accepted mails, the notices and the order views. Every difference is one line.
import type { Observation } from '../../application/ports/observer.js';
import type { OrderId } from '../../domain/ids.js';
import { plusSeconds } from '../../domain/instant.js';
import type { NotificationKind, OrderEvent } from '../../domain/order/events.js';
import { fold } from '../../domain/order/evolve.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { finalPhases, type Phase, phaseOf } from '../../domain/order/phase.js';
import { situationOf } from '../../domain/process/situation.js';
import { orderIdNumbered, quantityOf } from '../support/ids.js';
import type { Checkout } from './checkout.js';
import { shelves, type Shoppers } from './people.js';

type Alarm = Extract<Observation, { readonly type: 'alarm' }>;

/** What a simulation came to. */
export type Balance = {
  readonly differences: readonly string[];
  readonly phases: ReadonlyMap<Phase, number>;
};

const mailsOf: Readonly<Partial<Record<Phase, readonly NotificationKind[]>>> = {
  Completed: ['order_confirmed', 'order_shipped'],
  Rejected: ['order_rejected'],
  Cancelled: ['order_cancelled'],
};

const allEvents = async ({ eventStore, answerOf }: Checkout): Promise<ReadonlyMap<OrderId, OrderEvent[]>> => {
  const page = answerOf(await eventStore.readAll(null, 1_000_000)());
  const streams = new Map<OrderId, OrderEvent[]>();
  for (const entry of page.events) {
    if (entry.type === 'unreadable') throw new Error(`unreadable event in ${entry.stream}`);
    const { orderId, event } = entry.stored;
    const stream = streams.get(orderId);
    if (stream === undefined) streams.set(orderId, [event]);
    else stream.push(event);
  }
  return streams;
};

const sumOf = (amounts: ReadonlyArray<{ readonly minor: number }>): number =>
  amounts.reduce((total, { minor }) => total + minor, 0);

const valueShipped = (order: PlacedOrder): number => {
  const { terms, fulfilment } = order;
  if (fulfilment.status !== 'shipped') return 0;
  const goods = terms.lines.map(({ lineNumber, unitPrice }) => {
    const picked = fulfilment.lines.find((line) => line.lineNumber === lineNumber)?.picked ?? 0;
    return { minor: unitPrice.minor * picked };
  });
  return sumOf(goods) + terms.delivery.minor;
};

const goodwillOf = (events: readonly OrderEvent[]): number => {
  const ids = events.flatMap((event) =>
    event.type === 'RefundRequested' && event.reason === 'goodwill' ? [event.refundId] : [],
  );
  return sumOf(
    events.flatMap((event) =>
      event.type === 'Refunded' && ids.includes(event.refundId) ? [event.amount] : [],
    ),
  );
};

const moneyDifferences = async (
  { ledger: { gateway, askedCards }, answerOf }: Checkout,
  orderId: OrderId,
  order: PlacedOrder,
  events: readonly OrderEvent[],
): Promise<readonly string[]> => {
  const payments = answerOf(await gateway.paymentsOf(orderId)());
  const attempts = payments.map(({ attempt }) => attempt);
  const cards = askedCards.filter((one) => one.orderId === orderId);
  const charged = payments.map((payment) => payment.charged).filter(({ minor }) => minor > 0);
  const refunded = sumOf(payments.map((payment) => payment.refunded));
  const stored = events.flatMap((event) => (event.type === 'Charged' ? [event.amount] : []));
  const storedBack = sumOf(events.flatMap((event) => (event.type === 'Refunded' ? [event.amount] : [])));
  const kept = sumOf(charged) - refunded;
  const owed = order.fulfilment.status === 'shipped' ? valueShipped(order) - goodwillOf(events) : 0;
  const differences: string[] = [];
  if (new Set(attempts).size < attempts.length) differences.push(`attempts ${attempts.join()}`);
  if (sumOf(payments.map(({ held }) => held)) > 0) differences.push('money is still held');
  if (payments.some(({ state }) => state === 'authenticating')) differences.push('a challenge is left open');
  if (sumOf(payments.map(({ refunding }) => refunding)) > 0) differences.push('a refund is left open');
  if (charged.length > 1) differences.push(`charged ${String(charged.length)} times`);
  if (kept !== owed) differences.push(`kept ${String(kept)}, owed ${String(owed)}`);
  if (sumOf(stored) !== sumOf(charged)) differences.push(`stored as charged ${String(sumOf(stored))}`);
  if (storedBack !== refunded) differences.push(`refunded ${String(refunded)}, stored ${String(storedBack)}`);
  const again = cards.some(({ card, attempt }) =>
    cards.some((one) => one.card === card && one.declinedAs === 'hard' && one.attempt < attempt),
  );
  if (again) differences.push('a card was tried again that was refused for good');
  return differences;
};

/** What must never follow one another in a stream. */
const orderDifferences = (events: readonly OrderEvent[]): readonly string[] => {
  const differences: string[] = [];
  let holds = 0;
  let charged = false;
  let offTheShelf = false;
  for (const event of events) {
    if (event.type === 'HoldPlaced') holds += 1;
    if (event.type === 'HoldReleased') holds -= 1;
    if (event.type === 'Charged') charged = true;
    if (event.type === 'Picked') offTheShelf = event.lines.some(({ picked }) => picked > 0);
    if (event.type === 'GoodsPutBack') offTheShelf = false;
    if (holds > 0 && (event.type === 'ChargeRequested' || event.type === 'Shipped')) {
      differences.push(`${event.type} while on hold`);
    }
    if (event.type === 'Shipped' && !charged) differences.push('shipped uncharged');
    if (event.type === 'StockReleased' && offTheShelf) differences.push('released what lies in a tote');
  }
  return differences;
};

const mailDifferences = (
  order: PlacedOrder,
  events: readonly OrderEvent[],
  accepted: ReadonlyArray<{ readonly key: string; readonly kind: NotificationKind }>,
): readonly string[] => {
  const differences: string[] = [];
  const { orderId } = order.terms;
  const keys = new Set(
    order.notifications.map((one) => `${orderId}:${one.kind}:${String(one.factRevision)}`),
  );
  for (const { key } of accepted) if (!keys.has(key)) differences.push(`a mail ${key} without its fact`);
  for (const { kind, factRevision, status } of order.notifications) {
    const count = accepted.filter(({ key }) => key === `${orderId}:${kind}:${String(factRevision)}`).length;
    const doubts = events.filter(
      (event) =>
        event.type === 'NotificationPossiblySent' &&
        event.kind === kind &&
        event.factRevision === factRevision,
    );
    if (count > 1 + Math.min(1, doubts.length)) differences.push(`${String(count)} mails ${kind}`);
    if (status === 'sent' && count === 0) differences.push(`no mail ${kind}`);
  }
  for (const kind of mailsOf[phaseOf(order)] ?? []) {
    const status = order.notifications.find((one) => one.kind === kind)?.status;
    const isThere = accepted.some((mail) => mail.kind === kind);
    if (!isThere && status !== 'possibly_sent') differences.push(`no mail ${kind}`);
  }
  if (situationOf(order).mailsDue.length > 0) differences.push('a mail was never sent');
  return differences;
};

const stockDifferences = async (
  { stock, answerOf, scheduler }: Checkout,
  orders: readonly PlacedOrder[],
): Promise<readonly string[]> => {
  const gone = new Map<string, number>();
  const missing = new Map<string, number>();
  const count = (book: Map<string, number>, code: string, units: number): void =>
    void book.set(code, (book.get(code) ?? 0) + units);
  for (const { terms, fulfilment } of orders) {
    if (fulfilment.status === 'waiting') continue;
    for (const { code, lineNumber } of terms.lines) {
      const line = fulfilment.lines.find((one) => one.lineNumber === lineNumber);
      count(missing, code, line?.short ?? 0);
      if (fulfilment.status === 'shipped') count(gone, code, line?.picked ?? 0);
    }
  }
  const levels = answerOf(await stock.levels(shelves.map(({ code }) => code))());
  const differences = shelves.flatMap(({ code, units }) => {
    const found = levels.find((level) => level.code === code);
    const left = units - (gone.get(code) ?? 0);
    const short = missing.get(code) ?? 0;
    return found?.onHand === left && found.missing === short
      ? []
      : [
          `${code}: ${JSON.stringify(found)}, by the orders ${String(left)} on hand, ${String(short)} missing`,
        ];
  });
  // Whatever is on the shelves can be had by somebody else once every hold of a dead worker is over.
  const later = plusSeconds(scheduler.now(), 3_600);
  const [order] = orders;
  const lines = levels.flatMap(({ code, onHand, missing: lost }, index) =>
    order === undefined || onHand === lost
      ? []
      : [
          {
            ...{
              lineNumber: index + 1,
              code,
              description: 'Everything',
              quantity: quantityOf(onHand - lost),
            },
            unitPrice: order.terms.total,
          },
        ],
  );
  const probe = answerOf(await stock.reserve(orderIdNumbered(999_999), lines, later, later)());
  return probe.type === 'reserved' ? differences : [...differences, 'goods are held for nobody'];
};

/** Compares all books. */
export const reconcile = async (checkout: Checkout, shoppers: Shoppers): Promise<Balance> => {
  const { views, mails, alarms, ledger, notices, service, answerOf } = checkout;
  const streams = await allEvents(checkout);
  const phases = new Map<Phase, number>();
  const differences: string[] = [];
  const orders: PlacedOrder[] = [];
  for (const [orderId, events] of streams) {
    const order = fold(events);
    if (order.type === 'no_order') {
      differences.push(`${orderId}: no order in its stream`);
      continue;
    }
    orders.push(order);
    const phase = phaseOf(order);
    phases.set(phase, (phases.get(phase) ?? 0) + 1);
    const accepted = mails.filter((mail) => mail.orderId === orderId);
    const view = answerOf(await views.find(orderId)());
    const found = [
      ...(finalPhases.has(phase)
        ? []
        : [
            `ended as ${phase} after ${events
              .map(({ type }) => type)
              .slice(-12)
              .join(', ')}`,
          ]),
      ...(shoppers.placed.has(orderId) ? [] : ['nobody was told of it']),
      ...(view?.phase === phase && view.revision === order.revision
        ? []
        : [`shown as ${String(view?.phase)}`]),
      ...(await moneyDifferences(checkout, orderId, order, events)),
      ...orderDifferences(events),
      ...mailDifferences(order, events, accepted),
    ];
    differences.push(...found.map((what) => `${orderId}: ${what}`));
  }
  const lost = [...shoppers.placed].filter((orderId) => !streams.has(orderId));
  differences.push(...lost.map((orderId) => `${orderId}: told to its shopper and not stored`));
  const strays = ledger.gateway.ledger().filter(({ orderId }) => !streams.has(orderId));
  differences.push(...strays.map(({ orderId }) => `${orderId}: money held for no order`));
  differences.push(...notices.waiting().map(({ problem }) => `a notice waits: ${String(problem)}`));
  // An order that an operator held when it was charged waits for its carrier, and people are called.
  const wasHeld = ({ orderId }: Alarm): boolean =>
    orderId !== null && streams.get(orderId)?.some(({ type }) => type === 'HoldPlaced') === true;
  const isExpected = (alarm: Alarm): boolean =>
    alarm.what.startsWith('charged, and not handed to the carrier') && wasHeld(alarm);
  differences.push(...alarms.filter((alarm) => !isExpected(alarm)).map((alarm) => JSON.stringify(alarm)));
  differences.push(...(await stockDifferences(checkout, orders)));
  if (service.openCount() > 0) differences.push(`${service.openCount()} processes never ended`);
  return { differences, phases };
};
