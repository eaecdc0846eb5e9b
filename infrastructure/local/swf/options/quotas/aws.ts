import type { DecisionType } from '../../protocol/decisions.js';
import type { Rate } from './bucket.js';

/** The rates of one account in one region. What has no rate is not throttled. */
export interface Quotas {
  /** By action. */
  readonly calls: ReadonlyMap<string, Rate>;
  /** By action, for the calls that concern one run. */
  readonly callsPerRun: ReadonlyMap<string, Rate>;
  readonly decisions: ReadonlyMap<DecisionType, Rate>;
}

function rate(capacity: number, refillPerSecond: number): Rate {
  return { capacity, refillPerSecond };
}

function each(names: readonly string[], shared: Rate): readonly (readonly [string, Rate])[] {
  return names.map((name) => [name, shared] as const);
}

/** The published figures of the larger regions, from "Amazon SWF quotas" in the developer guide. Each action has its own bucket. */
export const awsQuotas: Quotas = {
  calls: new Map([
    ...each(
      [
        'PollForActivityTask',
        'PollForDecisionTask',
        'RespondActivityTaskCanceled',
        'RespondActivityTaskCompleted',
        'RespondActivityTaskFailed',
        'RespondDecisionTaskCompleted',
        'StartWorkflowExecution',
      ],
      rate(2000, 200),
    ),
    ...each(['RecordActivityTaskHeartbeat'], rate(2000, 160)),
    ...each(['GetWorkflowExecutionHistory', 'TerminateWorkflowExecution'], rate(2000, 60)),
    ...each(['RequestCancelWorkflowExecution', 'SignalWorkflowExecution'], rate(2000, 30)),
    ...each(
      [
        'CountClosedWorkflowExecutions',
        'CountOpenWorkflowExecutions',
        'DescribeActivityType',
        'DescribeWorkflowExecution',
        'DescribeWorkflowType',
      ],
      rate(2000, 6),
    ),
    ...each(['RegisterActivityType', 'RegisterWorkflowType'], rate(200, 60)),
    ...each(['ListOpenWorkflowExecutions'], rate(200, 48)),
    ...each(
      [
        'CountPendingActivityTasks',
        'CountPendingDecisionTasks',
        'DeleteActivityType',
        'DeprecateActivityType',
        'UndeprecateActivityType',
        'DeleteWorkflowType',
        'DeprecateWorkflowType',
        'UndeprecateWorkflowType',
        'DescribeDomain',
        'ListActivityTypes',
        'ListWorkflowTypes',
        'ListClosedWorkflowExecutions',
      ],
      rate(200, 6),
    ),
    ...each(['DeprecateDomain', 'ListDomains', 'RegisterDomain', 'UndeprecateDomain'], rate(100, 6)),
    ...each(['ListTagsForResource', 'TagResource', 'UntagResource'], rate(50, 30)),
  ]),
  callsPerRun: new Map([
    ...each(['GetWorkflowExecutionHistory'], rate(400, 200)),
    ...each(['SignalWorkflowExecution', 'RecordActivityTaskHeartbeat'], rate(1000, 1000)),
    ...each(['RequestCancelWorkflowExecution'], rate(200, 200)),
  ]),
  decisions: new Map<DecisionType, Rate>([
    ['StartTimer', rate(2000, 200)],
    ['RequestCancelExternalWorkflowExecution', rate(1200, 120)],
    ['SignalExternalWorkflowExecution', rate(1200, 120)],
    ['ScheduleActivityTask', rate(1000, 200)],
    ['StartChildWorkflowExecution', rate(500, 12)],
  ]),
};
