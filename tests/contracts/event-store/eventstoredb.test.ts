// What only EventStoreDB and its client can get wrong: a cluster's leader, a node that gives up, calls that are never
// answered, one client's failure that reaches others, a log that is shared with strangers.
import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { positionOf } from '../../../adapters/event-store/eventstoredb/position.js';
import { eventStoreDbStore } from '../../../adapters/event-store/eventstoredb/store.js';
import { type EventStore, isPosition } from '../../../application/ports/event-store.js';
import { openEventStoreClient } from '../../../infrastructure/event-store-client.js';
import { checked, newOrderId } from '../../support/ids.js';
import { answerOf } from '../samples.js';
import { instantAfter, newEvent, newEvents, readToEnd } from './samples.js';
import { type EventStoreServer, startEventStoreServer } from './server/server.js';

const none = { type: 'no_stream' } as const;
const forwards = { direction: 'forwards' } as const;
const timeoutMilliseconds = 1_500;
const unknown = (reason: string) => E.left({ type: 'append_outcome_unknown', reason });
const unavailable = (reason: string) => E.left({ type: 'store_unavailable', reason });

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0).reverse()) await close();
});
const startServer = async (options: { batchAppend?: boolean } = {}): Promise<EventStoreServer> => {
  const started = await startEventStoreServer(options);
  opened.push({ close: started.stop });
  return started;
};
const openStore = (server: EventStoreServer): EventStore => {
  const connection = openEventStoreClient(server.url);
  opened.push(connection);
  return eventStoreDbStore({ connection, timeoutMilliseconds });
};

