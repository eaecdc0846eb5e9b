// What only a database shared by many processes can get wrong: late commits, lost replies, servers that are not there.
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresEventStore } from '../../../adapters/event-store/postgres.js';
import type { EventStore, Position } from '../../../application/ports/event-store.js';
import { openListener } from '../../../infrastructure/database/listener.js';
import { openPool } from '../../../infrastructure/database/pool.js';
import { databaseOnOwnServer, type FreshDatabase } from '../../support/databases.js';
import { answerOf } from '../samples.js';
import { newOrderId } from '../../support/ids.js';
import { newEvent, newEvents, readToEnd } from './samples.js';

const none = { type: 'no_stream' } as const;
const exactly = (revision: number) => ({ type: 'exactly', revision }) as const;

let database: FreshDatabase;
let store: EventStore;
beforeAll(async () => {
  database = await databaseOnOwnServer('orders', { max: 20 });
  store = postgresEventStore({ pool: database.pool, notifications: null });
});
afterAll(() => database.close());

/** Appends an event in a transaction of its own that stays open for a while; answers the event's id. */
async function appendSlowly(milliseconds: number): Promise<string> {
  const client = await database.pool.connect();
  const { eventId } = newEvent();
  try {
    await client.query('begin');
    await client.query(
      `insert into events (order_id, revision, event_id, name, data, metadata)
       values ($1, 0, $2, 'OrderValidated.v1', '{}', '{}')`,
      [newOrderId(), eventId],
    );
    await pause(milliseconds);
    await client.query('commit');
  } finally {
    client.release();
  }
  return eventId;
}

