/** What each member of each request may be, as the service model says it; `?` marks members that may be left out. */

const atMost = (length: number) => `have length less than or equal to ${length}`;
const atLeastOne = 'have length greater than or equal to 1';
const pattern = 'satisfy regular expression pattern';
const characters = (count: number) => 'x'.repeat(count);

const names = ['a:b', 'a/b', 'a|b', 'a\u0000b', 'a\u009fb', 'arn'].map((bad) => [bad, pattern] as const);
const padded = [' a', 'a ', 'a\n'].map((bad) => [bad, pattern] as const);
const textOf = (least: 0 | 1, most: number) => ({
  bad: [[characters(most + 1), atMost(most)] as const, ...(least === 1 ? [['', atLeastOne] as const] : [])],
  good: [characters(most)],
});
const nameOf = (most: number) => ({
  bad: [[characters(most + 1), atMost(most)] as const, ...names],
  good: ['arn.'],
});
const enumOf = (...values: string[]) => ({
  bad: [[values[0]?.toLowerCase() ?? '', `satisfy enum value set: [${values.join(', ')}]`] as const],
  good: values,
});

/** Bad values with the rule that they break, and extreme values that are good. */
export const kinds = {
  'a name': nameOf(256),
  'a trimmed name': { ...nameOf(256), bad: [...nameOf(256).bad, ...padded] },
  'a version': nameOf(64),
  'a label': textOf(1, 256),
  'a text of 64': textOf(0, 64),
  'a runId': textOf(1, 64),
  'a function name': textOf(1, 64),
  'a tag': textOf(0, 256),
  'a remark': textOf(0, 256),
  'a description': textOf(0, 1024),
  data: textOf(0, 32_768),
  'heartbeat details': textOf(0, 2048),
  'a token': textOf(1, 1024),
  'a page token': { ...textOf(0, 2048), good: [] },
  'an ARN': textOf(1, 1600),
  'a task time-out': {
    bad: [
      ['123456789', atMost(8)] as const,
      ...['-1', '1.5', 'none', '5s'].map((bad) => [bad, pattern] as const),
    ],
    good: ['NONE', '0', '99999999', ''],
  },
  'an execution time-out': {
    bad: ['NONE', '-1', '31536001'].map((bad) => [bad, pattern] as const),
    good: ['31536000', ''],
  },
  'a timer': {
    bad: [['123456789', atMost(8)] as const, ...['NONE', '-1', 'x'].map((bad) => [bad, pattern] as const)],
    good: ['0', '99999999'],
  },
  'a function time-out': {
    bad: ['0', '901', 'NONE'].map((bad) => [bad, pattern] as const),
    good: ['1', '900'],
  },
  'a retention': {
    bad: ['91', '-1', 'none', '1.5'].map((bad) => [bad, pattern] as const),
    good: ['0', '90', 'NONE'],
  },
  'a priority': {
    bad: ['2147483648', '-2147483649', 'high', ''].map((bad) => [bad, pattern] as const),
    good: ['2147483647', '-2147483648'],
  },
  'a list of tags': {
    bad: [[['1', '2', '3', '4', '5', '6'], atMost(5)] as const],
    good: [['1', '2', '3', '4', '5']],
  },
  'a page size': {
    bad: [
      [1001, 'have value less than or equal to 1000'] as const,
      [-1, 'have value greater than or equal to 0'] as const,
    ],
    good: [0, 1000],
  },
  'a child policy': enumOf('TERMINATE', 'REQUEST_CANCEL', 'ABANDON'),
  'a registration status': enumOf('REGISTERED', 'DEPRECATED'),
  'a close status': enumOf('COMPLETED', 'FAILED', 'CANCELED', 'TERMINATED', 'CONTINUED_AS_NEW', 'TIMED_OUT'),
} satisfies Record<string, { bad: readonly (readonly [unknown, string])[]; good: readonly unknown[] }>;

/** The name of a kind of members. */
export type Kind = keyof typeof kinds;

interface Input {
  /** A request in which everything is right. */
  readonly body: object;
  readonly members: Readonly<Record<string, Kind>>;
  /** A member that is needed, too, but has no limits of its own. */
  readonly alsoNeeded?: string;
}

