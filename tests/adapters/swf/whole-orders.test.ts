// Whole orders through the production roles, the real client and a server that speaks SWF's protocol. Only what the
// steps do is a model.
import { StartWorkflowExecutionCommand } from '@aws-sdk/client-swf';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { factsFromHistory } from '../../../adapters/swf/from-history.js';
import { decisionList, workflowIdOf, workflowType } from '../../../adapters/swf/names.js';
import { encodeWorkflowInput } from '../../../adapters/swf/payloads.js';
import { lastDecision } from '../../../adapters/swf/replay.js';
import { createDecider, decideProcess } from '../../../application/roles/decider.js';
import type { StepTask } from '../../../application/ports/workflow/process-tasks.js';
import { createStop, type Stop } from '../../../application/roles/stop-signal.js';
import { createWorker, type RunStep } from '../../../application/roles/worker.js';
import type { Due } from '../../../domain/process/due.js';
import type { ProcessFact } from '../../../domain/process/facts.js';
import { defaultSettings, type ProcessSettings } from '../../../domain/process/limits.js';
import { type Situation, situationOf } from '../../../domain/process/situation.js';
import type { Step } from '../../../domain/process/steps.js';
import { createSystem } from '../../../infrastructure/process/system.js';
import { newModel, orderAfter, orderAfterOutsider, type OrderModel } from '../../process/order-model.js';
import { someOrderId } from '../../process/process-run.js';
import { openSwfRoom, right, type SwfRoom } from './swf-room.js';

const atOnce: ProcessSettings = { ...defaultSettings, graceSeconds: 0, payAgainSeconds: 0 };

let room: SwfRoom;
let stop: Stop;
let running: Promise<unknown>;
/** Resolves when the process was decided to end. */
let ended: Promise<void>;
let order: OrderModel;
let effects: string[];
/** What goes wrong or happens while a step is done; null when nothing does. */
let trouble: (task: StepTask) => Promise<string | null>;

const apply = (step: Step): Situation => {
  const before = order.order;
  order = orderAfter(order, step, 0);
  if (order.order !== before) effects.push(step.name === 'SendMail' ? `SendMail ${step.mail}` : step.name);
  return situationOf(order.order);
};
const runStep: RunStep = (task) => async () => {
  const reason = await trouble(task);
  return reason === null ? E.right(apply(task.step)) : E.left({ type: 'step_not_done', reason });
};

/** People on the floor: take what there is and do it at once. */
const workOnTheFloor = async (): Promise<void> => {
  while (!stop.signal.stopped) {
    const task = await right(room.stepTasks.poll('floor', 'gateway-1'));
    if (task === null) continue;
    await trouble(task);
    expect(await right(room.stepTasks.beat(task.token))).toBe('go_on');
    await right(room.stepTasks.done(task.token, apply(task.step)));
  }
};

beforeEach(async () => {
  // Short pages: every history of these tests comes in several.
  room = await openSwfRoom({ pageLength: 7 });
  stop = createStop();
  order = newModel(atOnce);
  effects = [];
  trouble = async () => null;
  const system = createSystem(new AbortController().signal);
  let end = (): void => undefined;
  ended = new Promise((resolve) => {
    end = resolve;
  });
  const observer = {
    observe: (observation: (typeof room.observations)[number]) => {
      room.observations.push(observation);
      if (observation.type === 'decision_made' && observation.due.includes('end_process')) end();
    },
  };
  const { decisionTasks, stepTasks } = room;
  const decider = createDecider(
    { decisionTasks, system, observer },
    { identity: 'decider-1', concurrency: 2 },
  );
  const workers = (['orders', 'payments', 'mail'] as const).map((group) =>
    createWorker({ stepTasks, system, observer, runStep }, { group, identity: `${group}-1`, concurrency: 2 }),
  );
  running = Promise.all([...[decider, ...workers].map((role) => role.run(stop.signal)), workOnTheFloor()]);
});

afterEach(async () => {
  stop.stop();
  room.stopPolling();
  await running;
  await room.close();
});

