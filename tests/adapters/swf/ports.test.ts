// The three ports through the real client against a server that speaks SWF's protocol.
import {
  RespondDecisionTaskCompletedCommand,
  SignalWorkflowExecutionCommand,
  StartWorkflowExecutionCommand,
} from '@aws-sdk/client-swf';
import * as E from 'fp-ts/lib/Either.js';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activityVersion, decisionList, workflowIdOf, workflowType } from '../../../adapters/swf/names.js';
import { createOrderProcesses } from '../../../adapters/swf/order-processes.js';
import { registerTypes } from '../../../adapters/swf/registration.js';
import { createStepTasks } from '../../../adapters/swf/step-tasks.js';
import { decideProcess } from '../../../application/roles/decider.js';
import type { DecisionTask, StepTask } from '../../../application/ports/workflow/process-tasks.js';
import { isOrderId, type OrderId } from '../../../domain/ids.js';
import { stepNames } from '../../../domain/process/steps.js';
import { openSwfClients } from '../../../infrastructure/aws-clients/swf.js';
import { newOrder } from '../../process/order-model.js';
import { someSettings } from '../../process/process-run.js';
import { openSwfRoom, right, type SwfRoom } from './swf-room.js';

const newOrderId = (): OrderId => {
  const id = randomUUID();
  if (isOrderId(id)) return id;
  throw new Error('not an order id');
};

let room: SwfRoom;
beforeEach(async () => {
  room = await openSwfRoom();
});
afterEach(() => room.close());

const decision = async (): Promise<DecisionTask> => {
  const task = await right(room.decisionTasks.poll('decider-1'));
  if (task === null) throw new Error('no decision task');
  return task;
};
const step = async (): Promise<StepTask> => {
  const task = await right(room.stepTasks.poll('orders', 'worker-1'));
  if (task === null) throw new Error('no step task');
  return task;
};
/** Starts a process and lets the first decision schedule the first step. */
const started = async (): Promise<OrderId> => {
  const orderId = newOrderId();
  await right(room.orderProcesses.start(orderId, someSettings));
  const first = await decision();
  await right(room.decisionTasks.respond(first.token, decideProcess(first.facts), 'first'));
  return orderId;
};

describe('registration', () => {
  it('may be repeated, and names everything it registered', async () => {
    const again = await right(registerTypes(room.clients.caller, room.settings));
    expect(again).toHaveLength(stepNames.length + 2);
    expect(again.every(({ outcome }) => outcome === 'known')).toBe(true);
    const elsewhere = await right(
      registerTypes(room.clients.caller, { ...room.settings, domain: 'checkout-other' }),
    );
    expect(elsewhere.every(({ outcome }) => outcome === 'registered')).toBe(true);
  });
});

describe('order processes', () => {
  it('run once at a time per order', async () => {
    const orderId = newOrderId();
    expect(await right(room.orderProcesses.start(orderId, someSettings))).toBe('started');
    expect(await right(room.orderProcesses.start(orderId, someSettings))).toBe('already_running');
  });

  it('are told of changes while they run', async () => {
    const orderId = newOrderId();
    expect(await right(room.orderProcesses.tell(orderId, newOrder))).toBe('not_running');
    await right(room.orderProcesses.start(orderId, someSettings));
    expect(await right(room.orderProcesses.tell(orderId, newOrder))).toBe('told');
    expect((await decision()).facts).toEqual([
      { type: 'ProcessStarted', orderId, settings: someSettings },
      { type: 'OrderChanged', situation: newOrder },
    ]);
  });

  it('answer with an error where the domain is not registered', async () => {
    const lost = createOrderProcesses(room.clients.caller, { domain: 'nowhere' });
    const error = E.left({
      type: 'process_service_unavailable',
      reason: 'UnknownResourceFault (HTTP 400)',
    });
    expect(await lost.start(newOrderId(), someSettings)()).toEqual(error);
    expect(await lost.tell(newOrderId(), newOrder)()).toEqual(error);
  });
});

