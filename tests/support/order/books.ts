// What must add up once an order's process has ended, read from the books of the card processor, the stock ledger, the
// mail service and the floor, and compared with the order's own facts.
import { expect } from 'vitest';
import type { NotificationKind, OrderEvent } from '../../../domain/order/events.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import { type Phase, phaseOf } from '../../../domain/order/phase.js';
import { situationOf } from '../../../domain/process/situation.js';
import { orderId } from '../examples.js';
import { right, type World } from './world.js';

/** How an order may end, with the mails that tell of it. */
const mailsOf: Readonly<Partial<Record<Phase, readonly NotificationKind[]>>> = {
  Completed: ['order_confirmed', 'order_shipped'],
  Rejected: ['order_rejected'],
  Cancelled: ['order_cancelled'],
};

const sumOf = (amounts: ReadonlyArray<{ readonly minor: number }>): number =>
  amounts.reduce((total, { minor }) => total + minor, 0);

/** Units picked and short of each line, from the facts. */
const unitsOf = (events: readonly OrderEvent[]) =>
  [1, 2].map((lineNumber) => {
    const lines = events.flatMap((event) => (event.type === 'Picked' ? event.lines : []));
    const line = lines.find((candidate) => candidate.lineNumber === lineNumber);
    return { picked: line?.picked ?? 0, short: line?.short ?? 0 };
  });

const prices = [255, 1275] as const;
const delivery = 500;

/** What the goods cost that left the building, delivery included. */
const valueShipped = (events: readonly OrderEvent[]): number => {
  if (!events.some(({ type }) => type === 'Shipped')) return 0;
  const goods = unitsOf(events).reduce((sum, { picked }, index) => sum + picked * (prices[index] ?? 0), 0);
  return goods + delivery;
};

/** Nothing was charged or shipped while a hold stood, and nothing shipped before its charge. */
const expectOrderliness = (events: readonly OrderEvent[]): void => {
  const holds = new Set<string>();
  const broken: string[] = [];
  let charged = false;
  for (const event of events) {
    if (event.type === 'HoldPlaced') holds.add(event.reason);
    if (event.type === 'HoldReleased') holds.delete(event.reason);
    if (event.type === 'Charged') charged = true;
    if (holds.size > 0 && (event.type === 'ChargeRequested' || event.type === 'Shipped')) {
      broken.push(`${event.type} while on hold`);
    }
    if (event.type === 'Shipped' && !charged) broken.push('shipped uncharged');
  }
  expect(broken).toStrictEqual([]);
};

/** The processor's books agree with the facts, and no card was bothered that was refused for good. */
const expectMoney = async (world: World, events: readonly OrderEvent[], phase: Phase): Promise<void> => {
  const { gateway, askedCards } = world.processor;
  const payments = right('payments', await gateway.paymentsOf(orderId)());
  expect(sumOf(payments.map(({ held }) => held)), 'money still held').toBe(0);
  expect(payments.filter(({ state }) => state === 'authenticating')).toStrictEqual([]);
  const attempts = payments.map(({ attempt }) => attempt);
  expect(attempts, 'attempts with more than one payment').toStrictEqual([...new Set(attempts)]);
  const lines = gateway.ledger();
  expect(lines.filter(({ kind }) => kind === 'captured').length).toBeLessThanOrEqual(1);
  // What the books say happened is what the order's facts say.
  const charges = events.flatMap((event) => (event.type === 'Charged' ? [event.amount.minor] : []));
  expect(payments.flatMap(({ charged }) => (charged.minor > 0 ? [charged.minor] : []))).toStrictEqual(
    charges,
  );
  const refunds = events.flatMap((event) => (event.type === 'Refunded' ? [event.amount.minor] : []));
  const refunded = lines.flatMap(({ kind, amount }) => (kind === 'refunded' ? [amount.minor] : []));
  const sorted = (amounts: readonly number[]) => [...amounts].sort((one, other) => one - other);
  expect(sorted(refunded), 'refunds').toStrictEqual(sorted(refunds));
  expect(sumOf(payments.map(({ refunding }) => refunding))).toBe(0);
  // What is kept is what was shipped, less what operators gave back.
  const goodwill = events.flatMap((event) =>
    event.type === 'RefundRequested' && event.reason !== 'cancellation' ? [event] : [],
  );
  const given = events.flatMap((event) =>
    event.type === 'Refunded' && goodwill.some(({ refundId }) => refundId === event.refundId)
      ? [event.amount]
      : [],
  );
  const kept = sumOf(payments.map(({ charged }) => charged)) - sumOf(refunds.map((minor) => ({ minor })));
  const owed = phase === 'Completed' ? valueShipped(events) - sumOf(given) : 0;
  expect(kept, 'money kept').toBe(owed);
  if (phase === 'Rejected') expect(payments).toStrictEqual([]);
  const again = askedCards.filter(({ card, attempt }) =>
    askedCards.some((one) => one.card === card && one.declinedAs === 'hard' && one.attempt < attempt),
  );
  expect(again, 'cards tried again that were refused for good').toStrictEqual([]);
};

