// The one loop that loads, decides and appends: races are decided again, lost answers repeated under the same ids.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { inMemoryEventStore } from '../../adapters/event-store/in-memory.js';
import { handleOrderCommand, loadOrder } from '../../application/handle-order-command.js';
import type { AppendError, EventStore, NewEvent } from '../../application/ports/event-store.js';
import type { Observation } from '../../application/ports/observer.js';
import type { OrderEvent } from '../../domain/order/events.js';
import { fold } from '../../domain/order/evolve.js';
import * as the from '../support/examples.js';
import { commandIdNumbered, orderIdNumbered } from '../support/ids.js';
import { right, virtualClock } from '../support/order/world.js';

const context = { actor: { type: 'worker', name: 'test' }, correlationId: 'request-1' } as const;
let written = 0;
const stored = (event: OrderEvent): NewEvent => ({
  eventId: `event-${(written += 1)}`,
  event,
  metadata: { commandId: commandIdNumbered(written), ...context },
});

/** Stands before the store's append: returns an error instead, or after the effect. */
type Trouble = (
  call: number,
  append: () => ReturnType<ReturnType<EventStore['append']>>,
) => ReturnType<ReturnType<EventStore['append']>>;

const setUp = async (events: readonly OrderEvent[], trouble: Trouble = (_call, append) => append()) => {
  const { system } = virtualClock();
  const store = inMemoryEventStore(system);
  if (events.length > 0) {
    right('store', await store.append(the.orderId, { type: 'no_stream' }, events.map(stored))());
  }
  const observations: Observation[] = [];
  const appends: ReadonlyArray<string>[] = [];
  let reads = 0;
  const eventStore: EventStore = {
    ...store,
    read: (...asked) => {
      reads += 1;
      return store.read(...asked);
    },
    append: (orderId, expected, added) => async () => {
      appends.push(added.map(({ eventId }) => eventId));
      return trouble(appends.length, store.append(orderId, expected, added));
    },
  };
  const ports = {
    eventStore,
    system,
    observer: { observe: (one: Observation) => void observations.push(one) },
  };
  return {
    handle: handleOrderCommand(ports),
    load: loadOrder(ports),
    write: (...added: readonly OrderEvent[]) =>
      store.append(the.orderId, { type: 'stream_exists' }, added.map(stored))(),
    types: async () => {
      const read = await store.read(the.orderId, { direction: 'forwards' })();
      return E.isRight(read) ? read.right.map(({ event }) => event.type) : [];
    },
    metadata: async () => {
      const read = await store.read(the.orderId, { direction: 'forwards' })();
      return E.isRight(read) ? read.right.map(({ metadata }) => metadata) : [];
    },
    observations,
    appends,
    reads: () => reads,
  };
};

const unknown: E.Either<AppendError, never> = E.left({ type: 'append_outcome_unknown', reason: 'cut' });

