// What must hold for every stream that can happen, told from its facts alone and compared with what the order says.
import { expect } from 'vitest';
import type { OrderEvent } from '../../../../domain/order/events.js';
import { evolve } from '../../../../domain/order/evolve.js';
import { initial, type Order, type PlacedOrder, reservationOf } from '../../../../domain/order/order.js';
import { finalPhases, phaseOf } from '../../../../domain/order/phase.js';

/** The order after each of the facts. */
export const ordersAlong = (events: readonly OrderEvent[]): readonly PlacedOrder[] => {
  const orders: PlacedOrder[] = [];
  let order: Order = initial;
  for (const event of events) {
    order = evolve(order, event);
    if (order.type === 'placed_order') orders.push(order);
  }
  return orders;
};

/** The facts of one type. */
export const of = <Type extends OrderEvent['type']>(events: readonly OrderEvent[], type: Type) =>
  events.filter((event): event is Extract<OrderEvent, { readonly type: Type }> => event.type === type);

/** What the facts say about the money: reservations in the world, requests without an answer, amounts. */
type Purse = {
  readonly live: ReadonlyMap<number, number>;
  readonly openReservations: ReadonlySet<number>;
  readonly openCharge: number | null;
  readonly openRefunds: ReadonlyMap<string, number>;
  readonly captured: number;
  readonly refunded: number;
};

const emptyPurse: Purse = {
  live: new Map(),
  openReservations: new Set(),
  openCharge: null,
  openRefunds: new Map(),
  captured: 0,
  refunded: 0,
};

const without = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> =>
  new Map([...map].filter(([known]) => known !== key));
const lacking = (set: ReadonlySet<number>, key: number): ReadonlySet<number> =>
  new Set([...set].filter((known) => known !== key));

/** `charged` is the attempt whose reservation a charge took; only the order knows which one that was. */
const spend = (purse: Purse, event: OrderEvent, charged: number | null): Purse => {
  const { live, openReservations, openRefunds } = purse;
  if (event.type === 'CardReservationRequested') {
    return { ...purse, openReservations: new Set([...openReservations, event.attempt]) };
  }
  if (event.type === 'CardReserved') {
    const { attempt, amount } = event.reservation;
    const held = new Map([...live, [attempt, amount.minor]]);
    return { ...purse, live: held, openReservations: lacking(openReservations, attempt) };
  }
  if (event.type === 'CardDeclined') {
    return { ...purse, openReservations: lacking(openReservations, event.attempt) };
  }
  if (event.type === 'CardReservationVoided' || event.type === 'CardReservationExpired') {
    const { attempt } = event;
    return {
      ...purse,
      live: without(live, attempt),
      openReservations: lacking(openReservations, attempt),
    };
  }
  if (event.type === 'ChargeRequested') return { ...purse, openCharge: event.attempt };
  if (event.type === 'ChargeFailed') return { ...purse, openCharge: null };
  if (event.type === 'Charged') {
    const left = charged === null ? live : without(live, charged);
    return { ...purse, openCharge: null, captured: purse.captured + event.amount.minor, live: left };
  }
  if (event.type === 'RefundRequested') {
    return { ...purse, openRefunds: new Map([...openRefunds, [event.refundId, event.amount.minor]]) };
  }
  if (event.type === 'Refunded') {
    const refunded = purse.refunded + event.amount.minor;
    return { ...purse, openRefunds: without(openRefunds, event.refundId), refunded };
  }
  return event.type === 'RefundFailed'
    ? { ...purse, openRefunds: without(openRefunds, event.refundId) }
    : purse;
};

const wanted = (order: PlacedOrder): readonly number[] => {
  const { payment, surplus } = order;
  const inForce = payment.status === 'charged' ? null : reservationOf(payment);
  return [...(inForce === null ? [] : [inForce.attempt]), ...surplus.map(({ attempt }) => attempt)];
};

const sorted = (numbers: Iterable<number>): readonly number[] => [...numbers].sort((a, b) => a - b);

const checkMoney = (events: readonly OrderEvent[], orders: readonly PlacedOrder[]): void => {
  let purse = emptyPurse;
  for (const [index, event] of events.entries()) {
    const order = orders[index];
    if (order === undefined) throw new Error('a history begins with its first fact');
    if (event.type === 'CardReservationRequested' || event.type === 'ChargeRequested') {
      // Nothing else is asked for while an answer is awaited or unknown.
      expect(purse.openReservations.size).toBe(0);
      expect(purse.openCharge).toBeNull();
      expect(purse.captured).toBe(0);
    }
    if (event.type === 'Charged') expect(event.attempt).toBe(purse.openCharge);
    const charged = event.type === 'Charged' ? (reservationOf(order.payment)?.attempt ?? null) : null;
    if (event.type === 'Charged') {
      // Captured is covered by a reservation that is alive in the facts.
      expect(purse.live.get(charged ?? 0) ?? 0).toBeGreaterThanOrEqual(event.amount.minor);
    }
    purse = spend(purse, event, charged);
    // Every reservation in the world is either the one in force or on its way out: none forgotten, none invented.
    expect(sorted(wanted(order))).toStrictEqual(sorted(purse.live.keys()));
    const pending = [...purse.openRefunds.values()].reduce((total, minor) => total + minor, 0);
    expect(purse.refunded + pending).toBeLessThanOrEqual(purse.captured);
    if (event.type === 'OrderCancelled') {
      expect(purse.live.size + purse.openReservations.size + purse.openRefunds.size).toBe(0);
      expect(purse.openCharge).toBeNull();
      expect(purse.captured - purse.refunded).toBe(0);
    }
  }
};

