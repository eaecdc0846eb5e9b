// The workflow service as the roles see it, with its rules: a task is given to one poller, a cut poll loses it until its
// time-out, an answer to a closed task is `gone`, a new fact during a decision asks for another, and a process that
// learnt something meanwhile cannot be ended.
import * as E from 'fp-ts/lib/Either.js';
import type { OrderProcesses } from '../../application/ports/workflow/order-processes.js';
import {
  type DecisionTask,
  type DecisionTasks,
  isTaskToken,
  type StepTask,
  type StepTasks,
  type TaskAnswer,
  type TaskToken,
} from '../../application/ports/workflow/process-tasks.js';
import type { OrderId } from '../../domain/ids.js';
import type { Due } from '../../domain/process/due.js';
import { type ProcessFact, timerKey } from '../../domain/process/facts.js';
import { decisionSeconds, limitsOf, type ProcessSettings } from '../../domain/process/limits.js';
import { groupOf, runKey, type Step, type WorkerGroup } from '../../domain/process/steps.js';
import type { Scheduler } from './scheduler.js';

type Activity = {
  readonly execution: Execution;
  readonly token: TaskToken;
  readonly step: Step;
  readonly run: number;
  state: 'waiting' | 'started' | 'closed';
  withdraw: boolean;
  lastBeat: number;
};

type Execution = {
  readonly orderId: OrderId;
  readonly facts: ProcessFact[];
  readonly activities: Map<string, Activity>;
  readonly timers: Map<string, { readonly serial: number }>;
  open: boolean;
  /** Facts that the last completed decision knew. */
  decided: number;
  /** The decision that is asked for or being made. */
  decision: { readonly token: TaskToken; readonly known: number } | null;
  isQueued: boolean;
  /** Something happened that calls for a decision. */
  isUrgent: boolean;
  context: string | null;
};

/** The service with the ports of its three kinds of callers. */
export type WorkflowService = {
  readonly decisionTasks: DecisionTasks;
  readonly stepTasks: StepTasks;
  readonly orderProcesses: OrderProcesses;
  readonly openCount: () => number;
  readonly startedCount: () => number;
};

const pollMilliseconds = 60_000;

/** A line of pollers and of tasks; each task goes to one poller. */
const createLine = <Task>(scheduler: Scheduler) => {
  const tasks: Task[] = [];
  const pollers: Array<(task: Task | null) => void> = [];
  return {
    put: (task: Task): void => {
      const poller = pollers.shift();
      if (poller === undefined) tasks.push(task);
      else poller(task);
    },
    poll: async (): Promise<Task | null> => {
      const task = tasks.shift();
      if (task !== undefined) return task;
      return new Promise((resolve) => {
        pollers.push(resolve);
        scheduler.later(pollMilliseconds, () => {
          const place = pollers.indexOf(resolve);
          if (place >= 0) pollers.splice(place, 1);
          resolve(null);
        });
      });
    },
  };
};

