import { decision } from './decisions.js';
import { flag, integer, list, structure, text, time } from './rules.js';
import {
  anyRunId,
  arn,
  childPolicy,
  closeStatus,
  data,
  description,
  domainName,
  execution,
  executionTimeout,
  heartbeatDetails,
  identifier,
  label,
  pageToken,
  polledTaskList,
  priority,
  registrationStatus,
  remark,
  resourceTag,
  retention,
  runId,
  tagList,
  taskList,
  taskTimeout,
  taskToken,
  typeName,
  typeReference,
  typeVersion,
} from './vocabulary.js';

/** The input of each action, as the service model gives it. */

const paging = { nextPageToken: pageToken, maximumPageSize: integer(0, 1000), reverseOrder: flag };
const timeFilter = structure({ oldestDate: time }, { latestDate: time });
const openFilters = {
  executionFilter: structure({ workflowId: identifier }),
  typeFilter: structure({ name: typeName }, { version: text({ atMost: 64 }) }),
  tagFilter: structure({ tag: text({ atMost: 256 }) }),
};
const closedFilters = {
  ...openFilters,
  startTimeFilter: timeFilter,
  closeTimeFilter: timeFilter,
  closeStatusFilter: structure({ status: closeStatus }),
};
const named = { domain: domainName, name: typeName, version: typeVersion };

export const registerDomain = structure(
  { name: domainName, workflowExecutionRetentionPeriodInDays: retention },
  { description, tags: list(resourceTag) },
);
export const nameOfDomain = structure({ name: domainName });
export const listDomains = structure({ registrationStatus }, paging);

export const registerWorkflowType = structure(named, {
  description,
  defaultTaskStartToCloseTimeout: taskTimeout,
  defaultExecutionStartToCloseTimeout: executionTimeout,
  defaultTaskList: taskList,
  defaultTaskPriority: priority,
  defaultChildPolicy: childPolicy,
  defaultLambdaRole: arn,
});
export const registerActivityType = structure(named, {
  description,
  defaultTaskStartToCloseTimeout: taskTimeout,
  defaultTaskHeartbeatTimeout: taskTimeout,
  defaultTaskList: taskList,
  defaultTaskPriority: priority,
  defaultTaskScheduleToStartTimeout: taskTimeout,
  defaultTaskScheduleToCloseTimeout: taskTimeout,
});
export const oneWorkflowType = structure({ domain: domainName, workflowType: typeReference });
export const oneActivityType = structure({ domain: domainName, activityType: typeReference });
export const listTypes = structure({ domain: domainName, registrationStatus }, { ...paging, name: typeName });

export const startWorkflowExecution = structure(
  { domain: domainName, workflowId: identifier, workflowType: typeReference },
  {
    taskList,
    taskPriority: priority,
    input: data,
    executionStartToCloseTimeout: executionTimeout,
    tagList,
    taskStartToCloseTimeout: taskTimeout,
    childPolicy,
    lambdaRole: arn,
  },
);
export const signalWorkflowExecution = structure(
  { domain: domainName, workflowId: identifier, signalName: label },
  { runId: anyRunId, input: data },
);
export const requestCancelWorkflowExecution = structure(
  { domain: domainName, workflowId: identifier },
  { runId: anyRunId },
);
export const terminateWorkflowExecution = structure(
  { domain: domainName, workflowId: identifier },
  { runId: anyRunId, reason: remark, details: data, childPolicy },
);
export const describeWorkflowExecution = structure({
  domain: domainName,
  execution: structure({ workflowId: identifier, runId }),
});
export const getWorkflowExecutionHistory = structure({ domain: domainName, execution }, paging);

export const pollForActivityTask = structure(
  { domain: domainName, taskList: polledTaskList },
  { identity: remark },
);
export const pollForDecisionTask = structure(
  { domain: domainName, taskList: polledTaskList },
  { ...paging, identity: remark, startAtPreviousStartedEvent: flag },
);
export const countPendingTasks = structure({ domain: domainName, taskList: polledTaskList });
export const respondDecisionTaskCompleted = structure(
  { taskToken },
  {
    decisions: list(decision),
    executionContext: data,
    taskList,
    taskListScheduleToStartTimeout: taskTimeout,
  },
);
export const respondActivityTaskCompleted = structure({ taskToken }, { result: data });
export const respondActivityTaskFailed = structure({ taskToken }, { reason: remark, details: data });
export const respondActivityTaskCanceled = structure({ taskToken }, { details: data });
export const recordActivityTaskHeartbeat = structure({ taskToken }, { details: heartbeatDetails });

export const listOpenWorkflowExecutions = structure(
  { domain: domainName, startTimeFilter: timeFilter },
  { ...openFilters, ...paging },
);
export const countOpenWorkflowExecutions = structure(
  { domain: domainName, startTimeFilter: timeFilter },
  openFilters,
);
export const listClosedWorkflowExecutions = structure(
  { domain: domainName },
  { ...closedFilters, ...paging },
);
export const countClosedWorkflowExecutions = structure({ domain: domainName }, closedFilters);