describe('a reader of all events', () => {
  it('skips no event of writers that commit late, while one that goes by the last position does', async () => {
    const writers = 12;
    const appendsEach = 12;
    let writing = true;
    const start = (await readToEnd(store, null, 1_000)).next;

    const seen: string[] = [];
    const reader = async () => {
      for (let next: Position | null = start, last = false; ;) {
        const page = await answerOf(store.readAll(next, 7));
        for (const event of page.events) {
          seen.push(`${event.type === 'unreadable' ? event.stream : event.stored.orderId}`);
        }
        next = page.next;
        if (page.events.length > 0) continue;
        if (last) return;
        last = !writing;
        if (writing) await pause(1);
      }
    };
    const naivelySeen = new Set<string>();
    const naiveReader = async () => {
      for (let position = '0', last = false; ;) {
        const { rows }: pg.QueryResult<{ position: string; event_id: string }> = await database.pool.query(
          'select position, event_id from events where position > $1 order by position limit 7',
          [position],
        );
        for (const { event_id } of rows) naivelySeen.add(event_id);
        position = rows.at(-1)?.position ?? position;
        if (rows.length > 0) continue;
        if (last) return;
        last = !writing;
        if (writing) await pause(1);
      }
    };
    const writer = async () => {
      const ids: string[] = [];
      for (let count = 0; count < appendsEach; count += 1) ids.push(await appendSlowly(Math.random() * 15));
      return ids;
    };
    const writes = Promise.all(Array.from({ length: writers }, writer)).finally(() => {
      writing = false;
    });
    const [ids] = await Promise.all([writes, reader(), naiveReader()]);
    const written = ids.flat();
    expect(written).toHaveLength(writers * appendsEach);
    expect(new Set(seen).size).toBe(written.length);
    expect(seen).toHaveLength(written.length);
    expect(written.filter((id) => !naivelySeen.has(id)).length).toBeGreaterThan(0);
  });

  it('is told of an event that an older transaction holds back, soon after that one ends', async () => {
    const { next } = await readToEnd(store, null, 1_000);
    const slow = appendSlowly(250);
    await pause(50);
    const orderId = newOrderId();
    await answerOf(store.append(orderId, none, newEvents(1)));
    expect((await answerOf(store.readAll(next, 10))).events).toEqual([]);
    expect(await answerOf(store.awaitAppend(next, 60_000))).toBe(true);
    await slow;
    expect((await readToEnd(store, next, 10)).events).toHaveLength(2);
  });

  it('is told of an append of another process before it looks again, also after its connection was cut', async () => {
    const listener = openListener({ url: database.url, applicationName: 'checkout-listening' });
    const listening = postgresEventStore({ pool: database.pool, notifications: listener });
    const latency = async () => {
      const { next } = await readToEnd(store, null, 1_000);
      const heard = answerOf(listening.awaitAppend(next, 60_000)).then(() => performance.now());
      // Long enough for the reader to have looked and to be waiting for a notification.
      await pause(100);
      const appended = performance.now();
      await answerOf(store.append(newOrderId(), none, newEvents(1)));
      return (await heard) - appended;
    };
    try {
      const latencies = [await latency(), await latency(), await latency()];
      // A few milliseconds on an idle machine; the next look would come after nine hundred.
      expect(Math.min(...latencies)).toBeLessThan(500);
      await database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'checkout-listening'`,
      );
      const after = [await latency(), await latency(), await latency()];
      expect(Math.min(...after)).toBeLessThan(500);
    } finally {
      await listener.close();
    }
  });
});

describe('an append', () => {
  it('whose reply was lost has an unknown outcome, and its repeat finds what was stored', async () => {
    const orderId = newOrderId();
    const events = newEvents(2);
    const append = store.append(orderId, none, events);
    // The lock keeps the statement waiting until its session is ended.
    const blocker = await database.pool.connect();
    await blocker.query('begin; lock table events in share mode');
    const result = append();
    const waiting = `select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into events%'
      and datname = current_database()`;
    let pids: readonly { pid: number }[] = [];
    while (pids.length === 0) pids = (await database.pool.query<{ pid: number }>(waiting)).rows;
    await database.pool.query('select pg_terminate_backend($1)', [pids[0]?.pid]);
    expect(await result).toEqual(
      E.left({ type: 'append_outcome_unknown', reason: expect.stringContaining('57P01') }),
    );
    await blocker.query('rollback');
    blocker.release();
    expect(await append()).toEqual(E.right({ revision: 1 }));
    expect(await append()).toEqual(E.right({ revision: 1 }));
    expect(await answerOf(store.read(orderId, { direction: 'forwards' }))).toHaveLength(2);
  });

  it('that was stored although its connection broke is found by its repeat', async () => {
    // A server in between that passes everything on to the database and cuts the connection at the first answer to
    // an insert: the statement is done, the reply is lost.
    const target = new URL(database.url);
    const server = { port: Number(target.port), host: target.hostname };
    const cut = { armed: false };
    const proxy = createServer((near) => {
      const far = connect(server);
      near.pipe(far);
      far.on('data', (chunk: Buffer) => {
        if (cut.armed && chunk.includes('INSERT 0 1')) {
          cut.armed = false;
          near.destroy();
          far.destroy();
        } else near.write(chunk);
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
      }
    });
    await new Promise<void>((settle) => proxy.listen(0, '127.0.0.1', settle));
    const address = proxy.address();
    target.port = String(address !== null && typeof address === 'object' ? address.port : 0);
    const { pool, close } = openPool({ url: target.href, max: 1, applicationName: 'behind-a-proxy' });
    try {
      const behind = postgresEventStore({ pool, notifications: null });
      const orderId = newOrderId();
      const append = behind.append(orderId, none, [newEvent()]);
      cut.armed = true;
      expect(await append()).toMatchObject(E.left({ type: 'append_outcome_unknown' }));
      expect(await append()).toEqual(E.right({ revision: 0 }));
      expect(await answerOf(store.read(orderId, { direction: 'forwards' }))).toHaveLength(1);
    } finally {
      await close();
      await new Promise((settle) => proxy.close(settle));
    }
  });

  it('is repeated by the store itself when the server undid it for another transaction', async () => {
    // The first two tries fail as a serialisation failure and as a deadlock.
    await database.pool.query(`
      create sequence tries;
      create function interfere() returns trigger language plpgsql as $$
      declare try bigint := nextval('tries');
      begin
        if try = 1 then raise exception using errcode = '40001'; end if;
        if try = 2 then raise exception using errcode = '40P01'; end if;
        return new;
      end $$;
      create trigger interfere before insert on events for each row execute function interfere()`);
    try {
      expect(await store.append(newOrderId(), none, [newEvent()])()).toEqual(E.right({ revision: 0 }));
      const { rows } = await database.pool.query<{ tries: string }>('select last_value as tries from tries');
      expect(rows).toEqual([{ tries: '3' }]);
    } finally {
      await database.pool.query(
        'drop trigger interfere on events; drop function interfere; drop sequence tries',
      );
    }
  });

  it.each([
    ['53100', 'a full disk'],
    ['25006', 'a server that became a standby'],
    ['57014', 'a statement that took too long'],
  ])('refused with %s (%s) stored nothing', async (code) => {
    await database.pool.query(`
      create function refuse() returns trigger language plpgsql as $$
      begin raise exception using errcode = '${code}'; end $$;
      create trigger refuse before insert on events for each row execute function refuse()`);
    try {
      expect(await store.append(newOrderId(), none, [newEvent()])()).toEqual(
        E.left({ type: 'store_unavailable', reason: expect.stringContaining(code) }),
      );
    } finally {
      await database.pool.query('drop trigger refuse on events; drop function refuse');
    }
  });

  it('lets one of 16 connections win each revision', async () => {
    const orderId = newOrderId();
    await answerOf(store.append(orderId, none, newEvents(1)));
    for (let revision = 0; revision < 5; revision += 1) {
      const results = await Promise.all(
        Array.from({ length: 16 }, () => store.append(orderId, exactly(revision), [newEvent()])()),
      );
      expect(results.filter(E.isRight)).toHaveLength(1);
    }
    const stored = await answerOf(store.read(orderId, { direction: 'forwards' }));
    expect(stored.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('of anything anywhere succeeds for all of 8 connections', async () => {
    const orderId = newOrderId();
    const results = await Promise.all(
      Array.from({ length: 8 }, () => store.append(orderId, { type: 'any' }, newEvents(2))()),
    );
    const revisions = results.map((result) => (E.isRight(result) ? result.right.revision : -1));
    expect(revisions.sort((left, right) => left - right)).toEqual([1, 3, 5, 7, 9, 11, 13, 15]);
  });
});

describe('a server that is not there', () => {
  it('is unavailable to every call, and nothing was stored', async () => {
    const { pool, close } = openPool({
      url: 'postgres://nobody:none@127.0.0.1:1/orders',
      max: 1,
      applicationName: 'refused',
    });
    const refused = postgresEventStore({ pool, notifications: null });
    const unavailable = E.left({
      type: 'store_unavailable',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    try {
      expect(await refused.append(newOrderId(), none, newEvents(1))()).toEqual(unavailable);
      expect(await refused.read(newOrderId(), { direction: 'forwards' })()).toEqual(unavailable);
      expect(await refused.readAll(null, 1)()).toEqual(unavailable);
      expect(await refused.awaitAppend(null, 1)()).toEqual(unavailable);
    } finally {
      await close();
    }
  });
});
