// Whole workflow histories from a tape of numbers: the real decider on a model of SWF and a model of its order.
import type { Decision, HistoryEvent } from '@aws-sdk/client-swf';
import { decideProcess } from '../../../application/roles/decider.js';
import { factsFromHistory } from '../../../adapters/swf/from-history.js';
import {
  encodeContext,
  encodeFailure,
  encodeSituation,
  encodeWorkflowInput,
} from '../../../adapters/swf/payloads.js';
import { hashOfDue } from '../../../adapters/swf/replay.js';
import { toDecisions } from '../../../adapters/swf/to-decisions.js';
import { plusSeconds } from '../../../domain/instant.js';
import { situationOf } from '../../../domain/process/situation.js';
import { runFromKey } from '../../../domain/process/steps.js';
import { newModel, orderAfter, orderAfterOutsider } from '../../process/order-model.js';
import { someOrderId, someSettings, tapeOf } from '../../process/process-run.js';
import { startHistory } from './history-writer.js';

/** A decision as it was made: the id of the event it was made at, and what was answered. */
export type MadeDecision = { readonly startedEventId: number; readonly decisions: readonly Decision[] };

/** A history from its start to its end. */
export type PlayedHistory = {
  readonly events: readonly HistoryEvent[];
  readonly made: readonly MadeDecision[];
  readonly closed: boolean;
};

const mostDecisions = 2_000;

/** Plays a process to its end, or for 2,000 decisions; where the tape ends everything goes well. */
export const playHistory = (numbers: readonly number[]): PlayedHistory => {
  const { next } = tapeOf(numbers);
  const input = encodeWorkflowInput({ orderId: someOrderId(), settings: someSettings });
  const writer = startHistory(input, () => next() === 9);
  const made: MadeDecision[] = [];
  let model = newModel(someSettings);

  /** How long a running timer was to run. */
  const secondsOf = (timerId: string): number => {
    const started = writer
      .events()
      .findLast(({ timerStartedEventAttributes }) => timerStartedEventAttributes?.timerId === timerId);
    return Number(started?.timerStartedEventAttributes?.startToFireTimeout ?? 0);
  };

  const happen = (): void => {
    const choice = next();
    const [activity] = writer.activities();
    const [timer] = [...writer.timers()].sort((one, other) => secondsOf(one) - secondsOf(other));
    if (choice === 8) {
      model = orderAfterOutsider(model, next() % 3);
      writer.signal('OrderChanged', encodeSituation(situationOf(model.order)));
    } else if (choice === 10) {
      writer.signal('Unheard', '{}');
    } else if (timer !== undefined && (activity === undefined || choice === 5)) {
      model = { ...model, now: plusSeconds(model.now, secondsOf(timer)) };
      writer.fireTimer(timer);
    } else if (activity !== undefined) {
      const step = runFromKey(activity.activityId)?.step;
      if (choice === 6 || step === undefined) return writer.failActivity(activity, encodeFailure('bad luck'));
      model = orderAfter(model, step, next());
      if (choice === 7) writer.timeOutActivity(activity);
      else
        writer.completeActivity(
          activity,
          choice === 11 ? '{"v":9}' : encodeSituation(situationOf(model.order)),
        );
    }
  };

  while (!writer.closed() && made.length < mostDecisions) {
    const startedEventId = writer.startDecision();
    const due = decideProcess(factsFromHistory(writer.events()));
    const decisions = toDecisions(due, 'leeds');
    // Some events arrive while the decider thinks.
    if (next() % 3 === 1) happen();
    made.push({ startedEventId, decisions });
    writer.complete(startedEventId, decisions, encodeContext({ note: 'test', decisions: hashOfDue(due) }));
    const batch = 1 + (next() % 3);
    for (let count = 0; count < batch && !writer.closed(); count += 1) happen();
  }
  return { events: writer.events(), made, closed: writer.closed() };
};