const d = { domain: 'd' };
const domain = { domain: 'a trimmed name' } as const;
const execution = { workflowId: 'w', runId: 'r' };
const type = { name: 'n', version: '1' };
const workflowType = { 'workflowType.name': 'a name', 'workflowType.version': 'a version' } as const;
const activityType = { 'activityType.name': 'a name', 'activityType.version': 'a version' } as const;
const paging = { '?nextPageToken': 'a page token', '?maximumPageSize': 'a page size' } as const;
const filters = {
  '?executionFilter.workflowId': 'a name',
  '?typeFilter.name': 'a name',
  '?tagFilter.tag': 'a tag',
} as const;
const typeFilter = { typeFilter: { name: 'n' } };
const since = { oldestDate: 0 };
const oneWorkflowType: Input = {
  body: { ...d, workflowType: type },
  members: { ...domain, ...workflowType },
};
const oneActivityType: Input = {
  body: { ...d, activityType: type },
  members: { ...domain, ...activityType },
};
const oneDomain: Input = { body: { name: 'd' }, members: { name: 'a trimmed name' } };
const types: Input = {
  body: { ...d, registrationStatus: 'REGISTERED' },
  members: { ...domain, registrationStatus: 'a registration status', '?name': 'a name', ...paging },
};
const oneRun: Input = {
  body: { ...d, execution },
  members: { ...domain, 'execution.workflowId': 'a name', 'execution.runId': 'a runId' },
};
const oneList: Input = {
  body: { ...d, taskList: { name: 'l' } },
  members: { ...domain, 'taskList.name': 'a trimmed name' },
};
const openRuns: Input = {
  body: { ...d, startTimeFilter: since },
  members: { ...domain, ...filters },
  alsoNeeded: 'startTimeFilter',
};
const closedRuns: Input = {
  body: { ...d, startTimeFilter: since },
  members: { ...domain, '?closeStatusFilter.status': 'a close status' },
};
const address = { ...domain, workflowId: 'a name', '?runId': 'a text of 64' } as const;
const starting = {
  executionStartToCloseTimeout: 'an execution time-out',
  'taskList.name': 'a name',
  taskPriority: 'a priority',
  taskStartToCloseTimeout: 'a task time-out',
  childPolicy: 'a child policy',
  tagList: 'a list of tags',
  lambdaRole: 'an ARN',
  input: 'data',
} as const;

/** By action. */
export const inputs: Readonly<Record<string, Input>> = {
  CountClosedWorkflowExecutions: closedRuns,
  CountOpenWorkflowExecutions: openRuns,
  CountPendingActivityTasks: oneList,
  CountPendingDecisionTasks: oneList,
  DeleteActivityType: oneActivityType,
  DeleteWorkflowType: oneWorkflowType,
  DeprecateActivityType: oneActivityType,
  DeprecateDomain: oneDomain,
  DeprecateWorkflowType: oneWorkflowType,
  DescribeActivityType: oneActivityType,
  DescribeDomain: oneDomain,
  DescribeWorkflowExecution: oneRun,
  DescribeWorkflowType: oneWorkflowType,
  GetWorkflowExecutionHistory: { ...oneRun, members: { ...oneRun.members, ...paging } },
  ListActivityTypes: types,
  ListClosedWorkflowExecutions: { ...closedRuns, members: { ...closedRuns.members, ...filters, ...paging } },
  ListDomains: {
    body: { registrationStatus: 'REGISTERED' },
    members: { registrationStatus: 'a registration status', ...paging },
  },
  ListOpenWorkflowExecutions: {
    body: { ...openRuns.body, ...typeFilter },
    members: { ...domain, '?typeFilter.version': 'a text of 64', ...paging },
    alsoNeeded: 'startTimeFilter',
  },
  ListTagsForResource: { body: { resourceArn: 'a' }, members: { resourceArn: 'an ARN' } },
  ListWorkflowTypes: types,
  PollForActivityTask: {
    body: { ...d, taskList: { name: 'l' } },
    members: { ...oneList.members, '?identity': 'a remark' },
  },
  PollForDecisionTask: {
    body: { ...d, taskList: { name: 'l' } },
    members: { ...oneList.members, '?identity': 'a remark', ...paging },
  },
  RecordActivityTaskHeartbeat: {
    body: { taskToken: 't' },
    members: { taskToken: 'a token', '?details': 'heartbeat details' },
  },
  RegisterActivityType: {
    body: { ...d, ...type },
    members: {
      ...domain,
      name: 'a name',
      version: 'a version',
      '?description': 'a description',
      '?defaultTaskStartToCloseTimeout': 'a task time-out',
      '?defaultTaskHeartbeatTimeout': 'a task time-out',
      '?defaultTaskList.name': 'a name',
      '?defaultTaskPriority': 'a priority',
      '?defaultTaskScheduleToStartTimeout': 'a task time-out',
      '?defaultTaskScheduleToCloseTimeout': 'a task time-out',
    },
  },
  RegisterDomain: {
    body: { name: 'd', workflowExecutionRetentionPeriodInDays: '1' },
    members: {
      name: 'a trimmed name',
      workflowExecutionRetentionPeriodInDays: 'a retention',
      '?description': 'a description',
    },
  },
  RegisterWorkflowType: {
    body: { ...d, ...type },
    members: {
      ...domain,
      name: 'a name',
      version: 'a version',
      '?description': 'a description',
      '?defaultTaskStartToCloseTimeout': 'a task time-out',
      '?defaultExecutionStartToCloseTimeout': 'an execution time-out',
      '?defaultTaskList.name': 'a name',
      '?defaultTaskPriority': 'a priority',
      '?defaultChildPolicy': 'a child policy',
      '?defaultLambdaRole': 'an ARN',
    },
  },
  RequestCancelWorkflowExecution: { body: { ...d, workflowId: 'w' }, members: address },
  RespondActivityTaskCanceled: {
    body: { taskToken: 't' },
    members: { taskToken: 'a token', '?details': 'data' },
  },
  RespondActivityTaskCompleted: {
    body: { taskToken: 't' },
    members: { taskToken: 'a token', '?result': 'data' },
  },
  RespondActivityTaskFailed: {
    body: { taskToken: 't' },
    members: { taskToken: 'a token', '?reason': 'a remark', '?details': 'data' },
  },
  RespondDecisionTaskCompleted: {
    body: { taskToken: 't' },
    members: {
      taskToken: 'a token',
      '?executionContext': 'data',
      '?taskList.name': 'a name',
      '?taskListScheduleToStartTimeout': 'a task time-out',
    },
  },
  SignalWorkflowExecution: {
    body: { ...d, workflowId: 'w', signalName: 's' },
    members: { ...address, signalName: 'a label', '?input': 'data' },
  },
  StartWorkflowExecution: {
    body: { ...d, workflowId: 'w', workflowType: type },
    members: {
      ...domain,
      workflowId: 'a name',
      ...workflowType,
      ...Object.fromEntries(Object.entries(starting).map(([path, kind]) => [`?${path}`, kind])),
    },
  },
  TagResource: {
    body: { resourceArn: 'a', tags: [] },
    members: { resourceArn: 'an ARN' },
    alsoNeeded: 'tags',
  },
  TerminateWorkflowExecution: {
    body: { ...d, workflowId: 'w' },
    members: { ...address, '?reason': 'a remark', '?details': 'data', '?childPolicy': 'a child policy' },
  },
  UndeprecateActivityType: oneActivityType,
  UndeprecateDomain: oneDomain,
  UndeprecateWorkflowType: oneWorkflowType,
  UntagResource: {
    body: { resourceArn: 'a', tagKeys: [] },
    members: { resourceArn: 'an ARN' },
    alsoNeeded: 'tagKeys',
  },
};

