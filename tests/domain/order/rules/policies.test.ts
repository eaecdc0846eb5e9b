// The rules of validation and sign-in as lists: a new rule must be named here.
import { describe, expect, it } from 'vitest';
import { signInLifeSeconds } from '../../../../domain/customer.js';
import {
  authenticationProblems,
  orderRules,
  rejectionReasons,
  signInRules,
} from '../../../../domain/order/rules/policies.js';
import { after, evidence, placed, policy } from '../../../support/examples.js';

describe('the rules of an order', () => {
  it('are all there', () => {
    expect(orderRules.map(({ name }) => name)).toStrictEqual([
      'article_withdrawn',
      'destination_not_served',
      'currency_not_accepted',
      'total_above_limit',
    ]);
  });

  it('find nothing in an order that keeps them', () => {
    expect(rejectionReasons(placed, policy)).toStrictEqual([]);
  });
});

describe('the rules of a sign-in', () => {
  it('are all there', () => {
    expect(signInRules.map(({ problem }) => problem)).toStrictEqual([
      'sign_in_unknown',
      'sign_in_of_another_customer',
      'sign_in_revoked',
      'sign_in_too_old',
      'account_locked',
    ]);
  });

  it.each([
    [1, []],
    [0, ['sign_in_too_old']],
    [-1, ['sign_in_too_old']],
  ])('count twelve hours to the second: %i s left', (left, problems) => {
    const shown = { ...evidence, signedInAt: after(left - signInLifeSeconds) };
    expect(authenticationProblems(shown, placed)).toStrictEqual(problems);
  });

  it('accept a sign-in of a moment after the order, as clocks of two machines may tell it', () => {
    expect(authenticationProblems({ ...evidence, signedInAt: after(2) }, placed)).toStrictEqual([]);
  });
});
