// A detector of nondeterminism, which SWF itself lacks: every completed decision keeps the hash of what was decided, and
// the next poll decides the same history again and compares. A difference means that a rule changed under a running
// order, or that something other than the history had a say.
import type { HistoryEvent } from '@aws-sdk/client-swf';
import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Due } from '../../domain/process/due.js';
import { timerKey } from '../../domain/process/facts.js';
import { runKey } from '../../domain/process/steps.js';
import { decodeContext, type DecisionContext } from './payloads.js';

const line = (due: Due): string => {
  switch (due.type) {
    case 'schedule_step':
    case 'withdraw_step':
      return `${due.type} ${runKey(due.step, due.run)}`;
    case 'start_timer':
      return `${due.type} ${timerKey(due.timer)} ${due.seconds}`;
    case 'cancel_timer':
      return `${due.type} ${timerKey(due.timer)}`;
    case 'end_process':
      return due.type;
  }
};

/** SHA-256 (hex) of what was decided and in which order: the same on every machine, Node version and locale. */
export const hashOfDue = (due: readonly Due[]): string =>
  createHash('sha256').update(due.map(line).join('\n')).digest('hex');

/** The last completed decision of a history, and the events that it was made from. */
export type PastDecision = {
  readonly context: DecisionContext | null;
  readonly before: readonly HistoryEvent[];
};

/** The last completed decision in these events (from event 1 on, without holes); null before the first. */
export const lastDecision = (events: readonly HistoryEvent[]): PastDecision | null => {
  const last = events.findLast(({ eventType }) => eventType === 'DecisionTaskCompleted');
  const { startedEventId, executionContext } = last?.decisionTaskCompletedEventAttributes ?? {};
  if (startedEventId === undefined) return null;
  const context = decodeContext(executionContext);
  return {
    context: E.isRight(context) ? context.right : null,
    before: events.filter(({ eventId }) => eventId !== undefined && eventId <= startedEventId),
  };
};

/** True when today's decision on the same events differs from the kept one; false when nothing was kept. */
export const diverges = (kept: DecisionContext | null, today: readonly Due[]): boolean =>
  kept !== null && hashOfDue(today) !== kept.decisions;
