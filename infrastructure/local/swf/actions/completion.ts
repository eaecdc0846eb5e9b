import { batchOf } from '../decisions/batch.js';
import { isClosing } from '../decisions/closings.js';
import { perform } from '../decisions/perform.js';
import { failDecision } from '../decisions/veto.js';
import { invalid, type Fault } from '../protocol/faults.js';
import type { respondDecisionTaskCompleted } from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import { listsAfter } from '../state/decision-tasks.js';
import type { Frozen, State } from '../state/state.js';
import { changesOf } from '../runs/consequences.js';
import { append, callForDecision, draftOf } from '../runs/draft.js';
import { domainNamed, startedDecision } from './lookups.js';
import { accepted, refused, type Call, type Outcome } from './outcome.js';

type Input = Satisfying<typeof respondDecisionTaskCompleted>;

/**
 * Carries out the decisions in their order. A list that is refused leaves nothing behind, and its task stays open;
 * a single decision that cannot be carried out leaves its ...Failed event and does not hold up the others.
 */
export function completeDecisionTask(state: Frozen<State>, input: Input, call: Call): Outcome {
  const { decisions = [], executionContext, taskList, taskListScheduleToStartTimeout } = input;
  const problem = problemOf(decisions);
  if (problem !== null) return refused(problem);
  const started = startedDecision(state, input.taskToken);
  if ('fault' in started) return refused(started.fault);
  const { run, task } = started.found;
  const domain = domainNamed(state, run.domain);
  if ('fault' in domain) return refused(domain.fault);

  const draft = draftOf(state, run, call.now);
  const { scheduledEventId, startedEventId } = task;
  append(draft, {
    eventType: 'DecisionTaskCompleted',
    attributes: {
      executionContext,
      scheduledEventId,
      startedEventId,
      taskList: taskList === undefined ? undefined : { name: taskList.name },
      taskListScheduleToStartTimeout,
    },
  });
  draft.decision = run.heldBack === null ? 'none' : 'waiting';
  draft.lists = listsAfter(draft.lists, input);
  const batch = batchOf(draft, domain.found);
  for (const decision of decisions) {
    const cause = call.veto?.(decision, run) ?? null;
    if (cause === null || !failDecision(batch, decision, cause)) perform(batch, decision);
  }
  if (batch.wantsDecision && !draft.closed) callForDecision(draft);
  return accepted(changesOf(draft));
}

function problemOf(decisions: NonNullable<Input['decisions']>): Fault | null {
  for (const [index, { decisionType }] of decisions.entries()) {
    if (isClosing(decisionType) && index !== decisions.length - 1) {
      return invalid('Close must be last decision in list');
    }
  }
  return null;
}
