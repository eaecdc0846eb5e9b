// An order played in one process and the books that tell of it, to be spoilt one at a time.
import * as E from 'fp-ts/lib/Either.js';
import { expect } from 'vitest';
import { reconcilePage } from '../../../adapters/cli/reconcile-page.js';
import {
  type OrderReconciliation,
  type ReconcilePorts,
  reconcileOrder,
} from '../../../application/operations/reconcile.js';
import type { NewEvent } from '../../../application/ports/event-store.js';
import type { ProcessorPayment } from '../../../application/ports/payment-gateway.js';
import { plusSeconds } from '../../../domain/instant.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import * as the from '../../support/examples.js';
import { commandIdNumbered } from '../../support/ids.js';
import { createEngine } from '../../support/order/process-engine.js';
import { createWorld, right, type World } from '../../support/order/world.js';

/** The books of a world, some of them exchanged. */
export const portsOf = (world: World, others: Partial<ReconcilePorts> = {}): ReconcilePorts => ({
  ...{ eventStore: world.ports.eventStore, stock: world.ports.stock, system: world.system },
  ...{ gateway: world.processor.gateway, ...others },
});

/** Five minutes later, so that no book can be excused by its age. */
export const later = (world: World): void => world.advanceTo(plusSeconds(world.system.now(), 300));

/** What comparing the world's order comes to. */
export const reconciled = async (
  world: World,
  others?: Partial<ReconcilePorts>,
): Promise<OrderReconciliation> =>
  right('reconcile', await reconcileOrder(portsOf(world, others))(the.orderId)());

/** Everything in which its books differ. */
export const findingsOf = async (world: World, others?: Partial<ReconcilePorts>) => {
  const result = await reconciled(world, others);
  return result.type === 'compared' ? result.findings : [];
};

/** The only finding, which must be certain, with the page that tells it. */
export const onlyDifference = async (world: World, others?: Partial<ReconcilePorts>) => {
  const result = await reconciled(world, others);
  const page = reconcilePage([result]);
  const findings = result.type === 'compared' ? result.findings : [];
  expect(findings.map(({ difference, doubt }) => [difference.type, doubt])).toStrictEqual(
    findings.slice(0, 1).map(({ difference }) => [difference.type, null]),
  );
  const [finding] = findings;
  if (finding === undefined) throw new Error('nothing differs');
  expect(page.failed).toBe(true);
  expect(page.text).toMatch(/1 order compared: 1 order differs, 0 in doubt\.$/);
  return { difference: finding.difference, text: page.text };
};

/** A world whose order is at its end, five minutes ago. */
export const playedToEnd = async (circumstances: Parameters<typeof createWorld>[0] = {}): Promise<World> => {
  const world = await createWorld(circumstances);
  await createEngine(world, { ports: world.ports }).runToEnd();
  later(world);
  return world;
};

/** Plays rounds until the order stands so. */
export const playedUntil = async (
  holds: (events: readonly OrderEvent[]) => boolean,
  circumstances: Parameters<typeof createWorld>[0] = {},
): Promise<World> => {
  const world = await createWorld(circumstances);
  const engine = createEngine(world, { ports: world.ports });
  while (!holds(await world.events())) {
    if ((await engine.round()) === 'ended') throw new Error('the order never stands so');
  }
  later(world);
  return world;
};

/** True from the first fact of a type on. */
export const until = (type: OrderEvent['type']) => (events: readonly OrderEvent[]) =>
  events.some((event) => event.type === type);

/** A fact that nobody's decision led to, as after a defect or a restored backup. */
export const forge = async (world: World, ...events: readonly OrderEvent[]): Promise<void> => {
  const { revision } = await world.order();
  const forged = events.map((event, index): NewEvent => ({
    event,
    eventId: `00000009-0000-4000-8000-${String(revision + index).padStart(12, '0')}`,
    metadata: {
      commandId: commandIdNumbered(900 + revision + index),
      correlationId: 'forged',
      actor: { type: 'worker', name: 'nobody' },
    },
  }));
  const expected = { type: 'exactly', revision } as const;
  right('append', await world.ports.eventStore.append(the.orderId, expected, forged)());
};

/** The processor's answers with a payment changed on its way. */
export const withPayments = (
  world: World,
  change: (payments: readonly ProcessorPayment[]) => readonly ProcessorPayment[],
): Partial<ReconcilePorts> => ({
  gateway: {
    paymentsOf: (orderId) => async () => {
      const payments = await world.processor.gateway.paymentsOf(orderId)();
      return E.isLeft(payments) ? payments : E.right(change(payments.right));
    },
  },
});

/** Holds the order's total at the processor under an attempt, without the order. */
export const reserveBehindTheBack = async (world: World, attempt: number): Promise<void> => {
  const key = `${the.orderId}:reserve:${attempt}` as const;
  const request = { orderId: the.orderId, attempt, key, amount: the.pence(4580) };
  const card = { paymentMethod: the.paymentMethod, returnUrl: 'https://checkout.example' };
  right('reserve', await world.processor.gateway.reserve({ ...request, ...card })());
};

/** Of the newest payment at the processor. */
export const referenceOf = async (world: World): Promise<string> => {
  const [payment] = right('payments', await world.processor.gateway.paymentsOf(the.orderId)());
  return payment?.reference ?? '';
};
