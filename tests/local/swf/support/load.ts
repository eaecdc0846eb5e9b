import {
  PollForActivityTaskCommand,
  PollForDecisionTaskCommand,
  RegisterActivityTypeCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  RespondActivityTaskCompletedCommand,
  RespondDecisionTaskCompletedCommand,
  SignalWorkflowExecutionCommand,
  StartWorkflowExecutionCommand,
  SWFServiceException,
  type Decision,
  type HistoryEvent,
  type SWFClient,
} from '@aws-sdk/client-swf';
import { signalExternal, startChild } from './decisions.js';
import { complete, scheduleActivity, startTimer, typesOf } from './world.js';

/** Where the load is put. */
export const domain = 'load';
const type = { name: 'type', version: '1' };
const taskList = { name: 'list' };

/** What clients were told, over all lives of a server. */
export interface Told {
  /** The workflowId of each run that was ever seen, by runId. */
  readonly runs: Map<string, string>;
  /** Tokens of the tasks that were handed out. */
  readonly tasks: string[];
  /** Results of activities whose completion was answered. */
  readonly results: Set<string>;
  /** Signals whose acceptance was answered. */
  readonly signals: Set<string>;
  /** Refusals that nobody expected. */
  readonly surprises: string[];
  /** Called after each task and each surprise. */
  noticed: () => void;
}

/** The domain and its types; a lost task is given out again after a second. */
export async function registerLoad(client: SWFClient): Promise<void> {
  const named = { domain, ...type, defaultTaskList: taskList, defaultTaskStartToCloseTimeout: '1' };
  await client.send(new RegisterDomainCommand({ name: domain, workflowExecutionRetentionPeriodInDays: '1' }));
  await client.send(
    new RegisterWorkflowTypeCommand({
      ...named,
      defaultExecutionStartToCloseTimeout: '3600',
      defaultChildPolicy: 'ABANDON',
    }),
  );
  await client.send(
    new RegisterActivityTypeCommand({
      ...named,
      defaultTaskScheduleToStartTimeout: 'NONE',
      defaultTaskScheduleToCloseTimeout: 'NONE',
      defaultTaskHeartbeatTimeout: 'NONE',
    }),
  );
}

/**
 * A workflow with an activity, a timer and a child that signals its parent; the parent ends when all of them have, the
 * child when its signal has arrived. What timed out is scheduled again.
 */
function decisionsFor(workflowId: string, events: readonly HistoryEvent[]): Decision[] {
  const happened = typesOf(events);
  const count = (eventType: string): number => happened.filter((one) => one === eventType).length;
  if (workflowId.startsWith('child-')) {
    if (count('ExternalWorkflowExecutionSignaled') > 0) return [complete];
    if (count('SignalExternalWorkflowExecutionInitiated') > 0) return [];
    return [signalExternal(workflowId.slice('child-'.length), { signalName: workflowId })];
  }
  const open =
    count('ActivityTaskScheduled') - count('ActivityTaskTimedOut') - count('ActivityTaskCompleted');
  const decisions: Decision[] = [];
  if (open === 0 && count('ActivityTaskCompleted') === 0) {
    decisions.push(scheduleActivity(`a${events.length}`, { activityType: type }));
  }
  if (count('TimerStarted') === 0) decisions.push(startTimer('t', '1'));
  if (count('StartChildWorkflowExecutionInitiated') === 0) {
    decisions.push(startChild(`child-${workflowId}`, { workflowType: type }));
  }
  const done = ['ActivityTaskCompleted', 'TimerFired', 'ChildWorkflowExecutionCompleted'];
  return done.every((one) => count(one) > 0) ? [complete] : decisions;
}

/** Drives such workflows until the connection is lost, which ends every loop. */
export function drive(
  client: SWFClient,
  told: Told,
  life: number,
  starting: () => boolean,
): Promise<unknown> {
  const untilLost = async (turn: () => Promise<boolean>): Promise<void> => {
    const lost = (error: unknown): boolean => {
      if (error instanceof SWFServiceException) {
        told.surprises.push(`${error.name} ${error.message}`);
        told.noticed();
      }
      return false;
    };
    for (let going = true; going;) going = await turn().catch(lost);
  };
  let calls = 0;
  const starter = untilLost(async () => {
    if (!starting()) return false;
    calls += 1;
    const workflowId = `w-${life}-${calls}`;
    const started = new StartWorkflowExecutionCommand({ domain, workflowId, workflowType: type });
    const { runId = '' } = await client.send(started);
    told.runs.set(runId, workflowId);
    const input = `s-${life}-${calls}`;
    await client
      .send(new SignalWorkflowExecutionCommand({ domain, workflowId, runId, signalName: 'outside', input }))
      .then(() => told.signals.add(input), onlyUnknown);
    return true;
  });
  const decider = () =>
    untilLost(async () => {
      const task = await client.send(new PollForDecisionTaskCommand({ domain, taskList }));
      const { taskToken, events = [], workflowExecution } = task;
      if (!taskToken) return true;
      told.tasks.push(taskToken);
      told.noticed();
      const { workflowId = '', runId = '' } = workflowExecution ?? {};
      // A start whose answer was lost has happened all the same.
      told.runs.set(runId, workflowId);
      const decisions = decisionsFor(workflowId, events);
      await client.send(new RespondDecisionTaskCompletedCommand({ taskToken, decisions })).catch(onlyUnknown);
      return true;
    });
  const worker = () =>
    untilLost(async () => {
      const { taskToken } = await client.send(new PollForActivityTaskCommand({ domain, taskList }));
      if (!taskToken) return true;
      told.tasks.push(taskToken);
      told.noticed();
      const result = `${life}-${told.tasks.length}`;
      await client
        .send(new RespondActivityTaskCompletedCommand({ taskToken, result }))
        .then(() => told.results.add(result), onlyUnknown);
      return true;
    });
  return Promise.all([starter, decider(), decider(), decider(), worker(), worker()]);
}

/** A task may have timed out in the meantime, and a run have ended; a lost connection goes on. */
function onlyUnknown(error: unknown): void {
  if (error instanceof Error && error.name === 'UnknownResourceFault') return;
  throw error;
}