describe('decision tasks', () => {
  it('are none when nothing waits', async () => {
    expect(await right(room.decisionTasks.poll('decider-1'))).toBeNull();
  });

  it('bring what the process learnt, and the context of the decision before', async () => {
    const orderId = await started();
    const { token } = await step();
    await right(room.stepTasks.done(token, newOrder));
    const second = await decision();
    expect(second).toMatchObject({
      workflowId: workflowIdOf(orderId),
      lastContext: 'first',
      decidedFacts: 1,
    });
    expect(second.facts).toEqual([
      { type: 'ProcessStarted', orderId, settings: someSettings },
      { type: 'StepScheduled', step: { name: 'AuthenticateCustomer' }, run: 1 },
      { type: 'StepDone', step: { name: 'AuthenticateCustomer' }, run: 1, situation: newOrder },
    ]);
    expect(room.observations).toEqual([]);
  });

  it('are gone once answered', async () => {
    await right(room.orderProcesses.start(newOrderId(), someSettings));
    const { token } = await decision();
    expect(await right(room.decisionTasks.respond(token, [], 'x'))).toBe('accepted');
    expect(await right(room.decisionTasks.respond(token, [], 'x'))).toBe('gone');
  });

  it('say so when the decision before is not reproduced', async () => {
    const orderId = newOrderId();
    await right(room.orderProcesses.start(orderId, someSettings));
    const first = await decision();
    await right(
      room.decisionTasks.respond(
        first.token,
        [{ type: 'start_timer', timer: { name: 'wait', step: { name: 'ReleaseToWarehouse' } }, seconds: 99 }],
        'x',
      ),
    );
    await right(room.orderProcesses.tell(orderId, newOrder));
    await decision();
    expect(room.observations).toEqual([
      { type: 'decision_not_reproduced', workflowId: workflowIdOf(orderId) },
    ]);
  });

  it('end the process', async () => {
    const orderId = newOrderId();
    await right(room.orderProcesses.start(orderId, someSettings));
    const { token } = await decision();
    expect(await right(room.decisionTasks.respond(token, [{ type: 'end_process' }], 'x'))).toBe('accepted');
    expect(await right(room.orderProcesses.tell(orderId, newOrder))).toBe('not_running');
    expect(await right(room.orderProcesses.start(orderId, someSettings))).toBe('started');
  });

  it('keep what was not understood as facts', async () => {
    const orderId = newOrderId();
    await right(room.orderProcesses.start(orderId, someSettings));
    await room.clients.caller.send(
      new SignalWorkflowExecutionCommand({
        domain: room.settings.domain,
        workflowId: workflowIdOf(orderId),
        signalName: 'Unheard',
      }),
    );
    expect((await decision()).facts.at(-1)).toEqual({
      type: 'NotUnderstood',
      what: 'event 3 WorkflowExecutionSignaled: an unknown signal',
    });
  });
});

