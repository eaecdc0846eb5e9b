// Server-sent events of one order: every status it takes, in order, each under its revision, so that a follower who
// lost the connection resumes where it was. Ends with the last status.
import * as E from 'fp-ts/lib/Either.js';
import { Readable } from 'node:stream';
import type { EventStore, StoredEvent } from '../../../application/ports/event-store.js';
import type { OrderId } from '../../../domain/ids.js';
import { evolve } from '../../../domain/order/evolve.js';
import { initial, type Order } from '../../../domain/order/order.js';
import { finalPhases, type Phase, phaseOf } from '../../../domain/order/phase.js';
import { momentOf } from '../values.js';
import type { OrderFeed } from './order-feed.js';

/** What following an order needs. */
export type OrderStreamPorts = {
  readonly eventStore: Pick<EventStore, 'read'>;
  readonly feed: Pick<OrderFeed, 'follow' | 'isOver'>;
};

const beatMilliseconds = 15_000;
const retryMilliseconds = 2_000;

/** The `Last-Event-ID` of a resuming follower as a revision; null when there is none. */
export const lastRevision = (header: string | readonly string[] | undefined): number | null =>
  typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : null;

/** Something to wait for that several sources can set off; a call before the wait is not lost. */
function createBell() {
  let rung = false;
  let answer: (() => void) | null = null;
  return {
    ring: (): void => {
      rung = true;
      answer?.();
    },
    heard: async (): Promise<void> => {
      if (!rung) await new Promise<void>((resolve) => (answer = resolve));
      rung = false;
      answer = null;
    },
  };
}

type Status = { readonly revision: number; readonly status: Phase; readonly event: StoredEvent };

/** The order after these events, and every status it took on the way. */
function statusesOf(order: Order, events: readonly StoredEvent[]) {
  const statuses: Status[] = [];
  let current = order;
  for (const stored of events) {
    const before = current.type === 'placed_order' ? phaseOf(current) : null;
    current = evolve(current, stored.event);
    const after = current.type === 'placed_order' ? phaseOf(current) : null;
    if (after !== null && after !== before) {
      statuses.push({ revision: stored.revision, status: after, event: stored });
    }
  }
  return { order: current, statuses };
}

const messageOf = (orderId: OrderId, { revision, status, event }: Status): string => {
  const isFinal = finalPhases.has(status);
  const data = JSON.stringify({ orderId, revision, status, isFinal, at: momentOf(event.event.at) });
  return `id: ${revision}\nevent: status\ndata: ${data}\n\n`;
};

/** Whether these events go on without a gap from that revision. */
const isNext = (events: readonly StoredEvent[], from: number): boolean =>
  events.length > 0 && events.every(({ revision }, index) => revision === from + index);

/**
 * The messages of an order from after a revision (null: from its first) until its last status, the caller leaves or
 * the feed ends. `known` are the events of the order as just read.
 */
export function statusStream(
  { eventStore, feed }: OrderStreamPorts,
  orderId: OrderId,
  known: readonly StoredEvent[],
  after: number | null,
  onClosed: (callback: () => void) => void,
): Readable {
  const readFrom = async (from: number): Promise<readonly StoredEvent[]> => {
    const more = await eventStore.read(orderId, { direction: 'forwards', from })();
    return E.isLeft(more) ? [] : more.right;
  };

  async function* messages(): AsyncGenerator<string> {
    const bell = createBell();
    let isClosed = false;
    let beatDue = false;
    let heard: StoredEvent[] = [];
    const unfollow = feed.follow(orderId, (fresh) => {
      heard.push(...fresh);
      bell.ring();
    });
    const beat = setInterval(() => {
      beatDue = true;
      bell.ring();
    }, beatMilliseconds);
    onClosed(() => {
      isClosed = true;
      bell.ring();
    });
    try {
      yield `retry: ${retryMilliseconds}\n\n`;
      let { order, statuses } = statusesOf(initial, known);
      let seen = known.length;
      // What came between that reading and the following is read now.
      let readOn = true;
      bell.ring();
      for (;;) {
        for (const status of statuses) {
          if (after === null || status.revision > after) yield messageOf(orderId, status);
        }
        if (order.type === 'placed_order' && finalPhases.has(phaseOf(order))) return;
        await bell.heard();
        if (isClosed || feed.isOver()) return;
        if (beatDue) yield ': beat\n\n';
        beatDue = false;
        const news = heard.filter(({ revision }) => revision >= seen);
        heard = [];
        // A reading that fails is made up for at the next change or beat.
        const fresh = readOn || !isNext(news, seen) ? await readFrom(seen) : news;
        readOn = false;
        ({ order, statuses } = statusesOf(order, fresh));
        seen += fresh.length;
      }
    } finally {
      clearInterval(beat);
      unfollow();
    }
  }
  return Readable.from(messages(), { objectMode: false });
}

/** True when the order is at its end and a follower who saw this revision has seen all of it. */
export function hasSeenAll(known: readonly StoredEvent[], after: number | null): boolean {
  const { order, statuses } = statusesOf(initial, known);
  const last = statuses.at(-1);
  const isFinal = order.type === 'placed_order' && finalPhases.has(phaseOf(order));
  return isFinal && last !== undefined && after !== null && after >= last.revision;
}
