// Every decline code of the shared data and of the processor has a class whose next step is right.
import { describe, expect, it } from 'vitest';
import { declineClassOf, declineOf } from '../../../../adapters/payment/decline-classes.js';
import { fold } from '../../../../domain/order/evolve.js';
import { isRefusedForGood, nextPayment } from '../../../../domain/order/rules/next-payment.js';
import type { DeclineClass } from '../../../../domain/payment.js';
import { paymentMethod } from '../../../support/examples.js';
import { histories } from '../../../support/histories.js';
import { csvRecords, sharedDataIsHere, sharedFile } from '../../../support/order/online-retail.js';
import * as more from '../../../support/order/payment-examples.js';

type Step = 'again' | 'ask' | 'ask, never this card';

/** What the order does after a decline with that code. */
const stepAfter = (code: string): Step => {
  const order = fold([...histories.reserving.events, more.refused(1, 5, declineOf(code))]);
  if (order.type === 'no_order') throw new Error('no order');
  if (isRefusedForGood(order, paymentMethod)) return 'ask, never this card';
  return nextPayment(order) === 'reserve_soon' ? 'again' : 'ask';
};

/** What the data says about a code, and the steps that agree with it. */
const agreeing: Readonly<Record<string, readonly Step[]>> = {
  never: ['ask, never this card'],
  later: ['ask', 'ask, never this card'],
  technical: ['again'],
  fix_data: ['ask'],
  customer_action: ['ask'],
  '': ['ask', 'ask, never this card'],
};

describe.skipIf(!sharedDataIsHere)('with ../shared/data, its card declines', () => {
  const records = sharedDataIsHere ? csvRecords(sharedFile('small/card-declines/decline-codes.csv')) : [];
  const codes = records.map((record) => ({
    scheme: record.get('Scheme') ?? '',
    code: record.get('Code') ?? '',
    reason: record.get('Reason') ?? '',
    retry: record.get('RetryClass') ?? '',
  }));
  const ofProcessor = codes.filter(({ scheme }) => scheme === 'stripe');

  it('are all read', () => {
    expect(ofProcessor.length).toBeGreaterThan(40);
    expect(codes.length).toBeGreaterThan(120);
  });

  it.each(ofProcessor)('have a class and the right next step: $code', ({ code, retry }) => {
    expect(declineClassOf(code)).not.toBeNull();
    // The processor's own advice for this one is to try again.
    expect(code === 'try_again_later' ? ['again'] : agreeing[retry]).toContain(stepAfter(code));
  });

  it.each(codes)('ask for the right next step by their reason: $scheme $code', ({ reason, retry }) => {
    expect(agreeing[retry]).toContain(stepAfter(reason));
  });
});

describe('a code that is new to us', () => {
  it('asks the customer, and does not condemn the card', () => {
    expect(stepAfter('never_heard_of')).toBe('ask');
  });
});

describe('the classes', () => {
  const steps: Readonly<Record<Exclude<DeclineClass, 'policy'>, readonly [code: string, Step]>> = {
    soft: ['issuer_not_available', 'again'],
    fixable: ['incorrect_cvc', 'ask'],
    funds: ['insufficient_funds', 'ask'],
    authentication: ['authentication_required', 'ask'],
    hard: ['stolen_card', 'ask, never this card'],
  };
  it.each(Object.entries(steps))('%s', (name, [code, step]) => {
    expect(declineClassOf(code)).toBe(name);
    expect(stepAfter(code)).toBe(step);
  });
});
