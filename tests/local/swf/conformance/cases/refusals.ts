import type { Decision } from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import { failureCauses } from '../../../../../infrastructure/local/swf/decisions/causes.js';
import {
  cancelExternal,
  cancelRun,
  continueAsNew,
  failRun,
  scheduleFunction,
  signalExternal,
  startChild,
} from '../../support/decisions.js';
import {
  activityType,
  cancelActivity,
  cancelTimer,
  childType,
  complete,
  marker,
  scheduleActivity,
  startTimer,
} from '../../support/world.js';
import type { Case } from '../harness.js';

/** Each decision with what its failure repeats of it. */
const decisions: readonly (readonly [Decision, keyof typeof failureCauses, object])[] = [
  [complete, 'CompleteWorkflowExecutionFailed', {}],
  [failRun, 'FailWorkflowExecutionFailed', {}],
  [cancelRun, 'CancelWorkflowExecutionFailed', {}],
  [continueAsNew(), 'ContinueAsNewWorkflowExecutionFailed', {}],
  [scheduleActivity('a'), 'ScheduleActivityTaskFailed', { activityId: 'a', activityType }],
  [cancelActivity('a'), 'RequestCancelActivityTaskFailed', { activityId: 'a' }],
  [startTimer('t'), 'StartTimerFailed', { timerId: 't' }],
  [cancelTimer('t'), 'CancelTimerFailed', { timerId: 't' }],
  [marker('m'), 'RecordMarkerFailed', { markerName: 'm' }],
  [
    startChild('p', { control: 'mine' }),
    'StartChildWorkflowExecutionFailed',
    { workflowId: 'p', workflowType: childType, control: 'mine', initiatedEventId: 0 },
  ],
  [
    signalExternal('w', { runId: 'r', control: 'mine' }),
    'SignalExternalWorkflowExecutionFailed',
    { workflowId: 'w', runId: 'r', control: 'mine', initiatedEventId: 0 },
  ],
  [
    cancelExternal('w', { runId: 'r', control: 'mine' }),
    'RequestCancelExternalWorkflowExecutionFailed',
    { workflowId: 'w', runId: 'r', control: 'mine', initiatedEventId: 0 },
  ],
  [scheduleFunction('f'), 'ScheduleLambdaFunctionFailed', { id: 'f', name: 'resize' }],
];

/** Causes that no state of a small machine leads to: policies, quotas and faults make them. */
const foreign = /OPERATION_NOT_PERMITTED|RATE_EXCEEDED|NOT_AVAILABLE|OPEN_WORKFLOWS_LIMIT|HEARTBEAT/;

/** Decisions that are forbidden from outside: the failure takes the decision's place, and calls for a decision. */
export const refusals: readonly Case[] = decisions.flatMap(([decision, event, attributes]) => {
  const causes: readonly string[] = failureCauses[event];
  return causes
    .filter((cause) => foreign.test(cause))
    .map((cause) => ({
      title: `${decision.decisionType} can be made to fail with ${cause}`,
      covers: [event, `${event}:${cause}`],
      run: async (world) => {
        await world.forbid(decision.decisionType ?? '', cause);
        const run = await world.after([decision]);
        expect((await world.types(run)).slice(4)).toEqual([event, 'DecisionTaskScheduled']);
        expect(await world.last(run, event)).toEqual({
          cause,
          ...attributes,
          decisionTaskCompletedEventId: 4,
        });
      },
    }));
});
