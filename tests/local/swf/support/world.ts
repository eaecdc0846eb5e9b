import { Agent } from 'node:http';
import {
  CountPendingActivityTasksCommand,
  CountPendingDecisionTasksCommand,
  DescribeWorkflowExecutionCommand,
  GetWorkflowExecutionHistoryCommand,
  PollForActivityTaskCommand,
  PollForDecisionTaskCommand,
  RegisterActivityTypeCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  RespondActivityTaskCompletedCommand,
  RespondDecisionTaskCompletedCommand,
  SignalWorkflowExecutionCommand,
  StartWorkflowExecutionCommand,
  SWFClient,
  type Decision,
  type HistoryEvent,
  type RespondDecisionTaskCompletedCommandInput,
  type ScheduleActivityTaskDecisionAttributes,
  type StartWorkflowExecutionCommandInput,
} from '@aws-sdk/client-swf';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach } from 'vitest';
import { startSwfLocal, type SwfLocal } from '../../../../infrastructure/local/swf/server.js';
import { virtualClock, type VirtualClock } from './virtual-clock.js';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** The domain of `shop`; it keeps closed runs for seven days. */
export const domain = 'shop';
/** Has all defaults: list `main`, decisions 30 s, executions a day, children abandoned. */
export const workflowType = { name: 'order', version: '1' };
/** Has all defaults: list `main`; 100 s to start, 400 s to close, 200 s of work, heartbeats within 50 s. */
export const activityType = { name: 'charge', version: '1' };
/** A type for children; not registered by `shop`. */
export const childType = { name: 'parcel', version: '1' };
/** The default list of both types. */
export const taskList = { name: 'main' };

const opened: { close(): Promise<void> }[] = [];
const clients: SWFClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

/** A client that neither retries nor shares connections with another. */
export function clientOf(url: string, region = 'eu-west-2'): SWFClient {
  const client = new SWFClient({
    endpoint: url,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 2000 }) }),
  });
  clients.push(client);
  return client;
}

/** A server in memory under a virtual clock; it is closed after the test. */
export async function emptyServer(
  options: { pollSeconds?: number } = {},
): Promise<{ server: SwfLocal; clock: VirtualClock; client: SWFClient }> {
  const clock = virtualClock();
  const server = await startSwfLocal({ port: 0, dataDirectory: null, clock, ...options });
  opened.push(server);
  return { server, clock, client: clientOf(server.url) };
}

/** A domain with one workflow type and one activity type that have all defaults, and short words for what tests do. */
export async function shop() {
  const { server, clock, client } = await emptyServer();
  await registerShop(client);
  return { server, clock, client, ...shopWords(client) };
}

/** Registers the domain and the two types. */
export async function registerShop(client: SWFClient): Promise<void> {
  await client.send(new RegisterDomainCommand({ name: domain, workflowExecutionRetentionPeriodInDays: '7' }));
  await client.send(
    new RegisterWorkflowTypeCommand({
      domain,
      ...workflowType,
      defaultTaskList: taskList,
      defaultTaskStartToCloseTimeout: '30',
      defaultExecutionStartToCloseTimeout: '86400',
      defaultChildPolicy: 'ABANDON',
    }),
  );
  await client.send(
    new RegisterActivityTypeCommand({
      domain,
      ...activityType,
      defaultTaskList: taskList,
      defaultTaskScheduleToStartTimeout: '100',
      defaultTaskScheduleToCloseTimeout: '400',
      defaultTaskStartToCloseTimeout: '200',
      defaultTaskHeartbeatTimeout: '50',
    }),
  );
}