/** By decision; `needed` tells whether the attributes must be there at all. */
export const decisionInputs: Readonly<Record<string, Input & { readonly needed: boolean }>> = {
  CompleteWorkflowExecution: { needed: false, body: {}, members: { result: 'data' } },
  FailWorkflowExecution: { needed: false, body: {}, members: { reason: 'a remark', details: 'data' } },
  CancelWorkflowExecution: { needed: false, body: {}, members: { details: 'data' } },
  ContinueAsNewWorkflowExecution: {
    needed: false,
    body: {},
    members: { ...starting, workflowTypeVersion: 'a version' },
  },
  ScheduleActivityTask: {
    needed: true,
    body: { activityType: type, activityId: 'a' },
    members: {
      ...activityType,
      activityId: 'a name',
      control: 'data',
      input: 'data',
      'taskList.name': 'a name',
      taskPriority: 'a priority',
      scheduleToStartTimeout: 'a task time-out',
      scheduleToCloseTimeout: 'a task time-out',
      startToCloseTimeout: 'a task time-out',
      heartbeatTimeout: 'a task time-out',
    },
  },
  RequestCancelActivityTask: {
    needed: true,
    body: { activityId: 'a' },
    members: { activityId: 'a name' },
  },
  RecordMarker: {
    needed: true,
    body: { markerName: 'm' },
    members: { markerName: 'a label', details: 'data' },
  },
  StartTimer: {
    needed: true,
    body: { timerId: 't', startToFireTimeout: '1' },
    members: { timerId: 'a name', startToFireTimeout: 'a timer', control: 'data' },
  },
  CancelTimer: { needed: true, body: { timerId: 't' }, members: { timerId: 'a name' } },
  StartChildWorkflowExecution: {
    needed: true,
    body: { workflowType: type, workflowId: 'w' },
    members: { ...workflowType, workflowId: 'a name', control: 'data', ...starting },
  },
  SignalExternalWorkflowExecution: {
    needed: true,
    body: { workflowId: 'w', signalName: 's' },
    members: {
      workflowId: 'a name',
      runId: 'a text of 64',
      signalName: 'a label',
      input: 'data',
      control: 'data',
    },
  },
  RequestCancelExternalWorkflowExecution: {
    needed: true,
    body: { workflowId: 'w' },
    members: { workflowId: 'a name', runId: 'a text of 64', control: 'data' },
  },
  ScheduleLambdaFunction: {
    needed: true,
    body: { id: 'f', name: 'resize' },
    members: {
      id: 'a name',
      name: 'a function name',
      control: 'data',
      input: 'data',
      startToCloseTimeout: 'a function time-out',
    },
  },
};
