// A card that did not give the money: another one may continue the same order until a deadline.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { histories, type StateName } from '../../../support/histories.js';
import { paymentMethodOf } from '../../../support/ids.js';
import { given } from '../../../support/order/given-when-then.js';
import * as more from '../../../support/order/payment-examples.js';

const { declines, otherCard } = more;

describe('another card', () => {
  const asked: readonly StateName[] = [
    'declined',
    'declinedSoft',
    'declinedFixable',
    'declinedAuthentication',
    'declinedHard',
    'declinedPolicy',
    'chargeFailed',
    'chargeFailedHard',
  ];
  it.each(asked)('may be named when %s', (state) =>
    given(...histories[state].events)
      .when(more.nameCard(otherCard))
      .then(more.named(otherCard)),
  );

  it('is named once', () =>
    given(...histories.cardNamed.events)
      .when(more.nameCard(otherCard, 66))
      .thenNothing());

  it('may still be changed before it is tried', () => {
    const third = paymentMethodOf('pm_card_amex');
    given(...histories.cardNamed.events)
      .when(more.nameCard(third, 66))
      .then(more.named(third, 66));
  });

  it.each(['stockHeld', 'authenticating', 'reserved', 'charged', 'shipped'] as const)(
    'is not asked for when %s',
    (state) =>
      given(...histories[state].events)
        .when(more.nameCard(otherCard))
        .thenRefused({
          type: 'wrong_phase',
          command: 'ReplacePaymentMethod',
          phase: histories[state].phase,
        }),
  );

  it('comes too late at the deadline: half an hour at the checkout, three days later on', () => {
    given(...histories.declined.events)
      .when(more.nameCard(otherCard, 1_804))
      .then(more.named(otherCard, 1_804));
    given(...histories.declined.events)
      .when(more.nameCard(otherCard, 1_805))
      .thenRefused({ type: 'deadline_passed', until: the.after(1_805) });
    given(...histories.chargeFailed.events)
      .when(more.nameCard(otherCard, 3_200 + 259_200))
      .then(more.named(otherCard, 3_200 + 259_200));
    given(...histories.chargeFailed.events)
      .when(more.nameCard(otherCard, 3_201 + 259_200))
      .thenRefused({ type: 'deadline_passed', until: the.after(3_201 + 259_200) });
  });

  it('comes too late when the order is on its way out', () =>
    given(...histories.declined.events, the.givenUp)
      .when(more.nameCard(otherCard))
      .thenRefused({ type: 'order_closing', phase: 'Cancelling' }));

  it('has no attempt left after five declines, though an earlier reservation stands', () => {
    given(...histories.noAttemptLeft.events)
      .when(more.nameCard(otherCard, 86_400 * 5 + 60))
      .thenRefused({ type: 'no_attempt_left', most: 5 });
    const day = 86_400;
    const renewals = [2, 3, 4, 5, 6].flatMap((attempt) => [
      more.asked(attempt, attempt * day),
      more.refused(attempt, attempt * day + 1, declines.funds),
    ]);
    given(...histories.committed.events, ...renewals)
      .when(more.nameCard(otherCard, 6 * day + 60))
      .thenRefused({ type: 'no_attempt_left', most: 5 });
  });
});

describe('the same card', () => {
  it('may be named again once its data or its account is in order', () =>
    given(...histories.declinedFixable.events)
      .when(more.nameCard(the.paymentMethod))
      .then(more.named(the.paymentMethod)));

  it('is never named again when it was refused for good, also by its charge', () => {
    given(...histories.declinedHard.events)
      .when(more.nameCard(the.paymentMethod))
      .thenRefused({ type: 'card_never_again' });
    given(...histories.chargeFailedHard.events)
      .when(more.nameCard(the.paymentMethod, 3_300))
      .thenRefused({ type: 'card_never_again' });
  });

  it('is never named again after another card was declined in between', () => {
    const declinedToo = [
      more.named(otherCard, 3_300),
      more.asked(2, 3_301, otherCard),
      more.refused(2, 3_302, declines.funds),
    ];
    given(...histories.chargeFailedHard.events, ...declinedToo)
      .when(more.nameCard(the.paymentMethod, 3_400))
      .thenRefused({ type: 'card_never_again' });
    given(...histories.chargeFailedHard.events, ...declinedToo)
      .when(more.nameCard(otherCard, 3_400))
      .then(more.named(otherCard, 3_400));
  });

  it('rests for a day after three tries', () => {
    const tries = [1, 2, 3].flatMap((attempt) => [
      more.asked(attempt, attempt * 10),
      more.refused(attempt, attempt * 10 + 1, declines.funds),
    ]);
    given(...histories.stockHeld.events, ...tries)
      .when(more.nameCard(the.paymentMethod, 40))
      .thenRefused({ type: 'card_tried_too_often', until: the.after(86_410) });
    given(...histories.stockHeld.events, ...tries)
      .when(more.nameCard(otherCard, 40))
      .then(more.named(otherCard, 40));
  });
});

describe('giving up', () => {
  it('waits for the deadline', () => {
    given(...histories.declined.events)
      .when({ ...the.giveUp, at: the.after(1_804) })
      .thenRefused({ type: 'deadline_not_passed', until: the.after(1_805) });
    given(...histories.declined.events)
      .when({ ...the.giveUp, at: the.after(1_805) })
      .then({ ...the.givenUp, at: the.after(1_805) });
  });

  it('waits for three days once the goods are packed', () => {
    given(...histories.chargeFailed.events)
      .when({ ...the.giveUp, at: the.after(3_200 + 259_200) })
      .thenRefused({ type: 'deadline_not_passed', until: the.after(3_201 + 259_200) });
    given(...histories.chargeFailed.events)
      .when({ ...the.giveUp, at: the.after(3_201 + 259_200) })
      .then({ ...the.givenUp, at: the.after(3_201 + 259_200) });
  });

  it('waits for nothing when no attempt is left', () => {
    const at = the.after(86_400 * 5 + 2);
    given(...histories.noAttemptLeft.events)
      .when({ ...the.giveUp, at })
      .then({ ...the.givenUp, at });
  });

  it('does not overtake a card that was named, or an issuer that is asked again', () => {
    for (const state of ['cardNamed', 'declinedSoft'] as const) {
      given(...histories[state].events)
        .when(the.giveUp)
        .thenRefused({ type: 'wrong_phase', command: 'GiveUpPayment', phase: 'AwaitingPayment' });
    }
  });

  it('happens once', () =>
    given(...histories.declined.events, the.givenUp)
      .when(the.giveUp)
      .thenNothing());
});
