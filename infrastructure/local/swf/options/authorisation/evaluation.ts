import { holds, type Context } from './conditions.js';
import { fits, fitsArn } from './patterns.js';
import type { Policy, Statement } from './policy.js';

/** What somebody wants to do. */
export interface Request {
  /** With its service, such as `swf:StartTimer`. */
  readonly action: string;
  /** Null when it cannot be told: then every Resource of an Allow counts as fitting, and none of a Deny. */
  readonly resource: string | null;
  readonly context: Context;
}

/** `implicitDeny`: nothing allows it. */
export type Verdict = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** Judges as IAM does for the policies of one identity: a Deny that fits wins, else an Allow that fits, else it is denied. */
export function evaluate(policies: readonly Policy[], request: Request): Verdict {
  const fitting = policies.flatMap((policy) => policy.filter((statement) => concerns(statement, request)));
  if (fitting.some((statement) => statement.effect === 'Deny')) return 'explicitDeny';
  return fitting.length > 0 ? 'allowed' : 'implicitDeny';
}

function concerns(statement: Statement, { action, resource, context }: Request): boolean {
  const { actions, resources, effect, conditions } = statement;
  const named = actions.patterns.some((pattern) => fits(pattern, action.toLowerCase()));
  if (named === actions.except) return false;
  const located =
    resource === null
      ? effect === 'Allow'
      : resources.patterns.some((pattern) => fitsArn(pattern, resource)) !== resources.except;
  return located && conditions.every((condition) => holds(condition, context));
}
