// The decider's and the workers' loops on ports that fail, lose and delay.
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';
import { createDecider } from '../../application/roles/decider.js';
import type { Observation } from '../../application/ports/observer.js';
import type { ProcessServiceError } from '../../application/ports/workflow/order-processes.js';
import {
  type DecisionTask,
  type DecisionTasks,
  isTaskToken,
  type StepTask,
  type StepTasks,
  type TaskAnswer,
  type TaskToken,
} from '../../application/ports/workflow/process-tasks.js';
import { createStop, type Stop } from '../../application/roles/stop-signal.js';
import { createWorker, type RunStep } from '../../application/roles/worker.js';
import type { Due } from '../../domain/process/due.js';
import type { ProcessFact } from '../../domain/process/facts.js';
import { newOrder } from './order-model.js';
import { someOrderId, someSettings } from './process-run.js';
import { virtualSystem } from './virtual-system.js';

const tokenOf = (text: string): TaskToken => {
  if (isTaskToken(text)) return text;
  throw new Error('not a token');
};
const unavailable: ProcessServiceError = { type: 'process_service_unavailable', reason: 'down' };

/** Answers one after another; the stop is given when they are used up. */
const script = <Answer>(stop: Stop, answers: readonly Answer[], last: Answer): (() => Answer) => {
  let place = 0;
  return () => {
    if (place >= answers.length) stop.stop();
    const answer = answers[place];
    place += 1;
    return answer ?? last;
  };
};

type Polled<Task> = E.Either<ProcessServiceError, Task | null>;
const nothing = E.right(null);

const started: ProcessFact = { type: 'ProcessStarted', orderId: someOrderId(), settings: someSettings };
const decisionTask = (facts: readonly ProcessFact[], decidedFacts = 0): DecisionTask => ({
  token: tokenOf('decision'),
  workflowId: 'order-1',
  facts,
  decidedFacts,
  lastContext: null,
});
const first: Due = { type: 'schedule_step', step: { name: 'AuthenticateCustomer' }, run: 1 };

/** Runs a decider on scripted polls and answers until both are used up. */
const decide = async (
  polls: readonly Polled<DecisionTask>[],
  answers: readonly E.Either<ProcessServiceError, TaskAnswer>[] = [],
) => {
  const stop = createStop();
  const system = virtualSystem();
  const observations: Observation[] = [];
  const responded: (readonly Due[])[] = [];
  const contexts: string[] = [];
  const poll = script<Polled<DecisionTask>>(stop, polls, nothing);
  let place = 0;
  const decisionTasks: DecisionTasks = {
    poll: () => async () => poll(),
    respond: (_, due, context) => async () => {
      responded.push(due);
      contexts.push(context);
      place += 1;
      return answers[place - 1] ?? E.right('accepted');
    },
  };
  const observer = { observe: (observation: Observation) => void observations.push(observation) };
  await createDecider({ decisionTasks, system, observer }, { identity: 'd', concurrency: 1 }).run(
    stop.signal,
  );
  return { waits: system.waits, observations, responded, contexts };
};

describe('the decider', () => {
  it('answers a task with what is due, and with its own version', async () => {
    const { responded, contexts, observations } = await decide([E.right(decisionTask([started]))]);
    expect(responded).toEqual([[first]]);
    expect(contexts).toEqual(['decider 2']);
    expect(observations).toEqual([{ type: 'decision_made', workflowId: 'order-1', due: ['schedule_step'] }]);
  });

  it('answers also when nothing is due', async () => {
    const open: ProcessFact = { type: 'StepScheduled', step: { name: 'AuthenticateCustomer' }, run: 1 };
    const { responded } = await decide([E.right(decisionTask([started, open]))]);
    expect(responded).toEqual([[]]);
  });

  it('pauses longer and longer while the service fails, and anew after it has answered', async () => {
    const failures = Array.from({ length: 8 }, () => E.left(unavailable));
    const { waits, observations } = await decide([
      ...failures,
      E.right(decisionTask([started])),
      E.left(unavailable),
    ]);
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 15000, 15000, 250]);
    expect(observations.filter(({ type }) => type === 'role_hindered')).toHaveLength(9);
  });

  it('does not spin when empty polls return at once', async () => {
    const { waits } = await decide([nothing, nothing, nothing]);
    expect(waits).toEqual([200, 200, 200]);
  });

  it('repeats an answer that was not taken, four times at most', async () => {
    const lost = Array.from({ length: 9 }, () => E.left(unavailable));
    const twice = await decide([E.right(decisionTask([started]))], lost.slice(0, 1));
    expect(twice.responded).toEqual([[first], [first]]);
    const given = await decide([E.right(decisionTask([started]))], lost);
    expect(given.responded).toHaveLength(4);
    expect(given.observations).toEqual([{ type: 'role_hindered', role: 'decider', reason: 'down' }]);
  });

  it('forgets a task that is gone', async () => {
    const { responded, observations } = await decide([E.right(decisionTask([started]))], [E.right('gone')]);
    expect(responded).toHaveLength(1);
    expect(observations).toEqual([]);
  });

  it('waits before it asks for a timer that the service has just refused', async () => {
    const failed: ProcessFact = { type: 'StepTimedOut', step: { name: 'AuthenticateCustomer' }, run: 1 };
    const refused: ProcessFact = {
      type: 'TimerNotStarted',
      timer: { name: 'retry', step: { name: 'AuthenticateCustomer' }, run: 1 },
      cause: 'TIMER_CREATION_RATE_EXCEEDED',
    };
    const { waits } = await decide([
      E.right(decisionTask([started, failed, refused])),
      E.right(decisionTask([started, failed, refused, refused, refused])),
      E.right(decisionTask([started, refused, failed])),
    ]);
    expect(waits).toEqual([250, 1000]);
  });

  it('says of each odd fact once that it was not understood', async () => {
    const odd = (what: string): ProcessFact => ({ type: 'NotUnderstood', what });
    const { observations } = await decide([E.right(decisionTask([started, odd('old'), odd('new')], 2))]);
    expect(observations.filter(({ type }) => type === 'fact_not_understood')).toEqual([
      { type: 'fact_not_understood', workflowId: 'order-1', what: 'new' },
    ]);
  });

  it('runs again after it was stopped', async () => {
    const stop = createStop();
    stop.stop();
    let polls = 0;
    const decisionTasks: DecisionTasks = {
      poll: () => async () => {
        polls += 1;
        again.stop();
        return nothing;
      },
      respond: () => TE.right('accepted'),
    };
    const again = createStop();
    const observer = { observe: () => undefined };
    const decider = createDecider(
      { decisionTasks, system: virtualSystem(), observer },
      { identity: 'd', concurrency: 3 },
    );
    await decider.run(stop.signal);
    expect(polls).toBe(0);
    await decider.run(again.signal);
    expect(polls).toBeGreaterThan(0);
  });
});