/** Starts the process without grace and answers its run. */
const start = async (): Promise<string> => {
  const settings = atOnce;
  const { runId } = await room.clients.caller.send(
    new StartWorkflowExecutionCommand({
      domain: room.settings.domain,
      workflowId: workflowIdOf(someOrderId()),
      workflowType,
      taskList: { name: decisionList },
      input: encodeWorkflowInput({ orderId: someOrderId(), settings }),
      executionStartToCloseTimeout: '600',
      taskStartToCloseTimeout: '10',
      childPolicy: 'TERMINATE',
    }),
  );
  return runId ?? '';
};

const happy = [
  'AuthenticateCustomer',
  'ValidateOrder',
  'ReserveStock',
  'ReserveCard',
  'CommitStock',
  'ReleaseToWarehouse',
  'Pick',
  'Pack',
  'ChargeCard',
  'Ship',
  'CompleteOrder',
];
const without = (text: string): readonly string[] => effects.filter((effect) => !effect.startsWith(text));

describe('an order', () => {
  it('goes from its start to the shipping mail, and every decision of its history is reproducible', async () => {
    const runId = await start();
    await ended;
    expect(without('SendMail')).toEqual(happy);
    expect(effects.filter((effect) => effect.startsWith('SendMail')).sort()).toEqual([
      'SendMail order_confirmed',
      'SendMail order_shipped',
    ]);
    const events = await room.historyOf(someOrderId(), runId);
    expect(events.at(-1)?.eventType).toBe('WorkflowExecutionCompleted');
    expect(events.length).toBeGreaterThan(50);

    const decided: Due[] = [];
    for (const [index, { eventType }] of events.entries()) {
      if (eventType !== 'DecisionTaskCompleted') continue;
      const past = lastDecision(events.slice(0, index + 1));
      decided.push(...decideProcess(factsFromHistory(past?.before ?? [])));
    }
    // What was decided anew from each prefix is what SWF recorded as echoes, in order.
    const echoes = factsFromHistory(events).flatMap((fact: ProcessFact): Due[] =>
      fact.type === 'StepScheduled' ? [{ type: 'schedule_step', step: fact.step, run: fact.run }] : [],
    );
    const steps = decided.filter(({ type }) => type !== 'start_timer' && type !== 'cancel_timer');
    expect(steps).toEqual([...echoes, { type: 'end_process' }]);
    expect(room.observations.filter(({ type }) => type === 'decision_not_reproduced')).toEqual([]);
    expect(room.observations.filter(({ type }) => type === 'fact_not_understood')).toEqual([]);
  });

  it('is undone in order when its customer cancels while stock is reserved', async () => {
    trouble = async ({ step }) => {
      if (step.name === 'CommitStock') {
        order = orderAfterOutsider(order, 0);
        await right(room.orderProcesses.tell(someOrderId(), situationOf(order.order)));
      }
      return null;
    };
    await start();
    await ended;
    expect(without('SendMail order_confirmed')).toEqual([
      ...happy.slice(0, 5),
      'VoidReservation',
      'ReleaseStock',
      'CancelOrder',
      'SendMail order_cancelled',
    ]);
    expect(situationOf(order.order)).toMatchObject({
      stage: 'cancelled',
      payment: 'voided',
      stock: 'released',
      mailsDue: [],
    });
  });

  it('tries a step again after a wait when it failed', async () => {
    trouble = async ({ step, run }) =>
      step.name === 'ReserveStock' && run === 1 ? 'the ledger is away' : null;
    await start();
    await ended;
    expect(without('SendMail')).toEqual(happy);
    expect(room.observations).toContainEqual({
      type: 'step_failed',
      orderId: someOrderId(),
      step: 'ReserveStock',
      run: 1,
      reason: 'the ledger is away',
    });
  });

  it('survives a defect in a step', async () => {
    trouble = ({ step, run }) =>
      step.name === 'ValidateOrder' && run === 1
        ? Promise.reject(new Error('a defect'))
        : Promise.resolve(null);
    await start();
    await ended;
    expect(without('SendMail')).toEqual(happy);
  });
});
