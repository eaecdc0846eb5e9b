// The mails that ask for a payment and tell of money on its way back.
import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../../domain/order/events.js';
import type { DeclineClass } from '../../../domain/payment.js';
import * as the from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import * as more from '../../support/order/payment-examples.js';
import { mailOf } from './occasion.js';

const { pence } = the;
const needed = (events: readonly OrderEvent[]): string => mailOf('payment_needed', events).text;

describe('the mail that asks for a payment', () => {
  it('says what happened, what to do until when, what is kept and what is owed', () => {
    const { subject, text } = mailOf('payment_needed', histories.declined.events);
    expect(subject).toBe('Your order 00000001 waits for its payment');
    expect(text).toBe(`Hello Zoë Ælfwine,

Your payment did not go through.

The bank did not approve the payment of £45.80 with your card this time.

Please open your order and try the card again or choose another one by 5 January 2026, 09:30 UTC. If no payment has worked by then, we cancel your order and charge nothing.

Your goods are put aside for you at least until 5 January 2026, 09:15 UTC. Nothing was charged.

  £15.30  6 × White hanging heart tea light holder
  £25.50  2 × Cake stand with three tiers
   £5.00  Delivery
  £45.80  Total

Pay for your order: https://checkout.example/orders/00000001-0000-4000-8000-000000000001

Gift Shop
`);
  });

  const byClass: Readonly<Record<DeclineClass, readonly [keyof typeof histories, string, string]>> = {
    soft: ['declinedSoft', 'did not answer', 'try the card again or choose another one by'],
    fixable: [
      'declinedFixable',
      'something wrong or out of date in the card’s details',
      'correct the card’s',
    ],
    funds: ['declined', 'did not approve', 'try the card again or choose another one by'],
    authentication: ['declinedAuthentication', 'wants you to confirm', 'follow your bank’s steps'],
    hard: [
      'declinedHard',
      'asking it again would not help',
      'Please open your order and choose another card by',
    ],
    policy: ['declinedPolicy', 'We could not accept your Visa card ending in 4242', 'choose another card by'],
  };
  it.each(Object.entries(byClass))('after a refusal of class %s', (_, [state, happened, advice]) => {
    const text = needed(histories[state].events);
    expect(text).toContain(happened);
    expect(text).toContain(advice);
    expect(text).toContain(' by 5 January 2026, 09:30 UTC.');
    expect(text).not.toMatch(/stolen|lost|incorrect_|_|address check|insufficient/);
  });

  it('tells of the hold on a card that we refused after its approval', () => {
    expect(needed(histories.declinedPolicy.events)).toContain(
      'Nothing was charged. The hold of £45.80 on your Visa card ending in 4242 is being released.',
    );
  });

  it('gives three days once the parcel is packed, and says that the money is still held', () => {
    const text = needed(histories.chargeFailed.events);
    expect(text).toContain('with your Visa card ending in 4242 this time.');
    expect(text).toContain(' by 8 January 2026, 09:53 UTC.');
    expect(text).toContain('Your parcel is packed and waits for the payment.');
    expect(text).toContain(
      '£45.80 is held on your Visa card ending in 4242 until 12 January 2026, 09:00 UTC.',
    );
  });

  it('after a short pick asks for what was packed', () => {
    const text = needed([
      ...histories.packedShort.events,
      { ...the.chargeRequested, amount: more.shortAmount },
      the.chargeFailed,
    ]);
    expect(text).toContain('the payment of £40.70 with');
    expect(text).toContain('  £40.70  Total\n\nNot in the parcel, and not charged:\n  2 × White hanging');
  });

  it('does not threaten to cancel while an earlier hold carries the order', () => {
    const text = needed(histories.renewalDeclined.events);
    expect(text).toContain('Meanwhile your order goes on with the amount that is held already.');
    expect(text).toContain(
      '£45.80 is held on your Visa card ending in 4242 until 12 January 2026, 09:00 UTC.',
    );
    expect(text).not.toContain('cancel');
  });
});

describe('the mail about a refund', () => {
  it('says how much goes back, to which card, why, and how much it is by now', () => {
    const { subject, text } = mailOf('order_refunded', histories.partlyRefunded.events);
    expect(subject).toBe('A refund for your order 00000001');
    expect(text)
      .toContain(`£10.00 goes back to your Visa card ending in 4242 as a gesture of goodwill. Your bank may take some days to show it.

  £45.80  Charged
  £10.00  This refund
  £10.00  Refunded so far
`);
  });

  it('tells of another refund that is under way', () => {
    const { text } = mailOf(
      'order_refunded',
      [...histories.partlyRefunded.events, more.refundAsked('r-2', 2, pence(255))],
      { factRevision: histories.partlyRefunded.events.length - 1 },
    );
    expect(text).toContain('  £10.00  Refunded so far\n\nA refund of £2.55 is under way.\n');
  });

  it('of one that failed tells nothing', () => {
    const events = [
      ...histories.refundFailed.events,
      more.refundAsked('r-2', 2, pence(255)),
      more.refunded('r-2', pence(255)),
    ];
    const { text } = mailOf('order_refunded', events);
    expect(text).toContain('£2.55 goes back');
    expect(text).toContain('   £2.55  Refunded so far\n');
    expect(text).not.toContain('£10.00');
  });

  it('of two that were made in another order than asked for, each tells its own', () => {
    const events = [
      ...histories.charged.events,
      more.refundAsked('r-1', 1),
      more.refundAsked('r-2', 2, pence(255)),
      more.refunded('r-2', pence(255)),
      more.refunded('r-1'),
    ];
    const last = events.length - 1;
    const first = mailOf('order_refunded', events, { factRevision: last - 1 }).text;
    expect(first).toContain('£2.55 goes back to your Visa card');
    expect(first).toContain('  £45.80  Charged\n   £2.55  This refund\n  £12.55  Refunded so far\n');
    expect(mailOf('order_refunded', events, { factRevision: last }).text).toContain('£10.00 goes back');
  });
});

describe('the money of a parcel', () => {
  it('that was partly refunded before its mail is told as it is', () => {
    const { text } = mailOf('order_shipped', [...histories.partlyRefunded.events, the.shipped]);
    expect(text).toContain('£45.80 was charged to your Visa card ending in 4242. £10.00 of it goes back');
  });

  it('says which earlier hold is being released', () => {
    const { text } = mailOf('order_confirmed', histories.renewed.events);
    expect(text).toContain('An earlier hold of £45.80 on your Visa card ending in 4242 is being released.');
  });
});
