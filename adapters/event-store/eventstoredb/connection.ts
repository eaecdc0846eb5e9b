// One client at a time, given up as soon as it is in doubt. Faults of the client that this is for:
// - appends under way stand in one table of the whole module, which a broken stream of *any* client empties; an answer
//   that then finds no entry throws where nobody can catch it. So a client is taken apart entirely, with all its
//   streams, before the next one sends anything.
// - it remembers a failed or unanswered first call (which methods the node has) for ever.
// - a stream that breaks leaves every append that was given to it unknown, also those it had only buffered. So only so
//   many are given to it at once, and the others wait here, where they are known not to have been sent.
import { setMaxListeners } from 'node:events';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { ClientGone } from './failure.js';
import { within } from './reading.js';

/** A client while it is trusted. */
export type Lease = {
  readonly client: EventStoreDBClient;
  /** Aborted when the client is given up; what it still does is nobody's any more. */
  readonly ended: AbortSignal;
  /** Says that the node has answered something over it. */
  readonly prove: () => void;
  /** Settles when the node has answered something, which is asked with `ask` if nothing was before; once for all. */
  readonly proven: (ask: () => Promise<unknown>) => Promise<unknown>;
};

/** The process's only way to EventStoreDB. */
export type EventStoreConnection = {
  /** The client of now, opened if need be. Rejects after `close`. */
  readonly lease: () => Promise<Lease>;
  /** Gives a client up. Calls that are under way fail; the next lease is of another client. */
  readonly doubt: (lease: Lease) => void;
  /** Does the work when few enough appends are under way; a client that is given up waits for its end. */
  readonly appending: <Answer>(lease: Lease, work: () => Promise<Answer>) => Promise<Answer>;
  /** Ends the client; every later call fails. Repeats do nothing. */
  readonly close: () => Promise<void>;
};

// Fewer than the 16 messages that a gRPC stream buffers.
const mostAppends = 12;
const disposalMilliseconds = 500;

type Held = Lease & { readonly abort: () => void; readonly work: Set<Promise<unknown>> };

const hold = (client: EventStoreDBClient): Held => {
  const ending = new AbortController();
  // As many listeners as there are reads under way.
  setMaxListeners(0, ending.signal);
  let proof: Promise<unknown> | null = null;
  return {
    client,
    ended: ending.signal,
    prove: () => {
      proof = Promise.resolve();
    },
    proven: (ask) => (proof ??= ask()),
    abort: () => ending.abort(),
    work: new Set(),
  };
};

/** Cancels the client's streams, and those that its appends under way open afterwards. */
const dispose = async ({ client, work }: Held): Promise<void> => {
  const deadline = performance.now() + disposalMilliseconds;
  do {
    await within(client.dispose(), deadline - performance.now()).catch(() => undefined);
    if (work.size === 0) return;
    await within(Promise.race(work), 20).catch(() => undefined);
  } while (performance.now() < deadline);
};

/** A connection whose clients are made by `open`; nothing is opened before the first call. */
export const eventStoreConnection = (open: () => EventStoreDBClient): EventStoreConnection => {
  let held: Held | null = null;
  let disposal: Promise<void> = Promise.resolve();
  let closed = false;
  let appends = 0;
  const waiting: Array<() => void> = [];

  const giveUp = (): void => {
    const old = held;
    if (old === null) return;
    held = null;
    old.abort();
    disposal = disposal.then(() => dispose(old));
  };

  const takeTurn = async (): Promise<void> => {
    if (appends < mostAppends) appends += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const passTurn = (): void => {
    const next = waiting.shift();
    if (next === undefined) appends -= 1;
    else next();
  };

  return {
    lease: async () => {
      await disposal;
      if (closed) throw new ClientGone();
      held ??= hold(open());
      return held;
    },

    doubt: (lease) => {
      if (held === lease) giveUp();
    },

    appending: async (lease, work) => {
      await takeTurn();
      if (lease.ended.aborted) {
        passTurn();
        throw new ClientGone();
      }
      const under = work();
      const group = held === lease ? held.work : null;
      group?.add(under);
      const settled = (): void => {
        group?.delete(under);
        passTurn();
      };
      under.then(settled, settled);
      return under;
    },

    close: async () => {
      closed = true;
      giveUp();
      await disposal;
    },
  };
};