describe('step tasks', () => {
  it('are none when nothing waits', async () => {
    expect(await right(room.stepTasks.poll('mail', 'worker-1'))).toBeNull();
  });

  it('name the order, the step and the run, and are given out by group', async () => {
    const orderId = await started();
    expect(await right(room.stepTasks.poll('payments', 'worker-1'))).toBeNull();
    expect(await step()).toMatchObject({ orderId, step: { name: 'AuthenticateCustomer' }, run: 1 });
  });

  it('are gone once answered', async () => {
    await started();
    const { token } = await step();
    expect(await right(room.stepTasks.done(token, newOrder))).toBe('accepted');
    expect(await right(room.stepTasks.done(token, newOrder))).toBe('gone');
    expect(await right(room.stepTasks.failed(token, 'late'))).toBe('gone');
    expect(await right(room.stepTasks.withdrawn(token))).toBe('gone');
    expect(await right(room.stepTasks.beat(token))).toBe('gone');
  });

  it('fail with a reason', async () => {
    await started();
    const { token } = await step();
    expect(await right(room.stepTasks.failed(token, 'the database is away'))).toBe('accepted');
    expect((await decision()).facts.at(-1)).toEqual({
      type: 'StepFailed',
      step: { name: 'AuthenticateCustomer' },
      run: 1,
      reason: 'the database is away',
    });
  });

  it('learn from a sign of life that the process does not want them any more', async () => {
    const orderId = newOrderId();
    await right(room.orderProcesses.start(orderId, someSettings));
    const pick = { step: { name: 'Pick' }, run: 1 } as const;
    const first = await decision();
    await right(room.decisionTasks.respond(first.token, [{ type: 'schedule_step', ...pick }], 'x'));
    const task = await right(room.stepTasks.poll('floor', 'gateway-1'));
    if (task === null) throw new Error('no floor task');
    expect(await right(room.stepTasks.beat(task.token))).toBe('go_on');
    await right(room.orderProcesses.tell(orderId, newOrder));
    const second = await decision();
    await right(room.decisionTasks.respond(second.token, [{ type: 'withdraw_step', ...pick }], 'x'));
    expect(await right(room.stepTasks.beat(task.token))).toBe('withdraw');
    expect(await right(room.stepTasks.withdrawn(task.token))).toBe('accepted');
    expect((await decision()).facts.slice(-2)).toEqual([
      { type: 'StepWithdrawalRequested', ...pick },
      { type: 'StepWithdrawn', ...pick },
    ]);
  });

  const schedule = async (workflowId: string, activityId: string, input: string): Promise<void> => {
    const { domain } = room.settings;
    await room.clients.caller.send(
      new StartWorkflowExecutionCommand({
        domain,
        workflowId,
        workflowType,
        taskList: { name: decisionList },
        executionStartToCloseTimeout: '600',
        taskStartToCloseTimeout: '60',
        childPolicy: 'TERMINATE',
      }),
    );
    const { token } = await decision();
    await room.clients.caller.send(
      new RespondDecisionTaskCompletedCommand({
        taskToken: token,
        decisions: [
          {
            decisionType: 'ScheduleActivityTask',
            scheduleActivityTaskDecisionAttributes: {
              activityType: { name: 'Pick', version: activityVersion },
              activityId,
              input,
              taskList: { name: 'orders' },
              scheduleToStartTimeout: '60',
              startToCloseTimeout: '60',
              scheduleToCloseTimeout: '120',
              heartbeatTimeout: 'NONE',
            },
          },
        ],
      }),
    );
  };

  it.each([
    ['of no order', 'another', 'Pick-1', '{"v":2,"step":"Pick","run":1}', 'the workflow is not of an order'],
    ['with other input', null, 'Pick-1', 'hello', 'the input was not understood: $: JSON'],
    [
      'with two names',
      null,
      'Pick-1',
      '{"v":2,"step":"Pick","run":2}',
      'the input and the activity id name different runs',
    ],
    [
      'of another group',
      null,
      'Pick-1',
      '{"v":2,"step":"Pick","run":1}',
      'the step is not done by the group orders',
    ],
  ])('%s are answered with a reason and not handed on', async (_, workflowId, activityId, input, reason) => {
    await schedule(workflowId ?? workflowIdOf(newOrderId()), activityId, input);
    expect(await right(room.stepTasks.poll('orders', 'worker-1'))).toBeNull();
    expect((await decision()).facts.at(-1)).toEqual({
      type: 'StepFailed',
      step: { name: 'Pick' },
      run: 1,
      reason,
    });
  });
});

describe('polls', () => {
  it('end at once when the role stops, and are not made after that', async () => {
    const open = right(room.stepTasks.poll('orders', 'worker-1'));
    room.stopPolling();
    expect(await open).toBeNull();
    expect(await right(room.decisionTasks.poll('decider-1'))).toBeNull();
  });

  it('wait in any number for the same end, and Node does not take them for a leak', async () => {
    const warnings: string[] = [];
    const listen = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', listen);
    const open = Array.from({ length: 15 }, () => right(room.stepTasks.poll('orders', 'worker-1')));
    // A call that comes back shows that the polls before it have been sent.
    await right(room.orderProcesses.tell(newOrderId(), newOrder));
    room.stopPolling();
    expect(await Promise.all(open)).toEqual(open.map(() => null));
    process.off('warning', listen);
    expect(warnings).not.toContain('MaxListenersExceededWarning');
  });

  it('are errors where the service is absent, without its address or our keys', async () => {
    const clients = openSwfClients({
      endpoint: 'http://127.0.0.1:9',
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' },
      maxSockets: 1,
    });
    const stopping = new AbortController().signal;
    const refused = await createStepTasks(clients, { ...room.settings, stopping }).poll(
      'orders',
      'worker-1',
    )();
    clients.close();
    expect(E.isLeft(refused) && refused.left.type).toBe('process_service_unavailable');
    expect(JSON.stringify(refused)).not.toMatch(/127\.0\.0\.1|AKID/);
  });
});
