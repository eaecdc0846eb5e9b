// Mails: each at most once, except that one whose fate nobody knows is tried once more.
import { describe, it } from 'vitest';
import type { NotificationKind, OrderEvent } from '../../../../domain/order/events.js';
import * as the from '../../../support/examples.js';
import { given } from '../../../support/order/given-when-then.js';
import { histories } from '../../../support/histories.js';
import * as more from '../../../support/order/payment-examples.js';

const due = { type: 'notification_not_due' } as const;
type Occasion = readonly [kind: NotificationKind, facts: readonly OrderEvent[], factRevision: number];
const occasions: readonly Occasion[] = [
  ['order_confirmed', histories.reserved.events, 5],
  ['payment_needed', histories.declined.events, 5],
  ['order_shipped', histories.shipped.events, 12],
  ['order_rejected', histories.rejected.events, 1],
  ['order_cancelled', histories.cancelled.events, 10],
  ['order_refunded', histories.partlyRefunded.events, 13],
];

describe.each(occasions)('%s', (kind, facts, factRevision) => {
  const requested = the.mailRequested(kind, factRevision);

  it('is asked for with the revision of its fact', () =>
    given(...facts)
      .when(the.requestMail(kind, factRevision))
      .then(requested));

  it('is not asked for before its fact', () =>
    given(...facts.slice(0, -1))
      .when(the.requestMail(kind, factRevision))
      .thenRefused(due));

  it('is asked for once', () =>
    given(...facts, requested)
      .when(the.requestMail(kind, factRevision))
      .thenNothing());

  it('has no result before it was asked for', () =>
    given(...facts)
      .when(the.recordMailSent(kind, factRevision))
      .thenRefused(due));

  it('was sent', () =>
    given(...facts, requested)
      .when(the.recordMailSent(kind, factRevision))
      .then(the.mailSent(kind, factRevision)));

  it('stays sent', () => {
    const sent = [...facts, requested, the.mailSent(kind, factRevision)];
    given(...sent)
      .when(the.recordMailSent(kind, factRevision))
      .thenNothing();
    given(...sent)
      .when(the.recordMailNotSent(kind, factRevision))
      .thenNothing();
    given(...sent)
      .when(the.requestMail(kind, factRevision))
      .thenNothing();
  });

  it('was possibly sent, and then surely', () => {
    given(...facts, requested)
      .when(the.recordMailPossiblySent(kind, factRevision))
      .then(the.mailPossiblySent(kind, factRevision));
    given(...facts, requested, the.mailPossiblySent(kind, factRevision))
      .when(the.recordMailSent(kind, factRevision))
      .then(the.mailSent(kind, factRevision));
  });

  const possibly = [...facts, requested, the.mailPossiblySent(kind, factRevision)];

  it('is asked for once more when it is in doubt, and not a third time', () => {
    given(...possibly)
      .when(the.recordMailPossiblySent(kind, factRevision))
      .thenNothing();
    given(...possibly)
      .when(the.requestMail(kind, factRevision))
      .then(requested);
    given(...possibly, requested)
      .when(the.recordMailPossiblySent(kind, factRevision))
      .then(the.mailPossiblySent(kind, factRevision));
    given(...possibly, requested, the.mailPossiblySent(kind, factRevision))
      .when(the.requestMail(kind, factRevision))
      .thenNothing();
  });

  it('is due again when its one repeat surely was not sent', () => {
    given(...possibly, requested)
      .when(the.recordMailNotSent(kind, factRevision))
      .then(the.mailNotSent(kind, factRevision));
    given(...possibly, requested, the.mailNotSent(kind, factRevision))
      .when(the.recordMailNotSent(kind, factRevision))
      .thenNothing();
    given(...possibly, requested, the.mailNotSent(kind, factRevision))
      .when(the.requestMail(kind, factRevision))
      .then(requested);
  });

  it('turns out sent late, while its repeat is due', () =>
    given(...possibly, requested, the.mailNotSent(kind, factRevision))
      .when(the.recordMailSent(kind, factRevision))
      .then(the.mailSent(kind, factRevision)));

  it('is due again when it surely was not sent', () => {
    given(...facts, requested)
      .when(the.recordMailNotSent(kind, factRevision))
      .then(the.mailNotSent(kind, factRevision));
    given(...facts, requested, the.mailNotSent(kind, factRevision))
      .when(the.requestMail(kind, factRevision))
      .then(requested);
  });
});