/** The shelves hold what was not shipped, less what nobody found, and nothing is kept for anybody. */
const expectGoods = async (world: World, events: readonly OrderEvent[]): Promise<void> => {
  const { hearts, stands } = world.shelves;
  const shipped = events.some(({ type }) => type === 'Shipped');
  const [heartUnits = { picked: 0, short: 0 }, standUnits = { picked: 0, short: 0 }] = unitsOf(events);
  const level = (units: number, { picked, short }: typeof heartUnits) => ({
    ...{ onHand: shipped ? units - picked : units, held: 0, missing: short },
  });
  expect(await world.levels()).toStrictEqual([level(stands, standUnits), level(hearts, heartUnits)]);
  if (!shipped) expect(world.goods()).toBe('on the shelf');
};

/** Each mail that is told, once; twice at most, and then the order knows that it may have been. */
const expectMails = (
  world: World,
  order: PlacedOrder,
  events: readonly OrderEvent[],
  severalFaults: boolean,
): void => {
  const phase = phaseOf(order);
  const told = order.notifications.map(({ kind, factRevision }) => `${orderId}:${kind}:${factRevision}`);
  expect(world.mails.filter(({ key }) => !told.includes(key))).toStrictEqual([]);
  for (const { kind, factRevision, status } of order.notifications) {
    const isThis = (event: OrderEvent): boolean =>
      event.type === 'NotificationPossiblySent' && event.kind === kind && event.factRevision === factRevision;
    const count = world.mails.filter(({ key }) => key === `${orderId}:${kind}:${factRevision}`).length;
    expect(count, `mails ${kind}`).toBeLessThanOrEqual(1 + Math.min(events.filter(isThis).length, 1));
    if (status === 'sent') expect(count).toBeGreaterThanOrEqual(1);
    if (kind === 'order_refunded' && !severalFaults) expect(count).toBeGreaterThanOrEqual(1);
  }
  expect(situationOf(order).mailsDue).toStrictEqual([]);
  for (const kind of ['order_confirmed', 'order_shipped', 'order_rejected', 'order_cancelled'] as const) {
    const count = world.mails.filter((mail) => mail.kind === kind).length;
    const isDue = mailsOf[phase]?.includes(kind) === true;
    const status = order.notifications.find((notification) => notification.kind === kind)?.status;
    if (isDue && !(severalFaults && status === 'possibly_sent')) {
      expect(count, `mails ${kind}`).toBeGreaterThanOrEqual(1);
    }
    if (!isDue && (kind !== 'order_confirmed' || phase === 'Rejected')) expect(count).toBe(0);
  }
};

/**
 * The books balance, and the order stands in one of these final phases. Answers with the phase. After
 * several faults a mail and its one repeat may both have come to nothing, and then the order knows that it is in doubt.
 */
export const expectCleanSlate = async (
  world: World,
  ends: readonly Phase[],
  severalFaults = false,
): Promise<Phase> => {
  const order = await world.order();
  const events = await world.events();
  const phase = phaseOf(order);
  expect(ends).toContain(phase);
  await expectMoney(world, events, phase);
  await expectGoods(world, events);
  expectOrderliness(events);
  expectMails(world, order, events, severalFaults);
  return phase;
};

/**
 * What must hold at any moment: money is taken at most once and never more than was held, no more goes back than was
 * taken, no attempt has two payments, and nothing is shipped or charged out of turn.
 */
export const expectSoundBooks = async (world: World): Promise<void> => {
  const { gateway } = world.processor;
  const payments = right('payments', await gateway.paymentsOf(orderId)());
  const lines = gateway.ledger();
  expect(lines.filter(({ kind }) => kind === 'captured').length, 'captures').toBeLessThanOrEqual(1);
  for (const { attempt, charged, refunded, refunding } of payments) {
    const given = refunded.minor + refunding.minor;
    expect(given, `refunds of attempt ${String(attempt)}`).toBeLessThanOrEqual(charged.minor);
    expect(charged.minor, `charge of attempt ${String(attempt)}`).toBeLessThanOrEqual(4_580);
  }
  const attempts = payments.map(({ attempt }) => attempt);
  expect(attempts, 'attempts with more than one payment').toStrictEqual([...new Set(attempts)]);
  expectOrderliness(await world.events());
};
