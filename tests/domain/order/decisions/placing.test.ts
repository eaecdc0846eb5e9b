// From the cart to an order that may hold goods and money: placing, authentication, validation.
import { describe, it } from 'vitest';
import type { SignInEvidence } from '../../../../domain/customer.js';
import type { RejectionReason } from '../../../../domain/order/events.js';
import {
  after,
  authenticated,
  authenticate,
  cart,
  evidence,
  placed,
  place,
} from '../../../support/examples.js';
import { pence, policy, pounds, validate, validated } from '../../../support/examples.js';
import { given } from '../../../support/order/given-when-then.js';
import { articleOf, countryOf, customerIdNumbered, signInIdNumbered } from '../../../support/ids.js';

describe('nothing placed yet', () => {
  it('places a reviewed cart', () => given().when(place).then(placed));

  it('ships only to a country that the cart names', () =>
    given()
      .when({ ...place, destination: countryOf('FR') })
      .thenRefused({ type: 'destination_not_in_cart' }));

  it('lets the address choose among the countries that the cart may mean', () => {
    const channelIslands = { ...cart, destinations: [countryOf('JE'), countryOf('GG')] };
    given()
      .when({ ...place, cart: channelIslands, destination: countryOf('GG') })
      .then({ ...placed, destination: countryOf('GG') });
  });

  it('knows no order before it is placed', () =>
    given().when(authenticate).thenRefused({ type: 'order_unknown' }));
});

describe('placed', () => {
  it('is placed once by the same customer, whatever came with the repeat', () =>
    given(placed)
      .when({ ...place, at: after(60), destination: countryOf('FR') })
      .thenNothing());

  it('is not placed by another customer', () =>
    given(placed)
      .when({ ...place, customerId: customerIdNumbered(2) })
      .thenRefused({ type: 'order_exists' }));

  it('is authenticated by the sign-in it was placed under', () =>
    given(placed).when(authenticate).then(authenticated));

  const rejects = (shown: SignInEvidence | null, ...reasons: readonly RejectionReason[]): void =>
    given(placed)
      .when({ ...authenticate, evidence: shown })
      .then({ type: 'OrderRejected', at: after(1), reasons });

  it('is rejected without a known sign-in', () =>
    rejects(null, { type: 'authentication', problem: 'sign_in_unknown' }));

  it('is rejected under another sign-in', () =>
    rejects(
      { ...evidence, signInId: signInIdNumbered(2) },
      { type: 'authentication', problem: 'sign_in_unknown' },
    ));

  it('is rejected under a sign-in of another customer', () =>
    rejects(
      { ...evidence, customerId: customerIdNumbered(2) },
      { type: 'authentication', problem: 'sign_in_of_another_customer' },
    ));

  it('is rejected under a revoked sign-in', () =>
    rejects({ ...evidence, revokedAt: after(0) }, { type: 'authentication', problem: 'sign_in_revoked' }));

  it('is rejected for a locked account', () =>
    rejects({ ...evidence, accountLocked: true }, { type: 'authentication', problem: 'account_locked' }));

  it('is rejected under a sign-in of twelve hours before it was placed', () =>
    rejects(
      { ...evidence, signedInAt: after(-12 * 3_600) },
      { type: 'authentication', problem: 'sign_in_too_old' },
    ));

  it('is authenticated late: the age of a sign-in counts when the order is placed', () =>
    given(placed)
      .when({
        ...authenticate,
        at: after(86_400),
        evidence: { ...evidence, signedInAt: after(1 - 12 * 3_600) },
      })
      .then({ ...authenticated, at: after(86_400) }));

  it('is rejected with every reason at once, in the order of the rules', () =>
    rejects(
      {
        signInId: signInIdNumbered(2),
        customerId: customerIdNumbered(2),
        signedInAt: after(-86_400),
        revokedAt: after(-1),
        accountLocked: true,
      },
      { type: 'authentication', problem: 'sign_in_unknown' },
      { type: 'authentication', problem: 'sign_in_of_another_customer' },
      { type: 'authentication', problem: 'sign_in_revoked' },
      { type: 'authentication', problem: 'sign_in_too_old' },
      { type: 'authentication', problem: 'account_locked' },
    ));
});

describe('authenticated', () => {
  const rejects = (changed: Partial<typeof policy>, ...reasons: readonly RejectionReason[]): void =>
    given(placed, authenticated)
      .when({ ...validate, policy: { ...policy, ...changed } })
      .then({ type: 'OrderRejected', at: after(2), reasons });

  it('is validated under the policy in force', () =>
    given(placed, authenticated).when(validate).then(validated));

  it('is validated at exactly the limit', () =>
    given(placed, authenticated)
      .when({ ...validate, policy: { ...policy, totalLimits: new Map([[pounds, 4580]]) } })
      .then(validated));

  it('is rejected above the limit', () =>
    rejects(
      { totalLimits: new Map([[pounds, 4579]]) },
      { type: 'total_above_limit', total: pence(4580), limit: pence(4579) },
    ));

  it('is rejected in a currency that is not accepted', () =>
    rejects({ totalLimits: new Map() }, { type: 'currency_not_accepted', currency: pounds }));

  it('is rejected for a destination that is not served', () =>
    rejects(
      { destinations: new Set([countryOf('FR')]) },
      { type: 'destination_not_served', destination: countryOf('GB') },
    ));

  it('is rejected for each withdrawn article', () =>
    rejects(
      { withdrawnArticles: new Set([articleOf('22423'), articleOf('85123A'), articleOf('21232')]) },
      { type: 'article_withdrawn', lineNumber: 1, code: articleOf('85123A') },
      { type: 'article_withdrawn', lineNumber: 2, code: articleOf('22423') },
    ));

  it('is rejected with every reason at once', () =>
    rejects(
      {
        withdrawnArticles: new Set([articleOf('22423')]),
        destinations: new Set(),
        totalLimits: new Map([[pounds, 1]]),
      },
      { type: 'article_withdrawn', lineNumber: 2, code: articleOf('22423') },
      { type: 'destination_not_served', destination: countryOf('GB') },
      { type: 'total_above_limit', total: pence(4580), limit: pence(1) },
    ));
});
