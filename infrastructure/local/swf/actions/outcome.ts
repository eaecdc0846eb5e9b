import type { Veto } from '../decisions/veto.js';
import type { Fault } from '../protocol/faults.js';
import { invalid } from '../protocol/faults.js';
import { nothingFound, violationMessage, type Rule } from '../protocol/rules.js';
import type { Change } from '../state/change.js';
import type { Frozen, State } from '../state/state.js';

/** One call of an action, with everything from outside that its answer may depend on. */
export interface Call {
  /** The request's body, parsed but not yet checked. */
  readonly input: unknown;
  /** Milliseconds since 1970; never less than in an earlier call. */
  readonly now: number;
  /** A text that no other call has; runIds are made from it. */
  readonly freshId: string;
  readonly region: string;
  readonly account: string;
  /** May forbid single decisions of a completion. */
  readonly veto?: Veto | undefined;
}

/** A task that is handed out with an answer. */
export interface HandOut {
  readonly runId: string;
  readonly startedEventId: number;
}

/** What a call leads to. */
export type Outcome =
  /** An empty body stands for an action without output. */
  | {
      readonly type: 'done';
      readonly changes: readonly Change[];
      readonly body: string;
      readonly handOut?: HandOut;
    }
  | { readonly type: 'refused'; readonly fault: Fault }
  /** A long poll that found nothing in the list with this key. */
  | { readonly type: 'wait'; readonly list: string; readonly emptyBody: string };

/** An action: from the state and a call to an outcome, changing nothing. */
export type Action = (state: Frozen<State>, call: Call) => Outcome;

/** An action behind the rule for its input. */
export function action<Input>(
  rule: Rule<Input>,
  perform: (state: Frozen<State>, input: Input, call: Call) => Outcome,
): Action {
  return (state, call) => {
    const findings = nothingFound();
    const { input } = call;
    if (rule(input, '', findings)) return perform(state, input, call);
    if (findings.unreadable !== null) {
      return refused({ name: 'SerializationException', message: findings.unreadable });
    }
    return refused(invalid(violationMessage(findings.violations)));
  };
}

/** A refusal; nothing changes. */
export function refused(fault: Fault): Outcome {
  return { type: 'refused', fault };
}

/** Success of an action without output. */
export function accepted(changes: readonly Change[]): Outcome {
  return { type: 'done', changes, body: '' };
}

/** Success of an action that only reads. */
export function answered(output: object): Outcome {
  return { type: 'done', changes: [], body: JSON.stringify(output) };
}

/** A time as the protocol has it: seconds with milliseconds. */
export function timestamp(milliseconds: number): number {
  return milliseconds / 1000;
}