/** Short words for what tests do, through one client. */
export function shopWords(client: SWFClient) {
  const pollDecision = (list = taskList.name) =>
    client.send(new PollForDecisionTaskCommand({ domain, taskList: { name: list } }));
  const pollActivity = (list = taskList.name) =>
    client.send(new PollForActivityTaskCommand({ domain, taskList: { name: list }, identity: 'worker' }));
  const respond = (
    taskToken: string | undefined,
    decisions: Decision[],
    more: Partial<RespondDecisionTaskCompletedCommandInput> = {},
  ) => client.send(new RespondDecisionTaskCompletedCommand({ taskToken, decisions, ...more }));

  return {
    pollDecision,
    pollActivity,
    respond,
    /** Starts a run and returns its names. */
    start: async (workflowId = 'order-1', more: Partial<StartWorkflowExecutionCommandInput> = {}) => {
      const { runId } = await client.send(
        new StartWorkflowExecutionCommand({ domain, workflowId, workflowType, ...more }),
      );
      if (runId === undefined) throw new Error('no runId');
      return { workflowId, runId };
    },
    /** Polls one decision task and answers it with the decisions. */
    decide: async (decisions: Decision[], more: Partial<RespondDecisionTaskCompletedCommandInput> = {}) => {
      const task = await pollDecision(more.taskList?.name);
      const { taskList: _, ...rest } = more;
      await respond(task.taskToken, decisions, rest);
      return task;
    },
    /** Polls one activity task and completes it. */
    work: async (result = 'done') => {
      const task = await pollActivity();
      await client.send(new RespondActivityTaskCompletedCommand({ taskToken: task.taskToken, result }));
      return task;
    },
    signal: (workflowId = 'order-1', signalName = 'hurry') =>
      client.send(new SignalWorkflowExecutionCommand({ domain, workflowId, signalName })),
    history: async (execution: { workflowId: string; runId: string }): Promise<HistoryEvent[]> => {
      const { events = [] } = await client.send(
        new GetWorkflowExecutionHistoryCommand({ domain, execution }),
      );
      return events;
    },
    describe: (execution: { workflowId: string; runId: string }) =>
      client.send(new DescribeWorkflowExecutionCommand({ domain, execution })),
    pendingDecisions: async (list = taskList.name) =>
      (await client.send(new CountPendingDecisionTasksCommand({ domain, taskList: { name: list } }))).count,
    pendingActivities: async (list = taskList.name) =>
      (await client.send(new CountPendingActivityTasksCommand({ domain, taskList: { name: list } }))).count,
  };
}

/** The types of a history's events, in order. */
export function typesOf(events: readonly HistoryEvent[]): string[] {
  return events.map((event) => event.eventType ?? '');
}

/** The attributes of the event with this id. */
export function attributesOf(events: readonly HistoryEvent[], eventId: number): unknown {
  const event = events[eventId - 1];
  return Object.entries(event ?? {}).find(([name]) => name.endsWith('EventAttributes'))?.[1];
}

/** A decision; what is not given comes from the type. */
export function scheduleActivity(
  activityId = 'a',
  more: Partial<ScheduleActivityTaskDecisionAttributes> = {},
): Decision {
  return {
    decisionType: 'ScheduleActivityTask',
    scheduleActivityTaskDecisionAttributes: { activityType, activityId, ...more },
  };
}

/** A decision. */
export function cancelActivity(activityId = 'a'): Decision {
  return {
    decisionType: 'RequestCancelActivityTask',
    requestCancelActivityTaskDecisionAttributes: { activityId },
  };
}

/** A decision; seconds as text. */
export function startTimer(timerId = 't', startToFireTimeout = '10'): Decision {
  return { decisionType: 'StartTimer', startTimerDecisionAttributes: { timerId, startToFireTimeout } };
}

/** A decision. */
export function cancelTimer(timerId = 't'): Decision {
  return { decisionType: 'CancelTimer', cancelTimerDecisionAttributes: { timerId } };
}

/** A decision. */
export function marker(markerName = 'note'): Decision {
  return { decisionType: 'RecordMarker', recordMarkerDecisionAttributes: { markerName, details: 'seen' } };
}

/** A decision with the result `shipped`. */
export const complete: Decision = {
  decisionType: 'CompleteWorkflowExecution',
  completeWorkflowExecutionDecisionAttributes: { result: 'shipped' },
};
