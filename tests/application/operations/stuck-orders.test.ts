// The finder of stuck orders: what is listed, with which remedy, over pages of views that may be behind.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { stuckPage } from '../../../adapters/cli/stuck-page.js';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { findStuckOrders, type StuckPorts } from '../../../application/operations/stuck-orders.js';
import { isPosition, type UnreadableEvent } from '../../../application/ports/event-store.js';
import type { UnfinishedNotice } from '../../../application/ports/payment-notices.js';
import { type OrderView, orderViewOf } from '../../../application/read-models/order-view.js';
import type { OrderId } from '../../../domain/ids.js';
import type { OrderEvent, OrderPlaced } from '../../../domain/order/events.js';
import { fold } from '../../../domain/order/evolve.js';
import { defaultSettings } from '../../../domain/process/limits.js';
import * as the from '../../support/examples.js';
import { histories, type StateName } from '../../support/histories.js';
import { checked, commandIdNumbered, orderIdNumbered } from '../../support/ids.js';
import { right, virtualClock } from '../../support/order/world.js';

type Placed = { readonly orderId: OrderId; readonly state: StateName; readonly viewOf?: StateName };

const eventsOf = (orderId: OrderId, state: StateName): readonly OrderEvent[] =>
  histories[state].events.map((event) =>
    event.type === 'OrderPlaced' ? ({ ...event, orderId } satisfies OrderPlaced) : event,
  );

const viewFor = (orderId: OrderId, state: StateName): OrderView => {
  const events = eventsOf(orderId, state);
  const order = fold(events);
  if (order.type === 'no_order') throw new Error(`${state} is no order`);
  return orderViewOf(order, order.revision, events.at(-1)?.at ?? order.terms.at);
};

/** Orders with their views, three on a page; `after` says how long after the opening it is now. */
const shopWith = async (
  placed: readonly Placed[],
  seconds: number,
  parked: readonly UnreadableEvent[] = [],
  notices: readonly UnfinishedNotice[] = [],
) => {
  const { system, advanceTo } = virtualClock();
  advanceTo(the.after(seconds));
  const eventStore = inMemoryEventStore(system);
  for (const { orderId, state } of placed) {
    const stored = eventsOf(orderId, state).map((event) => ({
      eventId: system.newId(),
      event,
      metadata: {
        commandId: commandIdNumbered(1),
        correlationId: 'before',
        actor: { type: 'worker', name: 'worker' } as const,
      },
    }));
    right('store', await eventStore.append(orderId, { type: 'no_stream' }, stored)());
  }
  const views = placed.map(({ orderId, state, viewOf }) => viewFor(orderId, viewOf ?? state));
  const pages: number[] = [];
  const orderViews: StuckPorts['orderViews'] = {
    list:
      ({ phase, after }) =>
      async () => {
        const ofPhase = views.filter((view) => view.phase === phase);
        const from =
          after === undefined ? 0 : ofPhase.findIndex(({ orderId }) => orderId === after.orderId) + 1;
        const page = ofPhase.slice(from, from + 3);
        pages.push(page.length);
        const last = page.at(-1);
        const next = last === undefined || from + 3 >= ofPhase.length ? null : last;
        return E.right({ views: page, next });
      },
    parked: () => async () => E.right(parked),
  };
  const found = await findStuckOrders(
    { orderViews, eventStore, system, notices: { unfinished: () => async () => E.right(notices) } },
    { settings: defaultSettings, endedPlacedAfter: the.opening },
  )();
  return { found: right('find', found), pages };
};

const day = 86_400;
const one = orderIdNumbered(1);
const two = orderIdNumbered(2);

describe('orders that are stuck', () => {
  it.each([
    ['placed', 'a worker', 'AuthenticateCustomer', 'order retry'],
    ['reservationUnknown', 'the card processor', 'the lost answer to ReserveCard.1', 'order resync'],
    ['onHold', 'an operator', 'release of the hold: fraud', 'order release'],
    ['picked', 'the floor', 'Pack', 'order release-claim'],
    ['refundFailed', 'an operator', 'refund r-1 failed', 'order refund'],
    ['cancellingFree', 'a worker', 'CancelOrder', 'order retry'],
  ] as const)('%s: from %s, %s, %s', async (state, from, awaited, remedy) => {
    const { found } = await shopWith([{ orderId: one, state }], 3 * day);
    expect(found.orders.map(({ orderId }) => orderId)).toEqual([one]);
    const line = stuckPage(found)
      .text.split('\n')
      .find((text) => text.includes(one));
    for (const words of [awaited, from, remedy]) expect(line).toContain(words);
  });

  it('are listed longest first, over all pages, and none that is fine', async () => {
    const many = Array.from({ length: 8 }, (_, index): Placed => ({
      orderId: orderIdNumbered(10 + index),
      state: 'released',
    }));
    const { found, pages } = await shopWith([...many, { orderId: one, state: 'placed' }], 2 * day);
    expect(found.looked).toBe(9);
    expect(found.orders).toHaveLength(9);
    expect(found.orders[0]?.orderId).toBe(one);
    expect(pages.filter((length) => length > 0)).toEqual([1, 3, 3, 2]);
    const soon = await shopWith(many, 2_100);
    expect(soon.found.orders).toEqual([]);
    expect(stuckPage(soon.found).text).toBe('No order is stuck; 8 orders looked at.');
  });

  it('are not those whose list is only behind', async () => {
    const { found } = await shopWith([{ orderId: one, state: 'completed', viewOf: 'picked' }], 2 * day);
    expect(found.orders.flatMap(({ overdue }) => overdue.map(({ fact }) => fact))).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ step: { name: 'Pack' } })]),
    );
    expect(found.orders.every(({ phase }) => phase === 'Completed')).toBe(true);
  });

  it('come with the streams that nobody can read', async () => {
    const event: UnreadableEvent = {
      type: 'unreadable',
      stream: `order-${two}`,
      revision: 4,
      position: checked(isPosition, '1'),
      storedName: 'OrderTeleported',
      problem: 'unknown name',
    };
    const { found } = await shopWith([], day, [event]);
    expect(found.unreadable).toEqual([event]);
    expect(stuckPage(found).text).toMatch(/^Cannot be read\n.*OrderTeleported/);
  });
  it('come with the notices of the card processor that nobody could act on', async () => {
    const notice = { noticeId: 'evt_1', receivedAt: the.opening, tries: 6, problem: 'order_unknown' };
    const { found } = await shopWith([], day, [], [notice]);
    expect(found.notices).toEqual([notice]);
    expect(stuckPage(found).text).toMatch(/that wait\n +evt_1 +since .* 6 tries +order_unknown$/);
  });
});
