// Workers that come back when the order has moved on, and services that forget: cases that take several misfortunes.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { isTaskToken, type StepTask } from '../../application/ports/workflow/process-tasks.js';
import { createRunStep } from '../../application/steps/run-step.js';
import type { PlainStepName } from '../../domain/process/steps.js';
import { orderId } from '../support/examples.js';
import { paymentKeyOf } from '../support/ids.js';
import { expectCleanSlate } from '../support/order/books.js';
import { intercepted } from '../support/order/port-calls.js';
import { runProcess } from '../support/order/process-engine.js';
import { createWorld, right, stepPolicy } from '../support/order/world.js';

const taskOf = (name: PlainStepName): StepTask => {
  const token = 'token';
  if (!isTaskToken(token)) throw new Error('not a token');
  return { token, orderId, step: { name }, run: 1 };
};

describe('a worker that reserves goods while the order is cancelled to its end', () => {
  it('gives them back itself', async () => {
    const world = await createWorld();
    const runStep = createRunStep(world.ports, stepPolicy);
    right('authenticate', await runStep(taskOf('AuthenticateCustomer'))());
    right('validate', await runStep(taskOf('ValidateOrder'))());
    const late = intercepted(world.ports, (name, call) => async () => {
      if (name === 'stock.reserve') {
        expect(await world.cancel(true)).toBe(true);
        right('cancel', await runStep(taskOf('CancelOrder'))());
      }
      return call();
    });
    const situation = right('reserve', await createRunStep(late, stepPolicy)(taskOf('ReserveStock'))());
    expect(situation.stage).toBe('cancelled');
    expect((await world.levels()).map(({ held }) => held)).toStrictEqual([0, 0]);
  });
});

describe('a card processor that forgot the key of a reservation', () => {
  it('is asked for the attempt before it is asked to reserve again', async () => {
    const world = await createWorld();
    const { gateway } = world.ports;
    let calls = 0;
    // What a forgotten key comes to: each request is a new one.
    const reserve: typeof gateway.reserve = (request) =>
      gateway.reserve({ ...request, key: paymentKeyOf(`${request.orderId}:reserve:${(calls += 1)}`) });
    const forgetful = { ...world.ports, gateway: { ...gateway, reserve } };
    const ports = intercepted(forgetful, (name, call, errors) => async () => {
      const answer = await call();
      return name === 'gateway.reserve' && calls === 1 ? E.left(errors.lost) : answer;
    });
    expect((await runProcess(world, { ports })).length).toBeGreaterThan(10);
    await expectCleanSlate(world, ['Completed']);
    expect(calls).toBe(1);
  });
});

describe('a mail whose first attempt is in doubt and whose repeat surely failed', () => {
  it('is repeated once more, and never a third time', async () => {
    const world = await createWorld({ revoked: true });
    let die = (): void => undefined;
    const death = async (): Promise<'died'> =>
      new Promise((resolve) => {
        die = () => resolve('died');
      });
    let sends = 0;
    const ports = intercepted(world.ports, (name, call, errors) => async () => {
      if (name !== 'mailer.send') return call();
      sends += 1;
      if (sends === 2) return E.left(errors.failed);
      const answer = await call();
      if (sends === 1 || sends === 3) {
        die();
        return new Promise<typeof answer>(() => undefined);
      }
      return answer;
    });
    expect((await runProcess(world, { ports, death })).length).toBeGreaterThan(5);
    expect([sends, world.mails.length]).toStrictEqual([3, 2]);
    const told = (await world.events()).flatMap(({ type }) =>
      type.startsWith('Notification') ? [type.replace('Notification', '')] : [],
    );
    expect(told).toStrictEqual([
      ...['Requested', 'PossiblySent', 'Requested', 'NotSent'],
      ...['Requested', 'PossiblySent'],
    ]);
    await expectCleanSlate(world, ['Rejected'], true);
  });
});

describe('a mail whose answer was lost', () => {
  it('is sent once more after a wait, and known to be sent', async () => {
    const world = await createWorld({ revoked: true });
    let sends = 0;
    const ports = intercepted(world.ports, (name, call, errors) => async () => {
      if (name !== 'mailer.send') return call();
      sends += 1;
      return sends === 1 ? E.left(errors.lost) : call();
    });
    await runProcess(world, { ports });
    expect([sends, world.mails.length]).toStrictEqual([2, 1]);
    const told = (await world.events()).flatMap(({ type }) =>
      type.startsWith('Notification') ? [type.replace('Notification', '')] : [],
    );
    expect(told).toStrictEqual(['Requested', 'PossiblySent', 'Requested', 'Sent']);
  });
});
