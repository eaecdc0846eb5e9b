import type { Clock } from '../../clock.js';
import type { Veto } from '../../decisions/veto.js';
import type { Fault } from '../../protocol/faults.js';
import { textAt, memberAt, type Subject } from '../../protocol/subject.js';
import { rateExceeded } from '../quotas/throttle.js';
import type { Answer, Asked } from '../../service.js';
import type { FaultBook, Occasion } from './book.js';
import type { FaultRule } from './rule.js';

/** The way to the client: what a fault can do to it beside answering. */
export interface Line {
  /** Cuts the connection. */
  readonly cut: () => void;
}

/** Makes calls go wrong as the book says. */
export interface Injector {
  /** Whether there is nothing that could go wrong. */
  readonly isIdle: () => boolean;
  /** Carries a call out, unless or until a fault strikes. */
  readonly perform: (
    asked: Asked,
    subject: Subject,
    line: Line,
    carryOut: (asked: Asked) => Promise<Answer>,
  ) => Promise<Answer>;
  readonly vetoOf: (region: string) => Veto;
}

const emptyPolls: ReadonlyMap<string, string> = new Map([
  ['PollForActivityTask', '{"startedEventId":0}'],
  ['PollForDecisionTask', '{"startedEventId":0,"previousStartedEventId":0}'],
]);

const internalFailure: Fault = { name: 'InternalFailure', message: '' };
const unavailable: Fault = { name: 'ServiceUnavailable', message: 'Service is unavailable' };

function refused(fault: Fault): Answer {
  return { type: 'refused', fault };
}

/** Delays are measured by the clock; tasks to be given out twice are kept in memory only. */
export function openInjector(book: FaultBook, clock: Clock): Injector {
  const again = new Map<string, Answer>();

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => clock.schedule(clock.now() + milliseconds, resolve));
  }

  /** What the client gets instead of an answer or a later answer; null for the answer as it is. */
  async function disturb(rule: FaultRule | null, asked: Asked, line: Line): Promise<Answer | null> {
    if (rule === null) return null;
    const { kind } = rule;
    if (kind === 'throttle') return refused(rateExceeded);
    if (kind === 'internalFailure') return refused(internalFailure);
    if (kind === 'unavailable') return refused(unavailable);
    if (kind === 'delay') await pause(rule.delayMilliseconds);
    if (kind !== 'hang' && kind !== 'cut') return null;
    if (kind === 'cut') line.cut();
    else if (!asked.caller.gone) await new Promise<void>((resolve) => asked.caller.whenGone(resolve));
    return refused(internalFailure); // nobody is there to read it
  }

  return {
    isIdle: () => book.isEmpty() && again.size === 0,
    async perform(asked, subject, line, carryOut) {
      const occasion = occasionOf(subject);
      const list = `${asked.region} ${asked.action} ${subject.domain ?? ''} ${subject.taskList ?? ''}`;
      const before = book.take(occasion, (rule) => isBefore(rule, asked.action));
      const instead = await disturb(before, asked, line);
      if (instead !== null) return instead;
      const repeated = again.get(list);
      if (repeated !== undefined && emptyPolls.has(asked.action)) {
        again.delete(list);
        return repeated;
      }
      const answer = await carryOut(asked);
      if (before?.kind === 'duplicateCall') await carryOut({ ...asked, freshId: `${asked.freshId}2` });
      const emptyBody = emptyPolls.get(asked.action);
      const task = emptyBody === undefined ? null : taskIn(answer);
      const known = task === null ? occasion : { ...occasion, ...task };
      const after = book.take(known, (rule) => isAfter(rule, task !== null));
      if (after?.kind === 'loseTask') return { type: 'done', body: emptyBody ?? '' };
      if (after?.kind === 'duplicateTask') again.set(list, answer);
      return (await disturb(after, asked, line)) ?? answer;
    },
    vetoOf: (region) => (decision, run) => {
      const { decisionType } = decision;
      const activity = decision.scheduleActivityTaskDecisionAttributes;
      const child = decision.startChildWorkflowExecutionDecisionAttributes;
      const type =
        decisionType === 'ScheduleActivityTask'
          ? activity?.activityType
          : decisionType === 'StartChildWorkflowExecution'
            ? child?.workflowType
            : run.workflowType;
      const occasion = {
        region,
        action: 'RespondDecisionTaskCompleted',
        domain: run.domain,
        workflowId: run.workflowId,
        type: type?.name ?? null,
        version: type?.version ?? null,
        decision: decisionType,
      };
      return book.take(occasion, (rule) => rule.kind === 'failDecision')?.cause ?? null;
    },
  };
}

function isBefore(rule: FaultRule, action: string): boolean {
  // A second poll would take a task of its own, and wait for it.
  if (rule.kind === 'duplicateCall' && emptyPolls.has(action)) return false;
  if (rule.kind === 'loseTask' || rule.kind === 'duplicateTask' || rule.kind === 'failDecision') return false;
  return !rule.afterEffect;
}

function isAfter(rule: FaultRule, handsOut: boolean): boolean {
  if (rule.kind === 'loseTask' || rule.kind === 'duplicateTask') return handsOut;
  return rule.afterEffect;
}

function occasionOf({ region, action, domain, workflowId, type, taskList }: Subject): Occasion {
  return { region, action, domain, workflowId, type: type.name, version: type.version, taskList };
}

/** The run and the type of a task that an answer hands out; null for an empty poll. */
function taskIn(answer: Answer): Occasion | null {
  if (answer.type !== 'done') return null;
  const body: unknown = JSON.parse(answer.body);
  if (textAt(body, 'taskToken') === null) return null;
  const type = memberAt(body, 'activityType') ?? memberAt(body, 'workflowType');
  return {
    workflowId: textAt(body, 'workflowExecution', 'workflowId'),
    type: textAt(type, 'name'),
    version: textAt(type, 'version'),
  };
}
