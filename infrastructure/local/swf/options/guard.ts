import type { Authoriser } from './authorisation/authoriser.js';
import type { Veto } from '../decisions/veto.js';
import type { Injector, Line } from './faults/injector.js';
import { subjectOf } from '../protocol/subject.js';
import type { Throttle } from './quotas/throttle.js';
import type { Answer, Asked, Service } from '../service.js';

/** What stands between the calls and the service; null for what was not asked for. */
export interface Guards {
  readonly authoriser: Authoriser | null;
  readonly throttle: Throttle | null;
  readonly injector: Injector;
}

/** Who calls, and over which line. */
export interface Origin {
  /** Null for a call without a signature. */
  readonly accessKeyId: string | null;
  readonly line: Line;
}

/**
 * Carries out a call behind the guards. A stranger is refused first, then what is forbidden, then what comes too fast:
 * a refused call uses up no quota. Faults strike what has passed. Decisions are judged in the same order.
 */
export async function performGuarded(
  service: Service,
  guards: Guards,
  asked: Asked,
  origin: Origin,
): Promise<Answer> {
  const { authoriser, throttle, injector } = guards;
  if (authoriser === null && throttle === null && injector.isIdle()) return service.perform(asked);
  const { region, action } = asked;
  const { accessKeyId, line } = origin;
  const state = service.regions().get(region);
  const denied = authoriser?.refusal(asked, accessKeyId, state) ?? null;
  if (denied !== null) return { type: 'refused', fault: denied };
  const subject = subjectOf(asked, state);
  const throttled = throttle?.refusal(subject) ?? null;
  if (throttled !== null) return { type: 'refused', fault: throttled };
  if (action !== 'RespondDecisionTaskCompleted') {
    return injector.perform(asked, subject, line, (call) => service.perform(call));
  }
  const vetoes = [
    ...(authoriser === null ? [] : [authoriser.vetoOf({ region, accessKeyId }, state)]),
    ...(throttle === null ? [] : [throttle.vetoOf(region)]),
    injector.vetoOf(region),
  ];
  const veto: Veto = (decision, run) => {
    for (const one of vetoes) {
      const cause = one(decision, run);
      if (cause !== null) return cause;
    }
    return null;
  };
  return injector.perform({ ...asked, veto }, subject, line, (call) => service.perform(call));
}