describe.each([
  ['in batches', true],
  ['in calls of their own', false],
])('appends %s', (_, batchAppend) => {
  let server: EventStoreServer;
  let store: EventStore;
  beforeEach(async () => {
    server = await startServer({ batchAppend });
    store = openStore(server);
    await answerOf(store.append(newOrderId(), none, newEvents(1)));
  });

  it.each([
    ['that never arrived', { type: 'cut_before' }, 0],
    ['whose answer was cut off', { type: 'cut_after' }, 2],
    ['that the node gave up', { type: 'node_timeout' }, 2],
    ['that the node may have begun', { type: 'unavailable' }, 0],
  ] as const)('%s are unknown, and their repeat appends once', async (_what, fault, stored) => {
    const orderId = newOrderId();
    const append = store.append(orderId, none, newEvents(2));
    server.faults.next('append', fault);
    expect(await append()).toMatchObject(E.left({ type: 'append_outcome_unknown' }));
    expect(server.log.stream(`order-${orderId}`)).toHaveLength(stored);
    expect(await append()).toEqual(E.right({ revision: 1 }));
    expect(server.log.stream(`order-${orderId}`)).toHaveLength(2);
  });

  it('without an answer are unknown when the time is up, and what comes late does no harm', async () => {
    const orderId = newOrderId();
    const append = store.append(orderId, none, newEvents(2));
    let answer = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      answer = resolve;
    });
    server.faults.next('append', { type: 'late', until });
    expect(await append()).toMatchObject(E.left({ type: 'append_outcome_unknown' }));
    const others = Array.from({ length: 30 }, () => store.append(newOrderId(), none, newEvents(1))());
    answer();
    expect(await Promise.all(others)).toEqual(others.map(() => E.right({ revision: 0 })));
    expect(await append()).toEqual(E.right({ revision: 1 }));
    server.faults.next('append', { type: 'silent_before' });
    expect(await store.append(newOrderId(), none, newEvents(1))()).toMatchObject(
      E.left({ type: 'append_outcome_unknown' }),
    );
    expect(await store.append(newOrderId(), none, newEvents(1))()).toEqual(E.right({ revision: 0 }));
  });

  it('go to the leader when this node is not it', async () => {
    const leader = await startServer({ batchAppend });
    const fault = { type: 'not_leader', host: '127.0.0.1', port: leader.gate.port } as const;
    server.faults.next('append', fault);
    const orderId = newOrderId();
    expect(await store.append(orderId, none, newEvents(1))()).toEqual(E.right({ revision: 0 }));
    expect(leader.log.stream(`order-${orderId}`)).toHaveLength(1);
    expect(server.log.stream(`order-${orderId}`)).toEqual([]);
  });

  it('without the right to are refused and not in doubt', async () => {
    server.faults.next('append', { type: 'access_denied' });
    const orderId = newOrderId();
    expect(await store.append(orderId, none, newEvents(1))()).toEqual(
      unavailable('failed with access-denied'),
    );
    expect(server.log.stream(`order-${orderId}`)).toEqual([]);
    expect(await store.append(orderId, none, newEvents(1))()).toEqual(E.right({ revision: 0 }));
  });

  it('that only the node finds too large are refused as data', async () => {
    const sized = (length: number) =>
      newEvent({
        type: 'NotificationSent',
        at: instantAfter(0),
        kind: 'order_shipped',
        factRevision: 0,
        messageId: 'x'.repeat(length),
      });
    const orderId = newOrderId();
    const small = sized(1);
    expect(await store.append(orderId, none, [small])()).toEqual(E.right({ revision: 0 }));
    const [record] = server.log.stream(`order-${orderId}`);
    const overhead = (record?.data.length ?? 0) + (record?.metadata.length ?? 0) - 1;
    // The node counts the event's name as well.
    const full = store.append(newOrderId(), none, [sized(1_048_576 - overhead)]);
    expect(await full()).toEqual(E.left({ type: 'events_too_large', limitBytes: 1_048_576 }));
    expect(await store.append(newOrderId(), none, [sized(1_048_000 - overhead)])()).toEqual(
      E.right({ revision: 0 }),
    );
  });

  it('of hundreds at once survive a broken stream: each is repeated until known and is there once', async () => {
    const appends = Array.from({ length: 200 }, () => {
      const orderId = newOrderId();
      return { orderId, append: store.append(orderId, none, newEvents(1)) };
    });
    server.faults.next('append', { type: 'cut_after' });
    const first = await Promise.all(appends.map(({ append }) => append()));
    expect(first.some(E.isLeft)).toBe(true);
    expect(await Promise.all(appends.map(({ append }) => append()))).toEqual(
      appends.map(() => E.right({ revision: 0 })),
    );
    expect(appends.map(({ orderId }) => server.log.stream(`order-${orderId}`).length)).toEqual(
      appends.map(() => 1),
    );
  });

  it('go on after the first question to a node, about its methods, failed or was never answered', async () => {
    for (const fault of [
      { type: 'unavailable' },
      { type: 'silent_before' },
      { type: 'access_denied' },
    ] as const) {
      const fresh = openStore(server);
      const append = fresh.append(newOrderId(), none, newEvents(1));
      server.faults.next('features', fault);
      expect(E.isLeft(await append())).toBe(true);
      expect(await append()).toEqual(E.right({ revision: 0 }));
    }
  });
});

