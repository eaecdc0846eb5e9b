// What is due, in SWF's words.
import { describe, expect, it } from 'vitest';
import { decodeActivityInput } from '../../../adapters/swf/payloads.js';
import { toDecisions } from '../../../adapters/swf/to-decisions.js';
import * as E from 'fp-ts/lib/Either.js';
import { groupOf, runFromKey, type Step } from '../../../domain/process/steps.js';
import { oneOfEach } from '../../process/some-steps.js';

const attributesOf = (step: Step, run: number) =>
  toDecisions([{ type: 'schedule_step', step, run }], 'leeds')[0]?.scheduleActivityTaskDecisionAttributes;

describe('a step that is due', () => {
  it('is scheduled with its own type, id, task list, input and limits', () => {
    expect(
      toDecisions([{ type: 'schedule_step', step: { name: 'ReserveCard', number: 1 }, run: 2 }], 'leeds'),
    ).toEqual([
      {
        decisionType: 'ScheduleActivityTask',
        scheduleActivityTaskDecisionAttributes: {
          activityType: { name: 'ReserveCard', version: '2' },
          activityId: 'ReserveCard.1-2',
          input: '{"v":2,"step":"ReserveCard.1","run":2}',
          taskList: { name: 'payments' },
          scheduleToStartTimeout: '900',
          startToCloseTimeout: '45',
          scheduleToCloseTimeout: '945',
          heartbeatTimeout: 'NONE',
        },
      },
    ]);
  });

  it('goes to its group; people’s to those of the site, who must give signs of life', () => {
    for (const step of oneOfEach) {
      const group = groupOf[step.name];
      const attributes = attributesOf(step, 1);
      expect(attributes?.taskList?.name).toBe(group === 'floor' ? 'floor-leeds' : group);
      expect(attributes?.heartbeatTimeout).toBe(group === 'floor' ? '60' : 'NONE');
    }
  });

  it('can be told from its id and from its input alike', () => {
    for (const step of oneOfEach) {
      const attributes = attributesOf(step, 7);
      expect(runFromKey(attributes?.activityId ?? '')).toEqual({ step, run: 7 });
      expect(decodeActivityInput(attributes?.input)).toEqual(E.right({ step, run: 7 }));
    }
  });

  it('has names and durations that SWF takes', () => {
    for (const step of oneOfEach) {
      const attributes = attributesOf(step, 999_999_999);
      expect(attributes?.activityId).toMatch(/^[A-Za-z_0-9.-]{1,256}$/);
      for (const duration of [
        attributes?.scheduleToStartTimeout,
        attributes?.startToCloseTimeout,
        attributes?.scheduleToCloseTimeout,
      ]) {
        expect(duration).toMatch(/^[1-9][0-9]{0,7}$/);
      }
    }
  });
});

it('everything else that is due, in its order', () => {
  const timer = { name: 'retry', step: { name: 'Pick' }, run: 3 } as const;
  expect(
    toDecisions(
      [
        { type: 'withdraw_step', step: { name: 'Pick' }, run: 1 },
        { type: 'cancel_timer', timer: { name: 'wait', step: { name: 'ReleaseToWarehouse' } } },
        { type: 'start_timer', timer, seconds: 0.5 },
        { type: 'end_process' },
      ],
      'leeds',
    ),
  ).toEqual([
    {
      decisionType: 'RequestCancelActivityTask',
      requestCancelActivityTaskDecisionAttributes: { activityId: 'Pick-1' },
    },
    { decisionType: 'CancelTimer', cancelTimerDecisionAttributes: { timerId: 'wait-ReleaseToWarehouse' } },
    {
      decisionType: 'StartTimer',
      startTimerDecisionAttributes: { timerId: 'retry-Pick-3', startToFireTimeout: '1' },
    },
    { decisionType: 'CompleteWorkflowExecution', completeWorkflowExecutionDecisionAttributes: {} },
  ]);
});

it('nothing, when nothing is due', () => expect(toDecisions([], 'leeds')).toEqual([]));
