// Steps that no repeat will ever get done raise an alarm, because the order stands still until a person looks. Those
// that time or another run will get done raise none.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { isTaskToken, type StepTask } from '../../application/ports/workflow/process-tasks.js';
import { createRunStep } from '../../application/steps/run-step.js';
import type { StepPorts } from '../../application/steps/step-ports.js';
import { plusSeconds } from '../../domain/instant.js';
import type { Reservation } from '../../domain/payment.js';
import { stepFromKey } from '../../domain/process/steps.js';
import { orderId, pence } from '../support/examples.js';
import { orderIdNumbered } from '../support/ids.js';
import { createWorld, right, stepPolicy, type World } from '../support/order/world.js';

const taskOf = (key: string): StepTask => {
  const token = 'token';
  const step = stepFromKey(key);
  if (!isTaskToken(token) || step === null) throw new Error(`not a step: ${key}`);
  return { token, orderId, step, run: 1 };
};

const untilReserving: readonly string[] = ['AuthenticateCustomer', 'ValidateOrder', 'ReserveStock'];
const untilReleased: readonly string[] = [...untilReserving, 'ReserveCard.1', 'CommitStock'];

const doAll = async (world: World, ports: StepPorts, steps: readonly string[]): Promise<void> => {
  for (const name of steps) right(name, await createRunStep(ports, stepPolicy)(taskOf(name))());
  expect(alarmsOf(world)).toStrictEqual([]);
};

const alarmsOf = ({ observations }: World) => observations.filter(({ type }) => type === 'alarm');

const alarm = (what: string, of = orderId) => ({ type: 'alarm', orderId: of, what });

/** A processor whose reservations are not quite what was asked for. */
const reserving = (ports: StepPorts, change: (made: Omit<Reservation, 'attempt'>) => object): StepPorts => {
  const { gateway } = ports;
  const reserve: typeof gateway.reserve = (request) => async () => {
    const answer = await gateway.reserve(request)();
    if (E.isLeft(answer) || answer.right.type !== 'reserved') return answer;
    const { reservation } = answer.right;
    return E.right({ type: 'reserved', reservation: { ...reservation, ...change(reservation) } });
  };
  return { ...ports, gateway: { ...gateway, reserve } };
};

describe('a request whose outcome stays unknown', () => {
  it('raises an alarm when the look-ups of the first hours are over, and not before', async () => {
    const world = await createWorld();
    const lost = () => async () => E.left({ type: 'outcome_unknown', reason: 'test' } as const);
    const gateway = { ...world.ports.gateway, reserve: lost, findReservation: lost };
    const ports = { ...world.ports, gateway };
    await doAll(world, ports, untilReserving);
    for (const run of [1, 2, 3, 4]) {
      right('look up', await createRunStep(ports, stepPolicy)({ ...taskOf('ReserveCard.1'), run })());
      expect(alarmsOf(world)).toStrictEqual([]);
    }
    right('look up', await createRunStep(ports, stepPolicy)({ ...taskOf('ReserveCard.1'), run: 5 })());
    expect(alarmsOf(world)).toStrictEqual([
      alarm('ReserveCard.1 cannot succeed: nobody knows what became of the request'),
    ]);
  });
});

describe('a step that cannot succeed raises an alarm', () => {
  it('when the processor holds another amount than it was asked to', async () => {
    const world = await createWorld();
    const ports = reserving(world.ports, () => ({ amount: pence(4_579) }));
    await doAll(world, ports, untilReserving);
    const result = await createRunStep(ports, stepPolicy)(taskOf('ReserveCard.1'))();
    expect(result).toStrictEqual(E.left({ type: 'step_not_done', reason: 'reserved_amount_differs' }));
    expect(alarmsOf(world)).toStrictEqual([alarm('ReserveCard.1 cannot succeed: reserved_amount_differs')]);
  });

  it('when the processor took another amount than it was asked to', async () => {
    const world = await createWorld();
    const { gateway } = world.ports;
    const charge: typeof gateway.charge = (request) => async () => {
      const answer = await gateway.charge(request)();
      if (E.isLeft(answer) || answer.right.type !== 'charged') return answer;
      return E.right({ ...answer.right, amount: pence(1) });
    };
    const ports = { ...world.ports, gateway: { ...gateway, charge } };
    await doAll(world, ports, untilReleased);
    world.advanceTo(plusSeconds(world.system.now(), stepPolicy.settings.graceSeconds));
    await doAll(world, ports, ['ReleaseToWarehouse']);
    await world.workOnFloor(ports, 'Pick');
    await world.workOnFloor(ports, 'Pack');
    const result = await createRunStep(ports, stepPolicy)(taskOf('ChargeCard.1'))();
    expect(result).toStrictEqual(E.left({ type: 'step_not_done', reason: 'charged_amount_differs' }));
    expect(alarmsOf(world)).toStrictEqual([alarm('ChargeCard.1 cannot succeed: charged_amount_differs')]);
  });

  it('when there is no order that it could be a step of', async () => {
    const world = await createWorld();
    const nowhere = orderIdNumbered(99);
    const task = { ...taskOf('ValidateOrder'), orderId: nowhere };
    const result = await createRunStep(world.ports, stepPolicy)(task)();
    expect(result).toStrictEqual(E.left({ type: 'step_not_done', reason: 'order_unknown' }));
    expect(alarmsOf(world)).toStrictEqual([alarm('ValidateOrder cannot succeed: order_unknown', nowhere)]);
  });
});

describe('a step raises no alarm', () => {
  it('when it comes before its time', async () => {
    const world = await createWorld();
    await doAll(world, world.ports, untilReleased);
    const result = await createRunStep(world.ports, stepPolicy)(taskOf('ReleaseToWarehouse'))();
    expect(result).toStrictEqual(E.left({ type: 'step_not_done', reason: 'grace_not_over' }));
    expect(alarmsOf(world)).toStrictEqual([]);
  });

  it('when the hold on the card has run out before the goods are handed over: it is renewed', async () => {
    const world = await createWorld();
    const captureBefore = plusSeconds(world.system.now(), 1_800);
    const ports = reserving(world.ports, () => ({ captureBefore }));
    await doAll(world, ports, untilReleased);
    world.advanceTo(captureBefore);
    const result = await createRunStep(ports, stepPolicy)(taskOf('ReleaseToWarehouse'))();
    expect(result).toStrictEqual(E.left({ type: 'step_not_done', reason: 'reservation_expired' }));
    expect(alarmsOf(world)).toStrictEqual([]);
  });

  it('when what it needs does not answer', async () => {
    const world = await createWorld();
    const away = { type: 'store_unavailable', reason: 'away' } as const;
    const eventStore = { ...world.ports.eventStore, read: () => async () => E.left(away) };
    const result = await createRunStep({ ...world.ports, eventStore }, stepPolicy)(taskOf('ValidateOrder'))();
    expect(result).toStrictEqual(E.left({ type: 'step_not_done', reason: 'store_unavailable' }));
    expect(alarmsOf(world)).toStrictEqual([]);
  });

  it('when the order has outgrown it', async () => {
    const world = await createWorld();
    expect(await world.cancel(false)).toBe(true);
    right('validate', await createRunStep(world.ports, stepPolicy)(taskOf('ValidateOrder'))());
    right('release', await createRunStep(world.ports, stepPolicy)(taskOf('ReleaseToWarehouse'))());
    expect(alarmsOf(world)).toStrictEqual([]);
  });
});