describe('reads', () => {
  let server: EventStoreServer;
  let store: EventStore;
  beforeEach(async () => {
    server = await startServer();
    store = openStore(server);
  });

  it.each([
    ['cut', { type: 'cut_before' }, 'failed with unavailable'],
    ['refused', { type: 'unavailable' }, 'failed with unavailable'],
    ['never answered', { type: 'silent_before' }, 'no answer in time'],
    ['forbidden', { type: 'access_denied' }, 'failed with access-denied'],
  ] as const)('that are %s are unavailable, and the next ones work', async (_what, fault, reason) => {
    const orderId = newOrderId();
    await answerOf(store.append(orderId, none, newEvents(3)));
    server.faults.next('read', fault);
    expect(await store.read(orderId, forwards)()).toEqual(unavailable(reason));
    expect(await answerOf(store.read(orderId, forwards))).toHaveLength(3);
    server.faults.next('read', fault);
    expect(await store.readAll(null, 10)()).toEqual(unavailable(reason));
    expect((await answerOf(store.readAll(null, 10))).events).toHaveLength(3);
  });

  it('of all pass over strangers, however many stand between, and never go back', async () => {
    const stranger = (stream: string) =>
      server.log.append(stream, { type: 'any' }, [
        {
          id: randomUUID(),
          type: 'Happened',
          contentType: 'application/json',
          data: Buffer.from('{}'),
          metadata: Buffer.alloc(0),
        },
      ]);
    const first = newOrderId();
    await answerOf(store.append(first, none, newEvents(2)));
    for (let count = 0; count < 500; count += 1) stranger(count % 2 === 0 ? 'invoice-1' : '$ce-order');
    const second = newOrderId();
    await answerOf(store.append(second, none, newEvents(2)));
    const { events } = await readToEnd(store, null, 3);
    expect(events).toMatchObject([first, first, second, second].map((orderId) => ({ stored: { orderId } })));
    const { next } = await readToEnd(store, null, 3);
    for (let count = 0; count < 200; count += 1) stranger('invoice-1');
    expect(await answerOf(store.awaitAppend(next, 60))).toBe(false);
    const page = await answerOf(store.readAll(next, 3));
    expect(page).toEqual({ events: [], next: expect.any(String) });
    expect(page.next).not.toBe(next);
  });

  it('do not take a position of another store for a place in this one', async () => {
    const other = checked(isPosition, '731:42');
    expect(await store.readAll(other, 10)()).toEqual(unavailable('the position is of another store'));
    expect(await store.awaitAppend(other, 10)()).toEqual(unavailable('the position is of another store'));
    expect(positionOf({ commit: 2n ** 63n, prepare: 2n ** 63n })).toBe(
      'C:9223372036854775808/P:9223372036854775808',
    );
  });
});

describe('news', () => {
  const latencyOf = async (server: EventStoreServer, store: EventStore): Promise<number> => {
    const { next } = await readToEnd(store, null, 1_000);
    const heard = answerOf(store.awaitAppend(next, 10_000)).then(() => performance.now());
    // The reader has looked and waits when its subscription and its look have been answered.
    await answerOf(store.readAll(next, 1));
    await answerOf(store.readAll(next, 1));
    const appended = performance.now();
    server.log.append(`order-${newOrderId()}`, { type: 'any' }, [
      {
        id: randomUUID(),
        type: 'OrderValidated.v1',
        contentType: 'application/json',
        data: Buffer.from('{}'),
        metadata: Buffer.from('{}'),
      },
    ]);
    return (await heard) - appended;
  };

  it('of an append by anybody come before the next look, also after the subscription broke', async () => {
    const server = await startServer();
    const store = openStore(server);
    const latencies = async () => {
      const measured: number[] = [];
      for (let count = 0; count < 4; count += 1) measured.push(await latencyOf(server, store));
      return Math.min(...measured);
    };
    expect(await latencies()).toBeLessThan(500);
    server.gate.cut();
    expect(E.isRight(await store.readAll(null, 1)()) || E.isRight(await store.readAll(null, 1)())).toBe(true);
    expect(await latencies()).toBeLessThan(500);
  });

  it('come within a second and a half while no subscription is to be had', async () => {
    const server = await startServer();
    const store = openStore(server);
    for (let count = 0; count < 50; count += 1) server.faults.next('subscribe', { type: 'silent_before' });
    expect(await latencyOf(server, store)).toBeLessThan(2_500);
  });
});

it('unknown failures are told by type and code, never in words', async () => {
  const server = await startServer();
  const store = openStore(server);
  await answerOf(store.append(newOrderId(), none, newEvents(1)));
  server.faults.next('append', { type: 'unavailable' });
  const answer = await store.append(newOrderId(), none, newEvents(1))();
  expect([
    unknown('failed with unavailable'),
    unknown(`failed with gRPC code ${String(status.UNAVAILABLE)}`),
  ]).toContainEqual(answer);
});
