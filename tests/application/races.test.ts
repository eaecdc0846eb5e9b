// Pairs that meet at the same order, in every order of their port calls: the webhook and the answer, a cancellation and
// the charge, two operators, two workers, two processes. Afterwards the order goes on by itself and the books balance.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancelOrder } from '../../application/orders/cancel-order.js';
import { createOrderDesk } from '../../application/orders/order-desk.js';
import { actOnNotice } from '../../application/payments/act-on-notice.js';
import type { NoticeSubject } from '../../application/ports/payment-notices.js';
import { isTaskToken } from '../../application/ports/workflow/process-tasks.js';
import { replacePaymentMethod } from '../../application/orders/replace-payment-method.js';
import { createRunStep } from '../../application/steps/run-step.js';
import { plusSeconds } from '../../domain/instant.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { Phase } from '../../domain/order/phase.js';
import { stepFromKey } from '../../domain/process/steps.js';
import { customerId, opening, orderId, pence } from '../support/examples.js';
import { paymentMethodOf } from '../support/ids.js';
import { expectCleanSlate } from '../support/order/books.js';
import { type Interceptor, intercepted } from '../support/order/port-calls.js';
import { createEngine } from '../support/order/process-engine.js';
import { stories } from '../support/order/stories/stories.js';
import { inEveryOrder } from '../support/order/stories/turns.js';
import { type Circumstances, createWorld, stepPolicy, type World } from '../support/order/world.js';

type Meeting = { readonly world: World; readonly engine: ReturnType<typeof createEngine> };
type Work = (through: Interceptor) => Promise<unknown>;

/** A world whose order has come so far. */
const comeSoFar = async (circumstances: Circumstances, isThere: (order: PlacedOrder) => boolean) => {
  const world = await createWorld(circumstances);
  const engine = createEngine(world, { ports: world.ports });
  for (let rounds = 0; !isThere(await world.order()); rounds += 1) {
    if (rounds > 100 || (await engine.round()) === 'ended') throw new Error('the order never comes so far');
  }
  return { world, engine };
};

const step =
  ({ world }: Meeting, key: string): Work =>
  async (through) => {
    const token = 'token';
    const found = stepFromKey(key);
    if (found === null || !isTaskToken(token)) throw new Error(`not a step: ${key}`);
    return createRunStep(
      intercepted(world.ports, through),
      stepPolicy,
    )({ token, orderId, step: found, run: 1 })();
  };

const notice =
  ({ world }: Meeting, subject: NoticeSubject): Work =>
  async (through) => {
    const ports = { ...intercepted(world.ports, through), orderProcesses: world.orderProcesses };
    const given = { noticeId: 'notice-1', subject, receivedAt: opening };
    return actOnNotice(ports, stepPolicy)(given)();
  };

const customer = { type: 'customer', customerId } as const;
const told = ({ world }: Meeting, through: Interceptor) => ({
  ...intercepted(world.ports, through),
  orderProcesses: world.orderProcesses,
  settings: stepPolicy.settings,
});
const cancellation =
  (meeting: Meeting): Work =>
  async (through) =>
    cancelOrder(told(meeting, through))(orderId, customer, 'request-2')();
const otherCard =
  (meeting: Meeting, token: string): Work =>
  async (through) =>
    replacePaymentMethod(told(meeting, through))(orderId, customerId, paymentMethodOf(token), 'request-3')();
const refund =
  (meeting: Meeting, refundId: string, minor: number): Work =>
  async (through) =>
    createOrderDesk(told(meeting, through)).refund(
      orderId,
      'Olga',
      { refundId, amount: pence(minor), reason: 'goodwill' },
      'request-4',
    )();
const hold =
  (meeting: Meeting): Work =>
  async (through) =>
    createOrderDesk(told(meeting, through)).placeHold(orderId, 'Olga', 'fraud', 'request-5')();
const floor =
  ({ world }: Meeting, name: 'Pick' | 'Pack' | 'Ship'): Work =>
  async (through) =>
    world.workOnFloor(intercepted(world.ports, through), name);

const goesOnTo =
  (...ends: readonly Phase[]) =>
  async ({ world, engine }: Meeting): Promise<void> => {
    await engine.runToEnd();
    await expectCleanSlate(world, ends);
  };

