import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../domain/ids.js';
import { type Instant, plusSeconds } from '../../domain/instant.js';
import { fold } from '../../domain/order/evolve.js';
import { finalPhases, type Phase, phaseOf, phases } from '../../domain/order/phase.js';
import { type Awaited, type AwaitedFact, overdueOf } from '../../domain/process/awaited.js';
import { noticeSeconds, type ProcessSettings } from '../../domain/process/limits.js';
import { groupOf } from '../../domain/process/steps.js';
import type { EventStore, ReadError, UnreadableEvent } from '../ports/event-store.js';
import type { OrderViewPlace, OrderViews, OrderViewsError } from '../ports/order-views.js';
import type { PaymentNoticesError, UnfinishedNotice, UnfinishedNotices } from '../ports/payment-notices.js';
import type { System } from '../ports/system.js';
import type { RemedyName } from './remedy.js';

/** Something that should have come, and the remedy to try first; null when there is none to call for. */
export type Overdue = Awaited & { readonly remedy: RemedyName | null };

/** An order that is past a deadline. */
export type StuckOrder = {
  readonly orderId: OrderId;
  readonly phase: Phase;
  readonly revision: number;
  readonly lastFactAt: Instant;
  /** At least one; what the order needs to go on comes first. */
  readonly overdue: readonly Overdue[];
};

/** All orders that need a person. */
export type StuckOrders = {
  readonly at: Instant;
  /** Those that are past a deadline for longest first. */
  readonly orders: readonly StuckOrder[];
  /** Streams with an event that this version cannot read: nothing can be decided for them. */
  readonly unreadable: readonly UnreadableEvent[];
  /** Notices of the card processor that wait for too long, oldest first; at most 100. */
  readonly notices: readonly UnfinishedNotice[];
  /** How many orders were looked at. */
  readonly looked: number;
};

/** What the finder reads. */
export type StuckPorts = {
  readonly orderViews: Pick<OrderViews, 'list' | 'parked'>;
  readonly eventStore: Pick<EventStore, 'read'>;
  readonly notices: UnfinishedNotices;
  readonly system: Pick<System, 'now'>;
};

/** Orders that ended are looked at when they were placed after `endedPlacedAfter`: refunds and mails follow late. */
export type StuckOptions = { readonly settings: ProcessSettings; readonly endedPlacedAfter: Instant };

type Failure =
  OrderViewsError | PaymentNoticesError | Exclude<ReadError, { readonly type: 'unreadable_event' }>;

/** The remedy for what is missing. A page of the operator's terminal says the word; nothing is done by itself. */
const remedyFor = (fact: AwaitedFact): RemedyName | null => {
  switch (fact.type) {
    case 'step':
      return groupOf[fact.step.name] === 'floor' ? 'release_claim' : 'retry';
    case 'challenge':
    case 'lost_answer':
    case 'refund':
      return 'resync';
    case 'another_card':
      return 'retry';
    case 'failed_refund':
      return 'refund';
    case 'hold':
      return 'release';
    case 'end':
      return 'restart';
    case 'mail_in_doubt':
    case 'mail_returned':
      return null;
  }
};

const pageLength = 500;
const mostNotices = 100;

/** The view may be a moment behind: what looks late is read from its stream. */
const fromStream = async (
  { eventStore }: StuckPorts,
  { settings }: StuckOptions,
  orderId: OrderId,
  now: Instant,
): Promise<E.Either<Failure, StuckOrder | UnreadableEvent | null>> => {
  const stored = await eventStore.read(orderId, { direction: 'forwards' })();
  if (E.isLeft(stored)) {
    const { left } = stored;
    return left.type === 'unreadable_event' ? E.right(left.event) : E.left(left);
  }
  const order = fold(stored.right.map(({ event }) => event));
  const lastFactAt = stored.right.at(-1)?.event.at;
  if (order.type === 'no_order' || lastFactAt === undefined) return E.right(null);
  const overdue = overdueOf(order, settings, lastFactAt, now).map((awaited) => ({
    ...awaited,
    remedy: remedyFor(awaited.fact),
  }));
  return E.right(
    overdue.length === 0
      ? null
      : { orderId, phase: phaseOf(order), revision: order.revision, lastFactAt, overdue },
  );
};

type Found = { readonly stuck: StuckOrder[]; readonly unreadable: UnreadableEvent[]; looked: number };

const lookThroughPhase = async (
  ports: StuckPorts,
  options: StuckOptions,
  phase: Phase,
  now: Instant,
  found: Found,
): Promise<E.Either<Failure, null>> => {
  const { settings, endedPlacedAfter } = options;
  let after: OrderViewPlace | null = null;
  do {
    const page = await ports.orderViews.list({
      phase,
      limit: pageLength,
      ...(after === null ? {} : { after }),
    })();
    if (E.isLeft(page)) return page;
    for (const { order, orderId, changedAt, placedAt } of page.right.views) {
      if (finalPhases.has(phase) && placedAt < endedPlacedAfter) return E.right(null);
      found.looked += 1;
      if (overdueOf(order, settings, changedAt, now).length === 0) continue;
      const looked = await fromStream(ports, options, orderId, now);
      if (E.isLeft(looked)) return looked;
      const one = looked.right;
      if (one === null) continue;
      if ('storedName' in one) found.unreadable.push(one);
      else found.stuck.push(one);
    }
    after = page.right.next;
  } while (after !== null);
  return E.right(null);
};

const latestOf = ({ overdue }: StuckOrder): number => Math.min(...overdue.map(({ until }) => until));

/**
 * Finds every order that is past a deadline. Reads the lists page by page, and the stream of each order that looks late;
 * an order that is fine is never listed. Changes nothing.
 */
export const findStuckOrders =
  (ports: StuckPorts, options: StuckOptions): TE.TaskEither<Failure, StuckOrders> =>
  async () => {
    const at = ports.system.now();
    const found: Found = { stuck: [], unreadable: [], looked: 0 };
    for (const phase of phases) {
      const looked = await lookThroughPhase(ports, options, phase, at, found);
      if (E.isLeft(looked)) return looked;
    }
    const parked = await ports.orderViews.parked()();
    if (E.isLeft(parked)) return parked;
    const notices = await ports.notices.unfinished(plusSeconds(at, -noticeSeconds), mostNotices)();
    if (E.isLeft(notices)) return notices;
    const known = new Set(parked.right.map(({ stream }) => stream));
    const unreadable = [...parked.right, ...found.unreadable.filter(({ stream }) => !known.has(stream))];
    const orders = [...found.stuck].sort((one, other) => latestOf(one) - latestOf(other));
    // An order that changed its phase while it was looked for may be met twice.
    const once = orders.filter(
      ({ orderId }, place) => orders.findIndex((other) => other.orderId === orderId) === place,
    );
    return E.right({ at, orders: once, unreadable, notices: notices.right, looked: found.looked });
  };
