// Do the books agree? Stored events against the card processor's ledger, the stock ledger, the accepted mails and the
// order views. Every difference is one line.
import type { OrderId } from '../../domain/ids.js';
import { plusSeconds } from '../../domain/instant.js';
import type { NotificationKind, OrderEvent } from '../../domain/order/events.js';
import { fold, type PlacedOrder } from '../../domain/order/order.js';
import { finalPhases, type Phase, phaseOf } from '../../domain/order/phase.js';
import { orderIdNumbered, quantityOf } from '../support/ids.js';
import type { Checkout } from './checkout.js';
import { shelves, type Shoppers } from './people.js';

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
const mailKinds = ['order_confirmed', 'order_shipped', 'order_rejected', 'order_cancelled'] as const;

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

const moneyDifferences = (
  { ledger }: Checkout,
  orderId: OrderId,
  order: PlacedOrder,
  events: readonly OrderEvent[],
): readonly string[] => {
  const entries = ledger.entries.filter((entry) => entry.orderId === orderId);
  const charged = entries.flatMap((entry) => (entry.charged === null ? [] : [entry.charged.minor]));
  const due = phaseOf(order) === 'Completed' ? [order.terms.total.minor] : [];
  const stored = events.flatMap((event) => (event.type === 'Charged' ? [event.amount.minor] : []));
  const differences: string[] = [];
  if (entries.length > 1) differences.push(`${entries.length} attempts to reserve`);
  if (entries.some(({ status }) => status === 'live')) differences.push('money is still held');
  if (charged.join() !== due.join()) differences.push(`charged ${charged.join()}, due ${due.join()}`);
  if (stored.join() !== charged.join()) differences.push(`stored as charged ${stored.join()}`);
  return differences;
};

const mailDifferences = (
  order: PlacedOrder,
  events: readonly OrderEvent[],
  accepted: readonly NotificationKind[],
): readonly string[] =>
  mailKinds.flatMap((kind) => {
    const count = accepted.filter((one) => one === kind).length;
    const doubts = events.filter((event) => event.type === 'NotificationPossiblySent' && event.kind === kind);
    const status = order.notifications.find((one) => one.kind === kind)?.status;
    const wanted = mailsOf[phaseOf(order)]?.includes(kind) === true;
    const differences: string[] = [];
    if (count > 1 + Math.min(1, doubts.length)) differences.push(`${count} mails ${kind}`);
    if (wanted && count === 0 && status !== 'possibly_sent') differences.push(`no mail ${kind}`);
    if (count > 0 && status === undefined) differences.push(`a mail ${kind} without its fact`);
    return differences;
  });

const stockDifferences = async (
  { stock, answerOf, scheduler }: Checkout,
  orders: readonly PlacedOrder[],
): Promise<readonly string[]> => {
  const gone = new Map<string, number>();
  for (const order of orders.filter((one) => phaseOf(one) === 'Completed')) {
    for (const { code, quantity } of order.terms.lines) gone.set(code, (gone.get(code) ?? 0) + quantity);
  }
  const levels = answerOf(await stock.levels(shelves.map(({ code }) => code))());
  const differences = shelves.flatMap(({ code, units }) => {
    const found = levels.find((level) => level.code === code)?.onHand;
    const left = units - (gone.get(code) ?? 0);
    return found === left ? [] : [`${code}: ${String(found)} on hand, ${left} left by the orders`];
  });
  // Whatever is on the shelves can be had by somebody else once every hold of a dead worker is over.
  const later = plusSeconds(scheduler.now(), 3_600);
  const [order] = orders;
  const lines = levels.flatMap(({ code, onHand }, index) =>
    order === undefined || onHand === 0
      ? []
      : [
          {
            ...{ lineNumber: index + 1, code, description: 'Everything', quantity: quantityOf(onHand) },
            unitPrice: order.terms.total,
          },
        ],
  );
  const probe = answerOf(await stock.reserve(orderIdNumbered(999_999), lines, later, later)());
  return probe.type === 'reserved' ? differences : [...differences, 'goods are held for nobody'];
};

/** Compares all books. */
export const reconcile = async (checkout: Checkout, shoppers: Shoppers): Promise<Balance> => {
  const { views, mails, alarms, ledger, service, answerOf } = checkout;
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
    const accepted = mails.filter((mail) => mail.orderId === orderId).map(({ kind }) => kind);
    const view = answerOf(await views.find(orderId)());
    const found = [
      ...(finalPhases.has(phase) ? [] : [`ended as ${phase}`]),
      ...(shoppers.placed.has(orderId) ? [] : ['nobody was told of it']),
      ...(view?.phase === phase && view.revision === order.revision
        ? []
        : [`shown as ${String(view?.phase)}`]),
      ...moneyDifferences(checkout, orderId, order, events),
      ...mailDifferences(order, events, accepted),
    ];
    differences.push(...found.map((what) => `${orderId}: ${what}`));
  }
  const lost = [...shoppers.placed].filter((orderId) => !streams.has(orderId));
  differences.push(...lost.map((orderId) => `${orderId}: told to its shopper and not stored`));
  const strays = ledger.entries.filter(({ orderId }) => !streams.has(orderId));
  differences.push(...strays.map(({ orderId }) => `${orderId}: money held for no order`));
  differences.push(...alarms.map((alarm) => JSON.stringify(alarm)));
  differences.push(...(await stockDifferences(checkout, orders)));
  if (service.openCount() > 0) differences.push(`${service.openCount()} processes never ended`);
  return { differences, phases };
};
