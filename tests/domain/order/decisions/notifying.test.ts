// Mails: each at most once, except that one whose fate nobody knows is tried once more.
import { describe, it } from 'vitest';
import type { NotificationKind, OrderEvent } from '../../../../domain/order/events.js';
import * as the from '../../../support/examples.js';
import { given } from '../../../support/order/given-when-then.js';
import { histories } from '../../../support/histories.js';

const due = { type: 'notification_not_due' } as const;
type Occasion = readonly [kind: NotificationKind, facts: readonly OrderEvent[], factRevision: number];
const occasions: readonly Occasion[] = [
  ['order_confirmed', histories.reserved.events, 5],
  ['order_shipped', histories.shipped.events, 12],
  ['order_rejected', histories.rejected.events, 1],
  ['order_cancelled', histories.cancelled.events, 10],
];

describe.each(occasions)('%s', (kind, facts, factRevision) => {
  const requested = the.mailRequested(kind, factRevision);

  it('is asked for with the revision of its fact', () =>
    given(...facts)
      .when(the.requestMail(kind))
      .then(requested));

  it('is not asked for before its fact', () =>
    given(...facts.slice(0, -1))
      .when(the.requestMail(kind))
      .thenRefused(due));

  it('is asked for once', () =>
    given(...facts, requested)
      .when(the.requestMail(kind))
      .thenNothing());

  it('has no result before it was asked for', () =>
    given(...facts)
      .when(the.recordMailSent(kind))
      .thenRefused(due));

  it('was sent', () =>
    given(...facts, requested)
      .when(the.recordMailSent(kind))
      .then(the.mailSent(kind)));

  it('stays sent', () => {
    const sent = [...facts, requested, the.mailSent(kind)];
    given(...sent)
      .when(the.recordMailSent(kind))
      .thenNothing();
    given(...sent)
      .when(the.recordMailNotSent(kind))
      .thenNothing();
    given(...sent)
      .when(the.requestMail(kind))
      .thenNothing();
  });

  it('was possibly sent, and then surely', () => {
    given(...facts, requested)
      .when(the.recordMailPossiblySent(kind))
      .then(the.mailPossiblySent(kind));
    given(...facts, requested, the.mailPossiblySent(kind))
      .when(the.recordMailSent(kind))
      .then(the.mailSent(kind));
  });

  const possibly = [...facts, requested, the.mailPossiblySent(kind)];

  it('is asked for once more when it is in doubt, and not a third time', () => {
    given(...possibly)
      .when(the.recordMailPossiblySent(kind))
      .thenNothing();
    given(...possibly)
      .when(the.requestMail(kind))
      .then(requested);
    given(...possibly, requested)
      .when(the.recordMailPossiblySent(kind))
      .then(the.mailPossiblySent(kind));
    given(...possibly, requested, the.mailPossiblySent(kind))
      .when(the.requestMail(kind))
      .thenNothing();
  });

  it('is due again when its one repeat surely was not sent', () => {
    given(...possibly, requested)
      .when(the.recordMailNotSent(kind))
      .then(the.mailNotSent(kind));
    given(...possibly, requested, the.mailNotSent(kind))
      .when(the.recordMailNotSent(kind))
      .thenNothing();
    given(...possibly, requested, the.mailNotSent(kind))
      .when(the.requestMail(kind))
      .then(requested);
  });

  it('turns out sent late, while its repeat is due', () =>
    given(...possibly, requested, the.mailNotSent(kind))
      .when(the.recordMailSent(kind))
      .then(the.mailSent(kind)));

  it('is due again when it surely was not sent', () => {
    given(...facts, requested)
      .when(the.recordMailNotSent(kind))
      .then(the.mailNotSent(kind));
    given(...facts, requested, the.mailNotSent(kind))
      .when(the.requestMail(kind))
      .then(requested);
  });
});

describe('a confirmation', () => {
  it('is not asked for any more once the order is on its way out', () =>
    given(...histories.cancellingCommitted.events)
      .when(the.requestMail('order_confirmed'))
      .thenRefused({ type: 'order_closing', phase: 'Cancelling' }));

  it('is never due for a reservation that came after the cancellation', () =>
    given(...histories.cancellingReserving.events, the.reserved)
      .when(the.requestMail('order_confirmed'))
      .thenRefused(due));
});