describe('a command', () => {
  it('adds its facts and answers with the order after them', async () => {
    const { handle, types, observations } = await setUp([the.placed]);
    expect(await handle(the.orderId, the.authenticate, context)()).toStrictEqual(
      E.right({ order: fold([the.placed, the.authenticated]), added: [the.authenticated] }),
    );
    expect(await types()).toStrictEqual(['OrderPlaced', 'CustomerAuthenticated']);
    expect(observations).toStrictEqual([
      {
        type: 'order_changed',
        orderId: the.orderId,
        correlationId: 'request-1',
        events: ['CustomerAuthenticated'],
        revision: 1,
      },
    ]);
  });

  it('stores all its facts together, under one command id', async () => {
    const { handle, metadata, appends } = await setUp([the.placed, the.authenticated, the.validated]);
    right('handle', await handle(the.orderId, the.recordStockMissing, context)());
    expect(appends).toHaveLength(1);
    const [, , , one, other] = await metadata();
    expect(one?.commandId).toBe(other?.commandId);
    expect(one).toStrictEqual({ commandId: one?.commandId, ...context });
  });

  it('places an order on a stream that does not exist yet', async () => {
    const { handle, types } = await setUp([]);
    const handled = await handle(the.orderId, the.place, context)();
    expect(E.isRight(handled) && handled.right.added).toStrictEqual([the.placed]);
    expect(await types()).toStrictEqual(['OrderPlaced']);
  });

  it('that was carried out before appends nothing', async () => {
    const { handle, appends, observations } = await setUp([the.placed, the.authenticated]);
    expect(await handle(the.orderId, the.authenticate, context)()).toStrictEqual(
      E.right({ order: fold([the.placed, the.authenticated]), added: [] }),
    );
    expect([appends, observations]).toStrictEqual([[], []]);
  });

  it('that is impossible comes back with the order as it stands', async () => {
    const { handle, observations } = await setUp([the.placed]);
    const refusal = { type: 'wrong_phase', command: 'ValidateOrder', phase: 'Placed' } as const;
    expect(await handle(the.orderId, the.validate, context)()).toStrictEqual(
      E.left({ type: 'refused', refusal, order: fold([the.placed]) }),
    );
    expect(observations).toStrictEqual([
      { type: 'command_refused', orderId: the.orderId, refusal: 'wrong_phase' },
    ]);
  });

  it('for an order that is not there is refused', async () => {
    const { handle } = await setUp([the.placed]);
    const handled = await handle(orderIdNumbered(2), the.authenticate, context)();
    expect(E.isLeft(handled) && handled.left).toMatchObject({
      type: 'refused',
      refusal: { type: 'order_unknown' },
    });
  });
});

describe('an order that the caller knows', () => {
  it('is not read again', async () => {
    const { handle, reads } = await setUp([the.placed]);
    const handled = await handle(the.orderId, the.authenticate, context, fold([the.placed]))();
    expect([E.isRight(handled), reads()]).toStrictEqual([true, 0]);
  });

  it('costs one conflict when it was stale, and is decided again', async () => {
    const { handle, types, reads, observations } = await setUp([the.placed, the.authenticated]);
    const handled = await handle(the.orderId, the.cancel, context, fold([the.placed]))();
    expect(E.isRight(handled) && handled.right.added).toStrictEqual([
      the.cancellationRequested,
      the.cancelledAtOnce,
    ]);
    expect(reads()).toBe(1);
    expect(observations.map(({ type }) => type)).toStrictEqual(['revision_conflict', 'order_changed']);
    expect(await types()).toHaveLength(4);
  });

  it('adds nothing when a twin was first', async () => {
    const { handle, types } = await setUp([the.placed, the.authenticated]);
    const handled = await handle(the.orderId, the.authenticate, context, fold([the.placed]))();
    expect(E.isRight(handled) && handled.right.added).toStrictEqual([]);
    expect(await types()).toHaveLength(2);
  });

  it('is refused on what is stored, not on what the caller knew', async () => {
    const { handle } = await setUp([the.placed, the.cancellationRequested, the.cancelledAtOnce]);
    const handled = await handle(the.orderId, the.authenticate, context, fold([the.placed]))();
    expect(E.isLeft(handled) && handled.left).toMatchObject({
      refusal: { type: 'order_closing', phase: 'Cancelled' },
    });
  });
});

describe('a race', () => {
  it('is given up after eight conflicts', async () => {
    const conflict: E.Either<AppendError, never> = E.left({ type: 'wrong_expected_revision', actual: 7 });
    const { handle, appends, reads } = await setUp([the.placed], async () => conflict);
    expect(await handle(the.orderId, the.authenticate, context)()).toStrictEqual(
      E.left({ type: 'too_many_conflicts', attempts: 8 }),
    );
    expect([appends.length, reads()]).toStrictEqual([8, 8]);
  });

  it('between two equal commands has one winner', async () => {
    const { handle, types } = await setUp([the.placed]);
    const both = await Promise.all([
      handle(the.orderId, the.authenticate, context)(),
      handle(the.orderId, the.authenticate, context)(),
    ]);
    const added = both.map((handled) => (E.isRight(handled) ? handled.right.added.length : -1));
    expect(added.toSorted()).toStrictEqual([0, 1]);
    expect(await types()).toStrictEqual(['OrderPlaced', 'CustomerAuthenticated']);
  });
});

