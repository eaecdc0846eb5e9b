import type { Veto } from '../../decisions/veto.js';
import type { DecisionType } from '../../protocol/decisions.js';
import type { Fault } from '../../protocol/faults.js';
import type { Subject } from '../../protocol/subject.js';
import type { Quotas } from './aws.js';
import { openBuckets } from './bucket.js';

/** Refuses what comes too fast. The limits on numbers, such as open runs, always hold and are not here. */
export interface Throttle {
  /** Null when the call may go on; it has then used up a token. */
  readonly refusal: (subject: Subject) => Fault | null;
  /** Judges the decisions of one call in the region; each that may go on uses up a token. */
  readonly vetoOf: (region: string) => Veto;
}

/** A call that comes too fast, in the form on which clients wait and try again. */
export const rateExceeded: Fault = { name: 'ThrottlingException', message: 'Rate exceeded' };

const causes: ReadonlyMap<DecisionType, string> = new Map([
  ['StartTimer', 'TIMER_CREATION_RATE_EXCEEDED'],
  ['RequestCancelExternalWorkflowExecution', 'REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED'],
  ['SignalExternalWorkflowExecution', 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED'],
  ['ScheduleActivityTask', 'ACTIVITY_CREATION_RATE_EXCEEDED'],
  ['StartChildWorkflowExecution', 'CHILD_CREATION_RATE_EXCEEDED'],
  ['ContinueAsNewWorkflowExecution', 'CONTINUE_AS_NEW_WORKFLOW_EXECUTION_RATE_EXCEEDED'],
]);

/** Counts calls and decisions per region from now on. `now` gives milliseconds. */
export function openThrottle(quotas: Quotas, now: () => number): Throttle {
  const buckets = openBuckets();
  return {
    refusal({ region, action, run }) {
      const rate = quotas.calls.get(action);
      if (rate !== undefined && !buckets.take(`${region} ${action}`, rate, now())) return rateExceeded;
      const ratePerRun = run === null ? undefined : quotas.callsPerRun.get(action);
      if (run === null || ratePerRun === undefined) return null;
      return buckets.take(`${region} ${action} ${run.runId}`, ratePerRun, now()) ? null : rateExceeded;
    },
    vetoOf: (region) => (decision) => {
      const { decisionType } = decision;
      const rate = quotas.decisions.get(decisionType);
      if (rate === undefined || buckets.take(`${region} decision ${decisionType}`, rate, now())) return null;
      return causes.get(decisionType) ?? null;
    },
  };
}
