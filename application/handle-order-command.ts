import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../domain/ids.js';
import type { OrderCommand } from '../domain/order/commands.js';
import { decide } from '../domain/order/decide.js';
import type { OrderEvent } from '../domain/order/events.js';
import { evolve, fold } from '../domain/order/evolve.js';
import type { Order } from '../domain/order/order.js';
import type { Refusal } from '../domain/order/refusal.js';
import type {
  Actor,
  AppendError,
  EventStore,
  ExpectedRevision,
  NewEvent,
  ReadError,
} from './ports/event-store.js';
import type { Observer } from './ports/observer.js';
import type { System } from './ports/system.js';

/** What every change of an order needs. */
export type OrderPorts = {
  readonly eventStore: EventStore;
  readonly system: System;
  readonly observer: Observer;
};

/** Who asks, and which request set it off. */
export type CommandContext = { readonly actor: Actor; readonly correlationId: string };

/** The order after a command, and the facts the command added; none when it was carried out before. */
export type HandledCommand = { readonly order: Order; readonly added: readonly OrderEvent[] };

/** Why a command was not carried out. A refusal comes with the order as it stands. */
export type CommandError =
  | { readonly type: 'refused'; readonly refusal: Refusal; readonly order: Order }
  | { readonly type: 'too_many_conflicts'; readonly attempts: number }
  | ReadError
  | Exclude<AppendError, { readonly type: 'wrong_expected_revision' }>;

/** A stale revision is decided again this many times; more means a hot loop, not a race. */
const mostAttempts = 8;
/** An append whose answer was lost is repeated, with the same ids, this many times before it is given up as unknown. */
const mostRepeats = 3;
const repeatMilliseconds = 100;

/** The order as it stands now. */
export const loadOrder =
  ({ eventStore }: Pick<OrderPorts, 'eventStore'>) =>
  (orderId: OrderId): TE.TaskEither<ReadError, Order> =>
  async () => {
    const stored = await eventStore.read(orderId, { direction: 'forwards' })();
    return E.isLeft(stored) ? stored : E.right(fold(stored.right.map(({ event }) => event)));
  };

const expectedOf = (order: Order): ExpectedRevision => {
  if (order.type === 'placed_order') return { type: 'exactly', revision: order.revision };
  return order.ignored === 0 ? { type: 'no_stream' } : { type: 'exactly', revision: order.ignored - 1 };
};

const appendRepeating = async (
  { eventStore, system }: OrderPorts,
  orderId: OrderId,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<E.Either<AppendError, { readonly revision: number }>> => {
  for (let repeat = 1; ; repeat += 1) {
    const appended = await eventStore.append(orderId, expected, events)();
    const lost = E.isLeft(appended) && appended.left.type === 'append_outcome_unknown';
    if (!lost || repeat > mostRepeats) return appended;
    await system.wait(repeatMilliseconds * repeat)();
  }
};

/**
 * The only load–decide–append loop. Appends what the command adds, at the revision it was decided on; when another
 * writer was first, loads and decides again, a bounded number of times. `known` saves the first load when the caller
 * has just read or changed the order; a stale one costs one conflict and does no harm.
 */
export const handleOrderCommand =
  (ports: OrderPorts) =>
  (
    orderId: OrderId,
    command: OrderCommand,
    context: CommandContext,
    known?: Order,
  ): TE.TaskEither<CommandError, HandledCommand> =>
  async () => {
    const { system, observer } = ports;
    const commandId = system.newCommandId();
    let current = known;
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      if (current === undefined) {
        const loaded = await loadOrder(ports)(orderId)();
        if (E.isLeft(loaded)) return loaded;
        current = loaded.right;
      }
      const order: Order = current;
      const decision = decide(order, command);
      if (E.isLeft(decision)) {
        observer.observe({ type: 'command_refused', orderId, refusal: decision.left.type });
        return E.left({ type: 'refused', refusal: decision.left, order });
      }
      const added = decision.right;
      if (added.length === 0) return E.right({ order, added });
      const events = added.map((event): NewEvent => ({
        eventId: system.newId(),
        event,
        metadata: { commandId, ...context },
      }));
      const appended = await appendRepeating(ports, orderId, expectedOf(order), events);
      if (E.isRight(appended)) {
        const { revision } = appended.right;
        const { correlationId } = context;
        const names = added.map(({ type }) => type);
        observer.observe({ type: 'order_changed', orderId, correlationId, events: names, revision });
        return E.right({ order: added.reduce(evolve, order), added });
      }
      const error = appended.left;
      if (error.type !== 'wrong_expected_revision') return E.left(error);
      observer.observe({ type: 'revision_conflict', orderId, attempt });
      current = undefined;
    }
    return E.left({ type: 'too_many_conflicts', attempts: mostAttempts });
  };