const stepTask: StepTask = {
  token: tokenOf('step'),
  orderId: someOrderId(),
  step: { name: 'ReserveStock' },
  run: 2,
};

/** Runs a worker on scripted polls and answers until the polls are used up. */
const workOn = async (
  polls: readonly Polled<StepTask>[],
  runStep: (stop: Stop) => RunStep,
  answers: readonly E.Either<ProcessServiceError, TaskAnswer>[] = [],
) => {
  const stop = createStop();
  const system = virtualSystem();
  const observations: Observation[] = [];
  const calls: string[] = [];
  const poll = script<Polled<StepTask>>(stop, polls, nothing);
  let place = 0;
  const answer = (call: string) => async () => {
    calls.push(call);
    place += 1;
    return answers[place - 1] ?? E.right('accepted' as const);
  };
  const stepTasks: StepTasks = {
    poll: (group) => async () => {
      calls.push(`poll ${group}`);
      return poll();
    },
    done: (_, situation) => answer(`done ${situation.revision}`),
    failed: (_, reason) => answer(`failed ${reason}`),
    withdrawn: () => answer('withdrawn'),
    beat: () => TE.right('go_on'),
  };
  const observer = { observe: (observation: Observation) => void observations.push(observation) };
  const worker = createWorker(
    { stepTasks, system, observer, runStep: runStep(stop) },
    { group: 'orders', identity: 'w', concurrency: 1 },
  );
  await worker.run(stop.signal);
  return { calls, waits: system.waits, observations };
};

describe('a worker', () => {
  const done = (): RunStep => () => TE.right(newOrder);
  const about = { orderId: someOrderId(), step: 'ReserveStock' };

  it('does steps of its group and says where the order then stands', async () => {
    const { calls, observations } = await workOn([E.right(stepTask)], done);
    expect(calls).toEqual(['poll orders', 'done 0', 'poll orders']);
    expect(observations).toEqual([{ type: 'step_finished', ...about, run: 2, milliseconds: 0 }]);
  });

  it('says why a step was not done', async () => {
    const { calls, observations } = await workOn(
      [E.right(stepTask)],
      () => () => TE.left({ type: 'step_not_done', reason: 'ledger away' }),
    );
    expect(calls).toContain('failed ledger away');
    expect(observations).toEqual([{ type: 'step_failed', ...about, run: 2, reason: 'ledger away' }]);
  });

  it('outlives a defect in a step, without repeating its message', async () => {
    const { calls } = await workOn(
      [E.right(stepTask), E.right(stepTask)],
      () => () => () => Promise.reject(new Error('ada@example.com')),
    );
    const answer = 'failed the step ended with an unexpected error';
    expect(calls).toEqual(['poll orders', answer, 'poll orders', answer, 'poll orders']);
  });

  it('finishes and answers what is in hand when it is stopped, and asks for nothing more', async () => {
    const { calls } = await workOn([E.right(stepTask), E.right(stepTask)], (stop) => () => async () => {
      stop.stop();
      return E.right(newOrder);
    });
    expect(calls).toEqual(['poll orders', 'done 0']);
  });

  it('repeats an answer that was not taken, without doing the step again', async () => {
    let runs = 0;
    const { calls, waits } = await workOn(
      [E.right(stepTask)],
      () => () => async () => {
        runs += 1;
        return E.right(newOrder);
      },
      [E.left(unavailable), E.left(unavailable)],
    );
    expect(calls.filter((call) => call === 'done 0')).toHaveLength(3);
    expect(waits.slice(0, 2)).toEqual([250, 500]);
    expect(runs).toBe(1);
  });

  it('gives an answer up after five, and goes on', async () => {
    const lost = Array.from({ length: 5 }, () => E.left(unavailable));
    const { calls, observations } = await workOn([E.right(stepTask), E.right(stepTask)], done, lost);
    expect(calls.filter((call) => call === 'done 0')).toHaveLength(6);
    expect(observations[0]).toEqual({ type: 'role_hindered', role: 'worker-orders', reason: 'down' });
  });

  it('says when its task was gone', async () => {
    const { observations } = await workOn([E.right(stepTask)], done, [E.right('gone')]);
    expect(observations).toEqual([{ type: 'task_gone', ...about }]);
  });
});
