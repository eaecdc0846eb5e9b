import { append } from '../runs/draft.js';
import { configurationOf, mostOpenExecutions, tagsOf } from '../runs/start.js';
import type { DecisionAttributes } from '../protocol/decisions.js';
import { typeKey, type Configuration, type Domain, type Frozen, type TypeReference } from '../state/state.js';
import type { Batch } from './batch.js';

const mostOpenChildren = 1000;

/** The child itself starts after the batch; only then it can turn out that its workflowId is in use. */
export function startChild(batch: Batch, given: DecisionAttributes<'StartChildWorkflowExecution'>): void {
  const { draft, decisionTaskCompletedEventId } = batch;
  const { workflowId, control, input } = given;
  const workflowType = { name: given.workflowType.name, version: given.workflowType.version };
  const settings = settingsOf(batch, given, workflowType);
  if (typeof settings === 'string') {
    append(draft, {
      eventType: 'StartChildWorkflowExecutionFailed',
      attributes: {
        workflowType,
        cause: settings,
        workflowId,
        initiatedEventId: 0,
        decisionTaskCompletedEventId,
        control,
      },
    });
    batch.wantsDecision = true;
    return;
  }
  append(draft, {
    eventType: 'StartChildWorkflowExecutionInitiated',
    attributes: {
      workflowId,
      workflowType,
      control,
      input,
      ...settings,
      tagList: tagsOf(given),
      decisionTaskCompletedEventId,
    },
  });
  batch.newChildren += 1;
}

/** The effective values of an execution that a decision starts, or the cause why there are none. */
export function startedSettings(
  domain: Frozen<Domain>,
  given: Parameters<typeof configurationOf>[0],
  workflowType: TypeReference,
): Configuration | string {
  const type = domain.workflowTypes.get(typeKey(workflowType));
  if (type === undefined) return 'WORKFLOW_TYPE_DOES_NOT_EXIST';
  if (type.deprecatedAt !== null) return 'WORKFLOW_TYPE_DEPRECATED';
  const configuration = configurationOf(given, type.defaults);
  return 'missing' in configuration ? undefinedCauses[configuration.missing] : configuration;
}

const undefinedCauses = {
  executionStartToCloseTimeout: 'DEFAULT_EXECUTION_START_TO_CLOSE_TIMEOUT_UNDEFINED',
  taskList: 'DEFAULT_TASK_LIST_UNDEFINED',
  taskStartToCloseTimeout: 'DEFAULT_TASK_START_TO_CLOSE_TIMEOUT_UNDEFINED',
  childPolicy: 'DEFAULT_CHILD_POLICY_UNDEFINED',
} as const;

function settingsOf(
  { domain, draft, newChildren }: Batch,
  given: DecisionAttributes<'StartChildWorkflowExecution'>,
  workflowType: TypeReference,
): Configuration | string {
  const settings = startedSettings(domain, given, workflowType);
  if (typeof settings === 'string') return settings;
  if (draft.run.children.size + newChildren >= mostOpenChildren) return 'OPEN_CHILDREN_LIMIT_EXCEEDED';
  if (domain.open.size + newChildren >= mostOpenExecutions) return 'OPEN_WORKFLOWS_LIMIT_EXCEEDED';
  return settings;
}