describe('a confirmation', () => {
  it('is not asked for any more once the order is on its way out', () =>
    given(...histories.cancellingCommitted.events)
      .when(the.requestMail('order_confirmed', 5))
      .thenRefused({ type: 'order_closing', phase: 'Cancelling' }));

  it('is never due for a reservation that came after the cancellation', () =>
    given(...histories.cancellingReserved.events)
      .when(the.requestMail('order_confirmed', 7))
      .thenRefused(due));

  it('is due once, though the reservation is renewed', () => {
    given(...histories.renewed.events)
      .when(the.requestMail('order_confirmed', 5))
      .then(the.mailRequested('order_confirmed', 5));
    given(...histories.renewed.events)
      .when(the.requestMail('order_confirmed', 8))
      .thenRefused(due);
  });

  it('is not sent for a card that we refused', () =>
    given(...histories.declinedPolicy.events)
      .when(the.requestMail('order_confirmed', 5))
      .thenRefused({ type: 'wrong_phase', command: 'RequestNotification', phase: 'AwaitingPayment' }));
});

describe('a plea for another card', () => {
  it('is not called for while the issuer is asked again', () =>
    given(...histories.declinedSoft.events)
      .when(the.requestMail('payment_needed', 5))
      .thenRefused(due));

  it('is not sent any more once a card was named', () =>
    given(...histories.cardNamed.events)
      .when(the.requestMail('payment_needed', 5))
      .thenRefused({ type: 'wrong_phase', command: 'RequestNotification', phase: 'AwaitingPayment' }));

  it('is called for by each decline whose plea does not wait still', () => {
    const sent = [the.mailRequested('payment_needed', 5), the.mailSent('payment_needed', 5)];
    const again = [
      more.named(more.otherCard),
      more.asked(2, 70, more.otherCard),
      more.refused(2, 71, more.declines.funds),
    ];
    given(...histories.declined.events, ...sent, ...again)
      .when(the.requestMail('payment_needed', 10))
      .then(the.mailRequested('payment_needed', 10));
    given(...histories.declined.events, ...again)
      .when(the.requestMail('payment_needed', 8))
      .thenRefused(due);
    given(...histories.declined.events, ...again)
      .when(the.requestMail('payment_needed', 5))
      .then(the.mailRequested('payment_needed', 5));
  });
});

describe('a refund', () => {
  it('is told, each by itself', () => {
    const second = [more.refundAsked('r-2', 2), more.refunded('r-2')];
    given(...histories.partlyRefunded.events, ...second)
      .when(the.requestMail('order_refunded', 13))
      .then(the.mailRequested('order_refunded', 13));
    given(...histories.partlyRefunded.events, ...second)
      .when(the.requestMail('order_refunded', 15))
      .then(the.mailRequested('order_refunded', 15));
  });

  it('of a cancellation is told with the cancellation', () =>
    given(...histories.cancellingRefunded.events)
      .when(the.requestMail('order_refunded', histories.cancellingRefunded.events.length - 1))
      .thenRefused(due));
});

describe('a mail that came back', () => {
  const sent = [
    ...histories.reserved.events,
    the.mailRequested('order_confirmed', 5),
    the.mailSent('order_confirmed', 5),
  ];
  const returned = (...returns: ReadonlyArray<'transient' | 'permanent' | 'complaint'>) => [
    ...sent,
    ...returns.map((mailReturn) => the.mailBounced('order_confirmed', 5, mailReturn)),
  ];
  const returns = (mailReturn: 'transient' | 'permanent' | 'complaint') =>
    the.recordMailReturn('order_confirmed', 5, mailReturn);

  it.each(['transient', 'permanent', 'complaint'] as const)('is stored once: %s', (mailReturn) => {
    given(...sent)
      .when(returns(mailReturn))
      .then(the.mailBounced('order_confirmed', 5, mailReturn));
    given(...returned(mailReturn))
      .when(returns(mailReturn))
      .thenNothing();
  });

  it('is stored again when it is graver, and only then', () => {
    given(...returned('transient'))
      .when(returns('permanent'))
      .then(the.mailBounced('order_confirmed', 5, 'permanent'));
    given(...returned('permanent', 'complaint'))
      .when(returns('permanent'))
      .thenNothing();
    given(...returned('permanent'))
      .when(returns('transient'))
      .thenNothing();
  });

  it('may come back before its sending is stored', () =>
    given(...sent.slice(0, -1))
      .when(returns('permanent'))
      .then(the.mailBounced('order_confirmed', 5, 'permanent')));

  it('was asked for', () => {
    given(...histories.reserved.events)
      .when(returns('permanent'))
      .thenRefused(due);
    given(...sent)
      .when(the.recordMailReturn('order_confirmed', 4, 'permanent'))
      .thenRefused(due);
  });
});
