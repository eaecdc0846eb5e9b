import { signInLifeSeconds, type AuthenticationProblem, type SignInEvidence } from '../../customer.js';
import { hasPassed, plusSeconds } from '../../instant.js';
import { money, type Money } from '../../money.js';
import * as E from 'fp-ts/lib/Either.js';
import type { SellingPolicy } from '../commands.js';
import type { OrderPlaced, RejectionReason } from '../events.js';

/** A rule that an accepted order must keep before anything is held or charged; names every break it finds. */
export type OrderRule = {
  readonly name: RejectionReason['type'];
  readonly broken: (terms: OrderPlaced, policy: SellingPolicy) => readonly RejectionReason[];
};

const limitOf = (terms: OrderPlaced, policy: SellingPolicy): Money | null => {
  const limit = policy.totalLimits.get(terms.currency);
  if (limit === undefined) return null;
  const amount = money(limit, terms.currency);
  return E.isRight(amount) ? amount.right : null;
};

/** Every rule of order validation; all are checked and all breaks reported. Adding a rule is adding an entry. */
export const orderRules: readonly OrderRule[] = [
  {
    name: 'article_withdrawn',
    broken: (terms, policy) =>
      terms.lines
        .filter(({ code }) => policy.withdrawnArticles.has(code))
        .map(({ lineNumber, code }) => ({ type: 'article_withdrawn', lineNumber, code })),
  },
  {
    name: 'destination_not_served',
    broken: ({ destination }, { destinations }) =>
      destinations === 'everywhere' || destinations.has(destination)
        ? []
        : [{ type: 'destination_not_served', destination }],
  },
  {
    name: 'currency_not_accepted',
    broken: ({ currency }, { totalLimits }) =>
      totalLimits.has(currency) ? [] : [{ type: 'currency_not_accepted', currency }],
  },
  {
    name: 'total_above_limit',
    broken: (terms, policy) => {
      const limit = limitOf(terms, policy);
      return limit === null || terms.total.minor <= limit.minor
        ? []
        : [{ type: 'total_above_limit', total: terms.total, limit }];
    },
  },
];

/** Every reason why an order must be rejected under the policy; empty when it may go on. */
export const rejectionReasons = (terms: OrderPlaced, policy: SellingPolicy): readonly RejectionReason[] =>
  orderRules.flatMap((rule) => rule.broken(terms, policy));

/** A rule that a sign-in must keep to authenticate an order. */
export type SignInRule = {
  readonly problem: AuthenticationProblem;
  readonly broken: (evidence: SignInEvidence | null, terms: OrderPlaced) => boolean;
};

/** Every rule of the workflow's authentication step; all are checked and all breaks reported. */
export const signInRules: readonly SignInRule[] = [
  {
    problem: 'sign_in_unknown',
    broken: (evidence, terms) => evidence === null || evidence.signInId !== terms.signInId,
  },
  {
    problem: 'sign_in_of_another_customer',
    broken: (evidence, terms) => evidence !== null && evidence.customerId !== terms.customerId,
  },
  { problem: 'sign_in_revoked', broken: (evidence) => evidence !== null && evidence.revokedAt !== null },
  {
    problem: 'sign_in_too_old',
    // Freshness counts at the moment of placing: a workflow that starts late must not punish the customer.
    broken: (evidence, terms) =>
      evidence !== null && hasPassed(plusSeconds(evidence.signedInAt, signInLifeSeconds), terms.at),
  },
  { problem: 'account_locked', broken: (evidence) => evidence?.accountLocked === true },
];

/** Everything wrong with the sign-in under which the order was placed. */
export const authenticationProblems = (
  evidence: SignInEvidence | null,
  terms: OrderPlaced,
): readonly AuthenticationProblem[] =>
  signInRules.filter((rule) => rule.broken(evidence, terms)).map((rule) => rule.problem);
