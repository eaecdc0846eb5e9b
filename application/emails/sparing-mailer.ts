import * as E from 'fp-ts/lib/Either.js';
import type { AddressMarkReason, Customers } from '../ports/customers.js';
import type { MailError, Mailer } from '../ports/mail/mailer.js';

// An address that does not exist, or whose owner called our mail unwanted, is not written to again: the mail service
// would not deliver it either, and counts every try against the shop. Such a mail fails like any other that is not
// sent: it is stored as not sent, with the reason for the people who read the order's timeline, tried again for a day, in
// which the mark may go, and left to people after that. Money and goods wait for none of it. A transient bounce, such
// as a full mailbox, keeps nothing back.

const refusals: Readonly<Record<AddressMarkReason, MailError | null>> = {
  bounced_permanently: { type: 'mail_refused', reason: 'recipient_bounced' },
  complained: { type: 'mail_refused', reason: 'recipient_complained' },
  bounced_transiently: null,
};

/** A mailer that asks what is known against an address first; nothing is sent while that cannot be asked. */
export const sparingMailer = (customers: Pick<Customers, 'addressMark'>, mailer: Mailer): Mailer => ({
  send: (mail) => async () => {
    const mark = await customers.addressMark(mail.to.address)();
    if (E.isLeft(mark)) {
      return E.left({ type: 'mail_service_unavailable', reason: mark.left.type });
    }
    const refusal = mark.right === null ? null : refusals[mark.right.reason];
    return refusal === null ? mailer.send(mail)() : E.left(refusal);
  },
});