const isReserving = ({ payment, stock }: PlacedOrder): boolean =>
  stock.status === 'reserved' && payment.status === 'none';
const isAtTheBank = ({ payment }: PlacedOrder): boolean => payment.status === 'authenticating';
const isPacked = ({ fulfilment }: PlacedOrder): boolean => fulfilment.status === 'packed';
const isCharged = ({ payment }: PlacedOrder): boolean => payment.status === 'charged';
const isCompleted = ({ lifecycle }: PlacedOrder): boolean => lifecycle.stage === 'completed';
const isAsked = ({ payment }: PlacedOrder): boolean => payment.status === 'declined';

const refundsOf = async ({ world }: Meeting): Promise<readonly string[]> =>
  (await world.order()).refunds.map(({ refundId, amount }) => `${refundId} ${String(amount.minor)}`).sort();

describe('in every order of their calls', () => {
  it('the webhook and the answer of a reservation make one reservation', async () => {
    const subject = { type: 'reservation', orderId, attempt: 1 } as const;
    const orders = await inEveryOrder(
      () => comeSoFar({}, isReserving),
      (meeting) => [step(meeting, 'ReserveCard.1'), notice(meeting, subject)],
      goesOnTo('Completed'),
    );
    expect(orders).toBeGreaterThanOrEqual(10);
  });

  it('the webhook of a challenge and the look-up tell the same', async () => {
    const orders = await inEveryOrder(
      async () => {
        const meeting = await comeSoFar({ card: 'pm_card_threeDSecure2Required' }, isAtTheBank);
        await meeting.world.people.answerBank(true);
        return meeting;
      },
      (meeting) => [
        step(meeting, 'LookUpPayment.1'),
        notice(meeting, { type: 'reservation', orderId, attempt: 1 }),
      ],
      goesOnTo('Completed'),
    );
    expect(orders).toBeGreaterThanOrEqual(10);
  });

  it('the webhook and the answer of a charge are one charge', async () => {
    const orders = await inEveryOrder(
      () => comeSoFar({}, isPacked),
      (meeting) => [
        step(meeting, 'ChargeCard.1'),
        notice(meeting, { type: 'reservation', orderId, attempt: 1 }),
      ],
      goesOnTo('Completed'),
    );
    expect(orders).toBeGreaterThanOrEqual(10);
  });

  it('the webhook and the answer of a refund are one refund', async () => {
    const orders = await inEveryOrder(
      async () => {
        const meeting = await comeSoFar({}, isCharged);
        await meeting.world.people.refund('operator-1', 300);
        return meeting;
      },
      (meeting) => [step(meeting, 'RefundCard.1'), notice(meeting, { type: 'refund', orderId, number: 1 })],
      goesOnTo('Completed'),
    );
    expect(orders).toBeGreaterThanOrEqual(10);
  });

  it.each([
    ['the reservation', {}, isReserving, 'ReserveCard.1'],
    ['the charge', {}, isPacked, 'ChargeCard.1'],
    ['the release to the warehouse', {}, isReserving, 'ReleaseToWarehouse'],
  ] as const)('a cancellation and %s end clean', async (_what, circumstances, isThere, key) => {
    const orders = await inEveryOrder(
      () => comeSoFar(circumstances, isThere),
      (meeting) => [step(meeting, key), cancellation(meeting)],
      goesOnTo('Cancelled'),
    );
    expect(orders).toBeGreaterThanOrEqual(3);
  });

  it('a cancellation and the hand-over to the carrier end fulfilled or with all money back', async () => {
    const ends = new Set<string>();
    await inEveryOrder(
      () => comeSoFar({}, isCharged),
      (meeting) => [floor(meeting, 'Ship'), cancellation(meeting)],
      async (meeting) => {
        await meeting.engine.runToEnd();
        ends.add(await expectCleanSlate(meeting.world, ['Completed', 'Cancelled']));
      },
    );
    expect(ends).toStrictEqual(new Set(['Completed', 'Cancelled']));
  });

  it('a hold and the charge: nothing is charged under the hold, and nothing ships', async () => {
    await inEveryOrder(
      () => comeSoFar({}, isPacked),
      (meeting) => [step(meeting, 'ChargeCard.1'), hold(meeting)],
      async (meeting) => {
        for (let rounds = 0; rounds < 20; rounds += 1) await meeting.engine.round();
        expect((await meeting.world.order()).fulfilment.status).not.toBe('shipped');
        await meeting.world.people.release('fraud');
        await goesOnTo('Completed', 'Cancelled')(meeting);
      },
    );
  });

  it('two operators with one refund id give money back once', async () => {
    await inEveryOrder(
      () => comeSoFar({}, isCompleted),
      (meeting) => [refund(meeting, 'operator-1', 300), refund(meeting, 'operator-1', 300)],
      async (meeting) => {
        expect(await refundsOf(meeting)).toStrictEqual(['operator-1 300']);
        await goesOnTo('Completed')(meeting);
      },
    );
  });

  it('two operators with two refunds never give back more than was charged', async () => {
    await inEveryOrder(
      () => comeSoFar({}, isCompleted),
      (meeting) => [refund(meeting, 'operator-1', 2_500), refund(meeting, 'operator-2', 2_400)],
      async (meeting) => {
        expect(await refundsOf(meeting)).toHaveLength(1);
        await goesOnTo('Completed')(meeting);
      },
    );
  });

  it('a refund and a cancellation give back what was charged, no more', async () => {
    await inEveryOrder(
      () => comeSoFar({ ships: false }, isCharged),
      (meeting) => [refund(meeting, 'operator-1', 500), cancellation(meeting)],
      goesOnTo('Cancelled'),
    );
  });

  it('two workers with one refund ask the processor for one', async () => {
    const orders = await inEveryOrder(
      async () => {
        const meeting = await comeSoFar({}, isCharged);
        await meeting.world.people.refund('operator-1', 300);
        return meeting;
      },
      (meeting) => [step(meeting, 'RefundCard.1'), step(meeting, 'RefundCard.1')],
      goesOnTo('Completed'),
    );
    expect(orders).toBeGreaterThan(50);
  });

  it('two workers with one charge take the money once', async () => {
    const orders = await inEveryOrder(
      () => comeSoFar({}, isPacked),
      (meeting) => [step(meeting, 'ChargeCard.1'), step(meeting, 'ChargeCard.1')],
      goesOnTo('Completed'),
    );
    expect(orders).toBeGreaterThan(50);
  });

  it('another card and the end of the time for it: the order is paid or cancelled', async () => {
    const ends = new Set<string>();
    await inEveryOrder(
      () => comeSoFar({ card: 'pm_card_chargeDeclined' }, isAsked),
      (meeting) => [
        otherCard(meeting, 'pm_card_mastercard'),
        async (through) => {
          // The worker's clock is ahead of the customer's by the time there was.
          const { system } = meeting.world;
          const ports = intercepted(meeting.world.ports, through);
          const ahead = {
            ...system,
            now: () => plusSeconds(system.now(), stepPolicy.settings.payAgainSeconds),
          };
          const token = 'token';
          if (!isTaskToken(token)) throw new Error('not a token');
          const found = { name: 'GiveUpPayment', number: 1 } as const;
          const runStep = createRunStep({ ...ports, system: ahead }, stepPolicy);
          return runStep({ token, orderId, step: found, run: 1 })();
        },
      ],
      async (meeting) => {
        await meeting.engine.runToEnd();
        ends.add(await expectCleanSlate(meeting.world, ['Completed', 'Cancelled']));
      },
    );
    expect(ends).toStrictEqual(new Set(['Completed', 'Cancelled']));
  });
});

describe('two processes of one order', () => {
  it('end it as one would, however they take turns', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...stories),
        async (scheduler, { circumstances, end }) => {
          const world = await createWorld(circumstances);
          const ports = intercepted(world.ports, (name, call) => async () => {
            await scheduler.schedule(Promise.resolve(), name);
            return call();
          });
          const options = { ports, notices: 'delivered' } as const;
          const engines = [createEngine(world, options), createEngine(world, options)];
          await scheduler.waitFor(Promise.all(engines.map(async (engine) => engine.runToEnd())));
          await expectCleanSlate(world, [end]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
