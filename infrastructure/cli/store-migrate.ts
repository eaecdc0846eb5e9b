// Copies the order streams from one event store to another. What is copied already is recognised by the target's own
// rule for repeated appends, so the command can be broken off and called again at any moment.
import { isDeepStrictEqual } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import type { AllPage, EventStore, Position, StoredEvent } from '../../application/ports/event-store.js';
import type { OrderId } from '../../domain/ids.js';
import { openPool } from '../database/pool.js';
import { eventStoreAt } from '../event-store-client.js';
import { createProgress } from '../orders/progress.js';
import type { Scope } from '../process/scope.js';
import { type Command, type CommandArguments, CommandFailed } from './command.js';

const pageSize = 500;
/** Streams copied or compared at once; a pool has ten connections. */
const atOnce = 8;

const openStore = (call: CommandArguments, option: 'from' | 'to', scope: Scope): EventStore => {
  const url = call.options[option] ?? '';
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) {
    const { pool, close } = openPool({ url, max: atOnce + 2, applicationName: 'checkout-migrate' });
    scope.onRelease(close);
    return eventStoreAt('postgres', pool).store;
  }
  if (!/^esdb(\+discover)?:\/\//.test(url)) {
    throw new CommandFailed(`--${option} must be an address that begins with postgres:// or esdb://`);
  }
  const { store, close } = eventStoreAt(url, null);
  scope.onRelease(close);
  return store;
};

/** Does the work on every item, a few at once. Rejects with the first failure. */
const forEach = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> => {
  const left = [...items].reverse();
  const worker = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

const forwardsFrom = async (store: EventStore, orderId: OrderId, from: number) => {
  const read = await store.read(orderId, { direction: 'forwards', from })();
  if (E.isLeft(read)) throw new CommandFailed(`not migrated, a stream cannot be read: ${read.left.type}`);
  return read.right;
};

/** What of an event is the same in every store: its place in the log and the time of writing are each store's own. */
const contentOf = ({ eventId, revision, event, metadata }: StoredEvent) => ({
  eventId,
  revision,
  event,
  metadata,
});

const isSame = (left: StoredEvent | undefined, right: StoredEvent): boolean =>
  left !== undefined && isDeepStrictEqual(contentOf(left), contentOf(right));

/** Appends the part of the events, which follow one another, that the target does not have yet. */
const copyEvents = async (target: EventStore, events: readonly StoredEvent[], tries = 1): Promise<void> => {
  const [first] = events;
  if (first === undefined) return;
  const { orderId, revision } = first;
  const expected =
    revision === 0
      ? ({ type: 'no_stream' } as const)
      : ({ type: 'exactly', revision: revision - 1 } as const);
  const appended = await target.append(
    orderId,
    expected,
    events.map(({ eventId, event, metadata }) => ({ eventId, event, metadata })),
  )();
  if (E.isRight(appended)) return;
  const { left } = appended;
  if (left.type === 'append_outcome_unknown' && tries < 5) return copyEvents(target, events, tries + 1);
  if (left.type !== 'wrong_expected_revision') {
    throw new CommandFailed(`broken off, and may be called again; the target answered ${left.type}`);
  }
  const present = await forwardsFrom(target, orderId, revision);
  const rest = events.slice(present.length);
  const isPrefix = present.every((stored, index) => {
    const event = events[index];
    return event === undefined || isSame(stored, event);
  });
  if (!isPrefix || present.length === 0 || rest.length === events.length) {
    throw new CommandFailed(`not migrated: the target has another history of order ${orderId}`);
  }
  return copyEvents(target, rest);
};

const readPage = async (source: EventStore, after: Position | null): Promise<AllPage> => {
  const page = await source.readAll(after, pageSize)();
  if (E.isRight(page)) return page.right;
  throw new CommandFailed(`broken off, and may be called again; the source answered ${page.left.type}`);
};

const storedOf = (entry: AllPage['events'][number]): StoredEvent => {
  if (entry.type === 'event') return entry.stored;
  const { stream, revision, storedName } = entry;
  throw new CommandFailed(
    `not migrated: event ${String(revision)} of ${stream}, ${storedName}, cannot be read`,
  );
};

/** Counts the events, and meets one that cannot be read before anything is written. */
const countAll = async (source: EventStore): Promise<number> => {
  let count = 0;
  for (let after: Position | null = null; ;) {
    const page: AllPage = await readPage(source, after);
    if (page.events.length === 0) return count;
    count += page.events.map(storedOf).length;
    after = page.next;
  }
};

const copyAll = async (source: EventStore, target: EventStore, step: () => void): Promise<Set<OrderId>> => {
  const orders = new Set<OrderId>();
  for (let after: Position | null = null; ;) {
    const page: AllPage = await readPage(source, after);
    if (page.events.length === 0) return orders;
    const streams = new Map<OrderId, StoredEvent[]>();
    for (const stored of page.events.map(storedOf)) {
      const events = streams.get(stored.orderId) ?? [];
      events.push(stored);
      streams.set(stored.orderId, events);
      orders.add(stored.orderId);
    }
    await forEach([...streams.values()], async (events) => {
      await copyEvents(target, events);
      for (let count = 0; count < events.length; count += 1) step();
    });
    after = page.next;
  }
};

const verify = async (source: EventStore, target: EventStore, orders: readonly OrderId[], step: () => void) =>
  forEach(orders, async (orderId) => {
    const [here, there] = await Promise.all([
      forwardsFrom(source, orderId, 0),
      forwardsFrom(target, orderId, 0),
    ]);
    const isEqual = here.length === there.length && here.every((event, index) => isSame(there[index], event));
    if (!isEqual)
      throw new CommandFailed(
        `order ${orderId} is not the same in both stores; see that nobody writes, and call this again`,
      );
    step();
  });

const noSettings = {};

/** `store migrate`: every order's stream in another event store, compared event by event afterwards. */
export const storeMigrate: Command<typeof noSettings> = {
  words: 'store migrate',
  shape: '--from URL --to URL',
  about:
    'Copy all order streams from one event store to another and compare them (postgres://… or esdb://…); stop the\n' +
    '      roles before. Calling it again goes on. Events are written in their newest form.',
  options: ['from', 'to'],
  settings: noSettings,
  run: async (call, _, { scope }) => {
    const [source, target] = [openStore(call, 'from', scope), openStore(call, 'to', scope)];
    // The first call meets a target that is away before anything is read.
    await readPage(target, null);
    const copying = createProgress('events', await countAll(source), process.stderr);
    let events = 0;
    const orders = await copyAll(source, target, () => {
      events += 1;
      copying.step();
    });
    copying.end();
    const comparing = createProgress('orders compared', orders.size, process.stderr);
    await verify(source, target, [...orders], comparing.step);
    comparing.end();
    return {
      json: { orders: orders.size, events },
      text:
        `${String(orders.size)} orders with ${String(events)} events are the same in both stores.\n` +
        'Positions are not: with the new store, rebuild the read models (projections rebuild), and empty the table\n' +
        'checkpoints of the orders database.',
    };
  },
};
