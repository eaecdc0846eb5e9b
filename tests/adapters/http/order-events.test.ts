// Following an order live.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { histories } from '../../support/histories.js';
import { type EventReader, openEvents } from '../../support/http.js';
import { type CheckoutWorld, createCheckoutWorld } from './checkout-world.js';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await createCheckoutWorld();
});
afterAll(() => world.close());

const open = async (orderId: string, token: string, after?: number): Promise<EventReader> =>
  openEvents(`${world.url}/orders/${orderId}/events`, {
    Authorization: `Bearer ${token}`,
    ...(after !== undefined && { 'Last-Event-ID': String(after) }),
  });

const rest = async (reader: EventReader): Promise<ReadonlyArray<readonly [string | null, unknown]>> => {
  const seen: Array<readonly [string | null, unknown]> = [];
  for (let event = await reader.next(); event !== null; event = await reader.next()) {
    seen.push([event.id, event.data['status']]);
  }
  return seen;
};

const { events } = histories.completed;

describe('the events of an order', () => {
  it('are every status it took, under its revision, and end with the last', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, events);
    const reader = await open(orderId, token);
    expect([reader.status, reader.headers.get('content-type')]).toStrictEqual([200, 'text/event-stream']);
    expect(reader.headers.get('cache-control')).toBe('no-store');
    expect(await rest(reader)).toStrictEqual([
      ['0', 'Placed'],
      ['1', 'Authenticated'],
      ['2', 'Validated'],
      ['3', 'StockHeld'],
      ['5', 'Confirmed'],
      ['7', 'Released'],
      ['8', 'Picked'],
      ['9', 'Packed'],
      ['11', 'Charged'],
      ['12', 'Shipped'],
      ['13', 'Completed'],
    ]);
  });

  it('come as they happen', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, events.slice(0, 1));
    const reader = await open(orderId, token);
    expect(await reader.next()).toMatchObject({
      id: '0',
      data: { orderId, status: 'Placed', isFinal: false },
    });
    for (const [revision, event] of events.entries()) {
      if (revision > 0) await world.append(orderId, revision, [event]);
    }
    const seen = await rest(reader);
    expect(seen.at(0)).toStrictEqual(['1', 'Authenticated']);
    expect(seen.at(-1)).toStrictEqual(['13', 'Completed']);
    expect(seen).toHaveLength(10);
  });

  it('go on after the last one that was seen', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, events);
    expect((await rest(await open(orderId, token, 9))).map(([id]) => id)).toStrictEqual(['11', '12', '13']);
  });

  it('are no more once all were seen', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, events);
    expect((await open(orderId, token, 13)).status).toBe(204);
  });

  it('wake nobody else, and forget who left', async () => {
    const { token, customerId } = await world.signUp();
    const mine = await world.putOrder(customerId, events.slice(0, 1));
    const other = await world.putOrder(customerId, events.slice(0, 1));
    const [leaving, staying] = [await open(mine, token), await open(other, token)];
    await leaving.next();
    await staying.next();
    const before = world.feed.followers();
    leaving.leave();
    await world.append(other, 1, events.slice(1));
    expect((await rest(staying)).at(-1)).toStrictEqual(['13', 'Completed']);
    await expect.poll(() => world.feed.followers()).toBe(before - 2);
    expect(world.defects).toStrictEqual([]);
  });

  it('end when the process stops', async () => {
    const stopping = await createCheckoutWorld();
    const { token, customerId } = await stopping.signUp();
    const orderId = await stopping.putOrder(customerId, events.slice(0, 2));
    const reader = await openEvents(`${stopping.url}/orders/${orderId}/events`, {
      Authorization: `Bearer ${token}`,
    });
    await reader.next();
    await reader.next();
    const ended = reader.next();
    stopping.stopFeed();
    expect(await ended).toBeNull();
    await stopping.close();
  });
});