/** A service without any process. */
export const createWorkflowService = (scheduler: Scheduler): WorkflowService => {
  const executions = new Map<OrderId, Execution>();
  const activities = new Map<TaskToken, Activity>();
  const decisions = new Map<TaskToken, Execution>();
  const decisionLine = createLine<Execution>(scheduler);
  const lines = new Map<WorkerGroup, ReturnType<typeof createLine<Activity>>>();
  let serial = 0;
  let started = 0;

  const newToken = (): TaskToken => {
    const token = `token-${(serial += 1)}`;
    if (isTaskToken(token)) return token;
    throw new Error('not a token');
  };
  const lineOf = (group: WorkerGroup) => {
    const line = lines.get(group) ?? createLine<Activity>(scheduler);
    lines.set(group, line);
    return line;
  };

  const later = (seconds: number, work: () => void): void => scheduler.later(seconds * 1000, work);

  const askForDecision = (execution: Execution): void => {
    execution.isUrgent = true;
    if (!execution.open || execution.decision !== null || execution.isQueued) return;
    execution.isQueued = true;
    decisionLine.put(execution);
  };
  const learn = (execution: Execution, fact: ProcessFact): void => {
    if (!execution.open) return;
    execution.facts.push(fact);
    scheduler.note(`${execution.orderId} ${fact.type}`);
    askForDecision(execution);
  };
  const close = (activity: Activity, fact: ProcessFact): void => {
    if (activity.state === 'closed') return;
    activity.state = 'closed';
    learn(activity.execution, fact);
  };
  const timeOut = (activity: Activity): void =>
    close(activity, { type: 'StepTimedOut', step: activity.step, run: activity.run });

  const watchBeats = (activity: Activity, seconds: number): void =>
    later(seconds, () => {
      if (activity.state !== 'started') return;
      if (scheduler.now() - activity.lastBeat >= seconds * 1000) timeOut(activity);
      else watchBeats(activity, seconds);
    });

  const schedule = (execution: Execution, step: Step, run: number): void => {
    const key = runKey(step, run);
    const twin = execution.activities.get(key);
    if (twin !== undefined && twin.state !== 'closed') {
      return learn(execution, { type: 'StepNotScheduled', step, cause: 'ACTIVITY_ID_ALREADY_IN_USE' });
    }
    const token = newToken();
    const activity: Activity = {
      ...{ execution, token, step, run, state: 'waiting', withdraw: false, lastBeat: 0 },
    };
    activities.set(token, activity);
    execution.activities.set(key, activity);
    execution.facts.push({ type: 'StepScheduled', step, run });
    lineOf(groupOf[step.name]).put(activity);
    later(limitsOf(step.name).waitSeconds, () => {
      if (activity.state === 'waiting') timeOut(activity);
    });
  };

  const withdraw = (execution: Execution, step: Step, run: number): void => {
    const activity = execution.activities.get(runKey(step, run));
    execution.facts.push({ type: 'StepWithdrawalRequested', step, run });
    if (activity === undefined) return;
    activity.withdraw = true;
    if (activity.state === 'waiting') close(activity, { type: 'StepWithdrawn', step, run });
  };

  const carryOut = (execution: Execution, due: Due): void => {
    switch (due.type) {
      case 'schedule_step':
        return schedule(execution, due.step, due.run);
      case 'withdraw_step':
        return withdraw(execution, due.step, due.run);
      case 'start_timer': {
        const { timer } = due;
        const key = timerKey(timer);
        if (execution.timers.has(key)) {
          return learn(execution, { type: 'TimerNotStarted', timer, cause: 'TIMER_ID_ALREADY_IN_USE' });
        }
        const mine = { serial: (serial += 1) };
        execution.timers.set(key, mine);
        execution.facts.push({ type: 'TimerStarted', timer });
        return later(due.seconds, () => {
          if (execution.timers.get(key) !== mine) return;
          execution.timers.delete(key);
          learn(execution, { type: 'TimerFired', timer });
        });
      }
      case 'cancel_timer':
        execution.timers.delete(timerKey(due.timer));
        execution.facts.push({ type: 'TimerCancelled', timer: due.timer });
        return;
      case 'end_process':
        execution.open = false;
        for (const activity of execution.activities.values()) activity.state = 'closed';
    }
  };

  const respond = (token: TaskToken, due: readonly Due[], context: string): TaskAnswer => {
    const execution = decisions.get(token);
    if (execution?.decision?.token !== token || !execution.open) return 'gone';
    const { known } = execution.decision;
    execution.decision = null;
    execution.decided = known;
    execution.context = context;
    const learntMeanwhile = execution.facts.length > known;
    execution.isUrgent = learntMeanwhile;
    const ends = due.some(({ type }) => type === 'end_process');
    scheduler.note(`${execution.orderId} decided ${due.map(({ type }) => type).join()}`);
    if (!(ends && learntMeanwhile)) for (const one of due) carryOut(execution, one);
    if (execution.isUrgent) askForDecision(execution);
    return 'accepted';
  };

  const giveDecision = (execution: Execution): DecisionTask => {
    const token = newToken();
    const facts = [...execution.facts];
    execution.isQueued = false;
    execution.decision = { token, known: facts.length };
    decisions.set(token, execution);
    later(decisionSeconds, () => {
      if (execution.decision?.token !== token) return;
      execution.decision = null;
      askForDecision(execution);
    });
    const { orderId, decided, context } = execution;
    return { token, workflowId: `order-${orderId}`, facts, decidedFacts: decided, lastContext: context };
  };

  const giveStep = (activity: Activity): StepTask => {
    const { token, step, run, execution } = activity;
    activity.state = 'started';
    activity.lastBeat = scheduler.now();
    const { workSeconds, beatSeconds } = limitsOf(step.name);
    later(workSeconds, () => timeOut(activity));
    if (beatSeconds !== null) watchBeats(activity, beatSeconds);
    return { token, orderId: execution.orderId, step, run };
  };

  const pollSteps = async (group: WorkerGroup): Promise<StepTask | null> => {
    for (;;) {
      const activity = await lineOf(group).poll();
      if (activity === null) return null;
      if (activity.state === 'waiting') return giveStep(activity);
    }
  };

  const answer = (token: TaskToken, factOf: (activity: Activity) => ProcessFact): TaskAnswer => {
    const activity = activities.get(token);
    if (activity?.state !== 'started' || !activity.execution.open) return 'gone';
    close(activity, factOf(activity));
    return 'accepted';
  };

  const start = (orderId: OrderId, settings: ProcessSettings): 'started' | 'already_running' => {
    if (executions.get(orderId)?.open === true) return 'already_running';
    started += 1;
    const execution: Execution = {
      ...{ orderId, facts: [], activities: new Map(), timers: new Map(), open: true },
      ...{ decided: 0, decision: null, isQueued: false, isUrgent: false, context: null },
    };
    executions.set(orderId, execution);
    learn(execution, { type: 'ProcessStarted', orderId, settings });
    return 'started';
  };

  return {
    decisionTasks: {
      poll: () => async () => {
        for (;;) {
          const execution = await decisionLine.poll();
          if (execution === null) return E.right(null);
          if (execution.open) return E.right(giveDecision(execution));
        }
      },
      respond: (token, due, context) => async () => E.right(respond(token, due, context)),
    },
    stepTasks: {
      poll: (group) => async () => E.right(await pollSteps(group)),
      done: (token, situation) => async () =>
        E.right(answer(token, ({ step, run }) => ({ type: 'StepDone', step, run, situation }))),
      failed: (token, reason) => async () =>
        E.right(answer(token, ({ step, run }) => ({ type: 'StepFailed', step, run, reason }))),
      withdrawn: (token) => async () =>
        E.right(answer(token, ({ step, run }) => ({ type: 'StepWithdrawn', step, run }))),
      beat: (token) => async () => {
        const activity = activities.get(token);
        if (activity?.state !== 'started' || !activity.execution.open) return E.right('gone');
        activity.lastBeat = scheduler.now();
        return E.right(activity.withdraw ? 'withdraw' : 'go_on');
      },
    },
    orderProcesses: {
      start: (orderId, settings) => async () => E.right(start(orderId, settings)),
      tell: (orderId, situation) => async () => {
        const execution = executions.get(orderId);
        if (execution?.open !== true) return E.right('not_running');
        learn(execution, { type: 'OrderChanged', situation });
        return E.right('told');
      },
    },
    openCount: () => [...executions.values()].filter(({ open }) => open).length,
    startedCount: () => started,
  };
};
