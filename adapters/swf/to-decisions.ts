// What is due, in SWF's words. Total: everything that can be due can be said. Ids are functions of step and run alone,
// so the same decision made twice is refused by SWF instead of being done twice.
import type { Decision } from '@aws-sdk/client-swf';
import type { Due } from '../../domain/process/due.js';
import { timerKey } from '../../domain/process/facts.js';
import { limitsOf } from '../../domain/process/limits.js';
import { groupOf, runKey, type Step } from '../../domain/process/steps.js';
import { activityVersion, stepList } from './names.js';
import { encodeActivityInput } from './payloads.js';

const scheduled = (step: Step, run: number, site: string): Decision => {
  const { waitSeconds, workSeconds, beatSeconds } = limitsOf(step.name);
  return {
    decisionType: 'ScheduleActivityTask',
    scheduleActivityTaskDecisionAttributes: {
      activityType: { name: step.name, version: activityVersion },
      activityId: runKey(step, run),
      input: encodeActivityInput(step, run),
      taskList: { name: stepList(groupOf[step.name], site) },
      scheduleToStartTimeout: String(waitSeconds),
      startToCloseTimeout: String(workSeconds),
      scheduleToCloseTimeout: String(waitSeconds + workSeconds),
      heartbeatTimeout: beatSeconds === null ? 'NONE' : String(beatSeconds),
    },
  };
};

const decision = (due: Due, site: string): Decision => {
  switch (due.type) {
    case 'schedule_step':
      return scheduled(due.step, due.run, site);
    case 'withdraw_step':
      return {
        decisionType: 'RequestCancelActivityTask',
        requestCancelActivityTaskDecisionAttributes: { activityId: runKey(due.step, due.run) },
      };
    case 'start_timer':
      return {
        decisionType: 'StartTimer',
        startTimerDecisionAttributes: {
          timerId: timerKey(due.timer),
          startToFireTimeout: String(Math.max(0, Math.ceil(due.seconds))),
        },
      };
    case 'cancel_timer':
      return {
        decisionType: 'CancelTimer',
        cancelTimerDecisionAttributes: { timerId: timerKey(due.timer) },
      };
    case 'end_process':
      return {
        decisionType: 'CompleteWorkflowExecution',
        completeWorkflowExecutionDecisionAttributes: {},
      };
  }
};

/** The decisions that ask SWF for what is due, in the same order. `site` names the floor's task list. */
export const toDecisions = (due: readonly Due[], site: string): Decision[] =>
  due.map((one) => decision(one, site));
