import type { Veto } from '../../decisions/veto.js';
import type { Fault } from '../../protocol/faults.js';
import { subjectOf } from '../../protocol/subject.js';
import type { Frozen, State } from '../../state/state.js';
import { evaluate, type Request, type Verdict } from './evaluation.js';
import type { Policy } from './policy.js';
import { contextOfCall, contextOfDecision } from './swf-keys.js';

/** The policies of each caller, by access key id. */
export type Policies = ReadonlyMap<string, readonly Policy[]>;

/** Says who may do what. Signatures are not verified: the access key id alone tells who calls. */
export interface Authoriser {
  /**
   * Null when the call may go on; `accessKeyId` is null for a call without a signature. Calls that work on a task are
   * judged by the domain of the task's run; a token that names no run leaves the resource open.
   */
  readonly refusal: (
    call: { readonly region: string; readonly action: string; readonly input: unknown },
    accessKeyId: string | null,
    state: Frozen<State> | undefined,
  ) => Fault | null;
  /** Judges each decision as an action of its own; a denied one fails with OPERATION_NOT_PERMITTED. */
  readonly vetoOf: (
    call: { readonly region: string; readonly accessKeyId: string | null },
    state: Frozen<State> | undefined,
  ) => Veto;
}

/** Judges by the policies given; the account stands in the ARNs of domains and callers. */
export function openAuthoriser(policies: Policies, account: string): Authoriser {
  const arnOf = (region: string, domain: string): string =>
    `arn:aws:swf:${region}:${account}:/domain/${domain}`;

  return {
    refusal(call, accessKeyId, state) {
      if (accessKeyId === null) {
        return { name: 'MissingAuthenticationToken', message: 'Request is missing Authentication Token' };
      }
      const own = policies.get(accessKeyId);
      if (own === undefined) {
        const message = 'The security token included in the request is invalid.';
        return { name: 'UnrecognizedClientException', message };
      }
      const subject = subjectOf(call, state);
      const located = subject.domain ?? (call.action === 'ListDomains' ? '*' : null);
      const request: Request = {
        action: `swf:${call.action}`,
        resource: located === null ? null : arnOf(call.region, located),
        context: contextOfCall(subject, state),
      };
      const verdict = evaluate(own, request);
      if (verdict === 'allowed') return null;
      const user = `arn:aws:iam::${account}:user/${accessKeyId}`;
      const resource = request.resource ?? arnOf(call.region, '*');
      const message = `User: ${user} is not authorized to perform: ${request.action} on resource: ${resource}`;
      return { name: 'AccessDeniedException', message: `${message} ${reasonOf(verdict, request.action)}` };
    },
    vetoOf({ region, accessKeyId }, state) {
      const own = policies.get(accessKeyId ?? '') ?? [];
      return (decision, run) => {
        const { decisionType } = decision;
        // Lambda functions are governed by the run's role; the service has no such failure.
        if (decisionType === 'ScheduleLambdaFunction') return null;
        const verdict = evaluate(own, {
          action: `swf:${decisionType}`,
          resource: arnOf(region, run.domain),
          context: contextOfDecision(decision, run, state),
        });
        return verdict === 'allowed' ? null : 'OPERATION_NOT_PERMITTED';
      };
    },
  };
}

function reasonOf(verdict: Verdict, action: string): string {
  if (verdict === 'explicitDeny') return 'with an explicit deny in an identity-based policy';
  return `because no identity-based policy allows the ${action} action`;
}