describe('an append whose answer is lost', () => {
  it('is repeated with the same ids, and stored once', async () => {
    const { handle, types, appends } = await setUp([the.placed], async (call, append) => {
      const answer = await append();
      return call <= 2 ? unknown : answer;
    });
    const handled = await handle(the.orderId, the.authenticate, context)();
    expect(E.isRight(handled) && handled.right.added).toStrictEqual([the.authenticated]);
    expect(appends).toHaveLength(3);
    expect(new Set(appends.map((ids) => ids.join())).size).toBe(1);
    expect(await types()).toStrictEqual(['OrderPlaced', 'CustomerAuthenticated']);
  });

  it('is found stored also when another writer came after it', async () => {
    const world = await setUp([the.placed], async (call, append) => {
      const answer = await append();
      if (call > 1) return answer;
      right('write', await world.write(the.validated));
      return unknown;
    });
    const handled = await world.handle(the.orderId, the.authenticate, context)();
    expect(E.isRight(handled) && handled.right.added).toStrictEqual([the.authenticated]);
    expect(await world.types()).toStrictEqual(['OrderPlaced', 'CustomerAuthenticated', 'OrderValidated']);
  });

  it('is decided again when it was not stored and another writer was first', async () => {
    const world = await setUp([the.placed], async (call, append) => {
      if (call > 1) return append();
      right('write', await world.write(the.authenticated));
      return unknown;
    });
    const handled = await world.handle(the.orderId, the.authenticate, context)();
    expect(E.isRight(handled) && handled.right.added).toStrictEqual([]);
    expect(await world.types()).toStrictEqual(['OrderPlaced', 'CustomerAuthenticated']);
  });

  it('is told to be unknown after four tries, and its repeat by the caller adds nothing', async () => {
    const { handle, types, appends } = await setUp([the.placed], async (call, append) => {
      const answer = await append();
      return call <= 4 ? unknown : answer;
    });
    expect(await handle(the.orderId, the.authenticate, context)()).toStrictEqual(unknown);
    expect(appends).toHaveLength(4);
    const again = await handle(the.orderId, the.authenticate, context)();
    expect(E.isRight(again) && again.right.added).toStrictEqual([]);
    expect(await types()).toStrictEqual(['OrderPlaced', 'CustomerAuthenticated']);
  });
});

describe('a store that cannot be asked', () => {
  const down = { type: 'store_unavailable', reason: 'down' } as const;

  it('is told to the caller, and nothing is stored', async () => {
    const { handle, types } = await setUp([the.placed], async () => E.left(down));
    expect(await handle(the.orderId, the.authenticate, context)()).toStrictEqual(E.left(down));
    expect(await types()).toStrictEqual(['OrderPlaced']);
  });

  it('decides nothing on a stream that it cannot read in full', async () => {
    const { system } = virtualClock();
    const eventStore = inMemoryEventStore(system);
    right('store', await eventStore.append(the.orderId, { type: 'no_stream' }, [stored(the.placed)])());
    eventStore.plant(the.orderId, 'OrderBlessed.v1', {});
    const ports = { eventStore, system, observer: { observe: () => undefined } };
    const handled = await handleOrderCommand(ports)(the.orderId, the.authenticate, context)();
    expect(E.isLeft(handled) && handled.left).toMatchObject({
      type: 'unreadable_event',
      event: { revision: 1, storedName: 'OrderBlessed.v1' },
    });
  });
});
