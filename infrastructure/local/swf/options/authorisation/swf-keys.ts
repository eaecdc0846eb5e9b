import type { Decision } from '../../protocol/decisions.js';
import { memberAt, textAt, type Subject } from '../../protocol/subject.js';
import { typeKey, type Frozen, type Run, type State, type TypeReference } from '../../state/state.js';
import type { Context } from './conditions.js';

/** The condition keys of SWF, action by action, from "API Summary" in the developer guide's part on IAM. */

const mostTags = 5;

type Entry = readonly [key: string, value: string | null | undefined];

function contextOf(entries: readonly Entry[]): Context {
  return new Map(
    entries.flatMap(([key, value]) =>
      value === null || value === undefined ? [] : [[key.toLowerCase(), [value]] as const],
    ),
  );
}

function typeKeys(kind: 'workflowType' | 'activityType', input: unknown): readonly Entry[] {
  return [
    [`swf:${kind}.name`, textAt(input, kind, 'name')],
    [`swf:${kind}.version`, textAt(input, kind, 'version')],
  ];
}

/** Tags count from 0, each with a key of its own. */
function tagKeys(tags: unknown): readonly Entry[] {
  const list: readonly unknown[] = Array.isArray(tags) ? tags : [];
  return list
    .slice(0, mostTags)
    .flatMap((tag, index) =>
      typeof tag === 'string' ? [[`swf:tagList.member.${index}`, tag] as const] : [],
    );
}

function typeIn(input: unknown, member: 'workflowType' | 'activityType'): TypeReference {
  return { name: textAt(input, member, 'name') ?? '', version: textAt(input, member, 'version') ?? '' };
}

/** A list that is left out is the default of the type: the keys carry what will be used. */
function workflowList(
  given: string | null,
  domain: string | null,
  type: TypeReference,
  state: Frozen<State> | undefined,
): string | undefined {
  if (given !== null) return given;
  return state?.domains.get(domain ?? '')?.workflowTypes.get(typeKey(type))?.defaults.defaultTaskList?.name;
}

/** What the conditions of a policy may ask about a call. */
export function contextOfCall(subject: Subject, state: Frozen<State> | undefined): Context {
  const { action, input, domain, taskList } = subject;
  switch (action) {
    case 'CountOpenWorkflowExecutions':
    case 'CountClosedWorkflowExecutions':
    case 'ListOpenWorkflowExecutions':
    case 'ListClosedWorkflowExecutions':
      return contextOf([
        ['swf:tagFilter.tag', textAt(input, 'tagFilter', 'tag')],
        ['swf:typeFilter.name', textAt(input, 'typeFilter', 'name')],
        ['swf:typeFilter.version', textAt(input, 'typeFilter', 'version')],
      ]);
    case 'CountPendingActivityTasks':
    case 'CountPendingDecisionTasks':
    case 'PollForActivityTask':
    case 'PollForDecisionTask':
      return contextOf([['swf:taskList.name', taskList]]);
    case 'DeleteActivityType':
    case 'DeprecateActivityType':
    case 'UndeprecateActivityType':
    case 'DescribeActivityType':
      return contextOf(typeKeys('activityType', input));
    case 'DeleteWorkflowType':
    case 'DeprecateWorkflowType':
    case 'UndeprecateWorkflowType':
    case 'DescribeWorkflowType':
      return contextOf(typeKeys('workflowType', input));
    case 'RegisterActivityType':
    case 'RegisterWorkflowType':
      return contextOf([
        ['swf:defaultTaskList.name', textAt(input, 'defaultTaskList', 'name')],
        ['swf:name', textAt(input, 'name')],
        ['swf:version', textAt(input, 'version')],
      ]);
    case 'StartWorkflowExecution':
      return contextOf([
        ...tagKeys(memberAt(input, 'tagList')),
        ['swf:taskList.name', workflowList(taskList, domain, typeIn(input, 'workflowType'), state)],
        ...typeKeys('workflowType', input),
      ]);
    default:
      return new Map();
  }
}

/** What the conditions of a policy may ask about one decision. */
export function contextOfDecision(
  decision: Decision,
  run: Frozen<Run>,
  state: Frozen<State> | undefined,
): Context {
  const { decisionType } = decision;
  if (decisionType === 'ScheduleActivityTask') {
    const given = decision.scheduleActivityTaskDecisionAttributes;
    const types = state?.domains.get(run.domain)?.activityTypes;
    const type = types?.get(typeKey(typeIn(given, 'activityType')));
    return contextOf([
      ...typeKeys('activityType', given),
      ['swf:taskList.name', given?.taskList?.name ?? type?.defaults.defaultTaskList?.name],
    ]);
  }
  if (decisionType === 'StartChildWorkflowExecution') {
    const given = decision.startChildWorkflowExecutionDecisionAttributes;
    const list = given?.taskList?.name ?? null;
    return contextOf([
      ...tagKeys(given?.tagList),
      ['swf:taskList.name', workflowList(list, run.domain, typeIn(given, 'workflowType'), state)],
      ...typeKeys('workflowType', given),
    ]);
  }
  if (decisionType === 'ContinueAsNewWorkflowExecution') {
    const given = decision.continueAsNewWorkflowExecutionDecisionAttributes;
    const version = given?.workflowTypeVersion ?? run.workflowType.version;
    const list = given?.taskList?.name ?? null;
    return contextOf([
      ...tagKeys(given?.tagList),
      ['swf:taskList.name', workflowList(list, run.domain, { ...run.workflowType, version }, state)],
      // The guide and the reference of the decision name the same thing differently.
      ['swf:workflowTypeVersion', given?.workflowTypeVersion],
      ['swf:workflowType.version', given?.workflowTypeVersion],
    ]);
  }
  return new Map();
}
