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
  resourceTagKey,
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

/** A name, and how many days closed runs are kept. */
export const registerDomain = structure(
  { name: domainName, workflowExecutionRetentionPeriodInDays: retention },
  { description, tags: list(resourceTag) },
);
/** Describe, deprecate and undeprecate a domain. */
export const nameOfDomain = structure({ name: domainName });
/** Tags for a domain, which its ARN names. */
export const tagResource = structure({ resourceArn: arn, tags: list(resourceTag) });
/** Keys that a domain is to lose. */
export const untagResource = structure({ resourceArn: arn, tagKeys: list(resourceTagKey) });
/** The tags of a domain. */
export const listTagsForResource = structure({ resourceArn: arn });
/** Domains of one status, page by page. */
export const listDomains = structure({ registrationStatus }, paging);

/** A type and what starts may leave out. */
export const registerWorkflowType = structure(named, {
  description,
  defaultTaskStartToCloseTimeout: taskTimeout,
  defaultExecutionStartToCloseTimeout: executionTimeout,
  defaultTaskList: taskList,
  defaultTaskPriority: priority,
  defaultChildPolicy: childPolicy,
  defaultLambdaRole: arn,
});
/** A type and what schedulings may leave out. */
export const registerActivityType = structure(named, {
  description,
  defaultTaskStartToCloseTimeout: taskTimeout,
  defaultTaskHeartbeatTimeout: taskTimeout,
  defaultTaskList: taskList,
  defaultTaskPriority: priority,
  defaultTaskScheduleToStartTimeout: taskTimeout,
  defaultTaskScheduleToCloseTimeout: taskTimeout,
});
/** Describe, deprecate, undeprecate and delete a workflow type. */
export const oneWorkflowType = structure({ domain: domainName, workflowType: typeReference });
/** Describe, deprecate, undeprecate and delete an activity type. */
export const oneActivityType = structure({ domain: domainName, activityType: typeReference });
/** Types of one status and, if given, of exactly one name. */
export const listTypes = structure({ domain: domainName, registrationStatus }, { ...paging, name: typeName });

/** A workflowId, a type, and what overrides the type. */
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
/** Without a runId: the open run. */
export const signalWorkflowExecution = structure(
  { domain: domainName, workflowId: identifier, signalName: label },
  { runId: anyRunId, input: data },
);
/** Without a runId: the open run. */
export const requestCancelWorkflowExecution = structure(
  { domain: domainName, workflowId: identifier },
  { runId: anyRunId },
);
/** The child policy overrides the run's. */
export const terminateWorkflowExecution = structure(
  { domain: domainName, workflowId: identifier },
  { runId: anyRunId, reason: remark, details: data, childPolicy },
);
/** One run, open or closed. */
export const describeWorkflowExecution = structure({
  domain: domainName,
  execution: structure({ workflowId: identifier, runId }),
});
/** One run, open or closed, page by page. */
export const getWorkflowExecutionHistory = structure({ domain: domainName, execution }, paging);

/** One list; the identity goes into the history. */
export const pollForActivityTask = structure(
  { domain: domainName, taskList: polledTaskList },
  { identity: remark },
);
/** One list; with a page token, more of a task that is started. */
export const pollForDecisionTask = structure(
  { domain: domainName, taskList: polledTaskList },
  { ...paging, identity: remark, startAtPreviousStartedEvent: flag },
);
/** One list of either kind. */
export const countPendingTasks = structure({ domain: domainName, taskList: polledTaskList });
/** No decisions are fine; they are checked one by one. */
export const respondDecisionTaskCompleted = structure(
  { taskToken },
  {
    decisions: list(decision),
    executionContext: data,
    taskList,
    taskListScheduleToStartTimeout: taskTimeout,
  },
);
/** The result goes into the history. */
export const respondActivityTaskCompleted = structure({ taskToken }, { result: data });
/** Reason and details go into the history. */
export const respondActivityTaskFailed = structure({ taskToken }, { reason: remark, details: data });
/** The details go into the history. */
export const respondActivityTaskCanceled = structure({ taskToken }, { details: data });
/** Details are shorter here than elsewhere. */
export const recordActivityTaskHeartbeat = structure({ taskToken }, { details: heartbeatDetails });

/** The start time filter is needed; at most one of the others may be given, which no rule here says. */
export const listOpenWorkflowExecutions = structure(
  { domain: domainName, startTimeFilter: timeFilter },
  { ...openFilters, ...paging },
);
/** As for the list, without pages. */
export const countOpenWorkflowExecutions = structure(
  { domain: domainName, startTimeFilter: timeFilter },
  openFilters,
);
/** One time filter is needed and at most one other may be given, which no rule here says. */
export const listClosedWorkflowExecutions = structure(
  { domain: domainName },
  { ...closedFilters, ...paging },
);
/** As for the list, without pages. */
export const countClosedWorkflowExecutions = structure({ domain: domainName }, closedFilters);