const finalTypes: ReadonlySet<OrderEvent['type']> = new Set([
  'OrderRejected',
  'OrderCancelled',
  'OrderCompleted',
] as const);

/** Facts that may follow the end: money that moves back or is let go, mails, the carrier, the bank. */
const afterTheEnd: ReadonlySet<OrderEvent['type']> = new Set([
  'CardReservationVoided',
  'CardReservationExpired',
  'RefundRequested',
  'Refunded',
  'RefundFailed',
  'RefundOutcomeUnknown',
  'PaymentDisputed',
  'Delivered',
  'NotificationRequested',
  'NotificationSent',
  'NotificationPossiblySent',
  'NotificationNotSent',
  'NotificationBounced',
] as const);

const checkEnd = (events: readonly OrderEvent[], orders: readonly PlacedOrder[]): void => {
  const end = events.findIndex(({ type }) => finalTypes.has(type));
  expect(orders.findIndex((order) => finalPhases.has(phaseOf(order)))).toBe(end);
  if (end < 0) return;
  const later = events.slice(end + 1).map(({ type }) => type);
  expect(later.filter((type) => !afterTheEnd.has(type))).toStrictEqual([]);
  const [last, first] = [orders.at(-1), orders[end]];
  if (last === undefined || first === undefined) throw new Error('a history has orders');
  expect(phaseOf(last)).toBe(phaseOf(first));
  if (phaseOf(last) === 'Rejected') {
    expect(events.filter(({ type }) => /^(Card|Charge|Refund)/.test(type))).toStrictEqual([]);
  }
  if (phaseOf(last) !== 'Completed') {
    const held = events.some(({ type }) => type === 'StockReserved' || type === 'StockCommitted');
    const given = events.some(({ type }) => type === 'StockReleased' || type === 'StockUnavailable');
    expect(held && !given).toBe(false);
    const taken = of(events, 'Picked').some(({ lines }) => lines.some(({ picked }) => picked > 0));
    if (taken) expect(of(events, 'GoodsPutBack')).toHaveLength(1);
  }
};

/** Fails when a name comes twice. */
export const areDistinct = (names: readonly unknown[]): void => {
  expect(names).toStrictEqual([...new Set(names)]);
};

const checkAnswers = (events: readonly OrderEvent[]): void => {
  areDistinct(
    [
      ...of(events, 'CardReservationRequested'),
      ...of(events, 'ChargeRequested'),
      ...of(events, 'RefundRequested'),
    ].map(({ key }) => key),
  );
  // An approval that our own rules refuse is a result with its reason, not two results.
  const declines = of(events, 'CardDeclined').filter(({ decline }) => decline.class !== 'policy');
  areDistinct([
    ...of(events, 'CardReserved').map(({ reservation }) => reservation.attempt),
    ...declines.map(({ attempt }) => attempt),
  ]);
  areDistinct(of(events, 'CardDeclined').map(({ attempt }) => attempt));
  areDistinct([
    ...of(events, 'CardReservationVoided').map(({ attempt }) => attempt),
    ...of(events, 'CardReservationExpired').map(({ attempt }) => attempt),
  ]);
  areDistinct([...of(events, 'Charged'), ...of(events, 'ChargeFailed')].map(({ attempt }) => attempt));
  areDistinct(of(events, 'RefundRequested').map(({ refundId }) => refundId));
  areDistinct([...of(events, 'Refunded'), ...of(events, 'RefundFailed')].map(({ refundId }) => refundId));
  expect(of(events, 'Charged').length).toBeLessThanOrEqual(1);
  expect(of(events, 'PaymentDisputed').length).toBeLessThanOrEqual(1);
};

const checkGoods = (events: readonly OrderEvent[]): void => {
  const types = events.map(({ type }) => type);
  const shipped = types.indexOf('Shipped');
  if (shipped >= 0) expect(types.slice(0, shipped)).toContain('Charged');
  for (const type of ['Picked', 'Packed', 'Shipped', 'Delivered', 'GoodsPutBack'] as const) {
    expect(of(events, type).length).toBeLessThanOrEqual(1);
  }
};

/** Throws when the facts break a rule that every stream keeps. */
export const checkStream = (events: readonly OrderEvent[]): void => {
  const orders = ordersAlong(events);
  checkMoney(events, orders);
  checkEnd(events, orders);
  checkAnswers(events);
  checkGoods(events);
};
