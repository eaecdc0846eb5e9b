import * as E from 'fp-ts/lib/Either.js';
import type { NotificationOutcome } from '../../domain/order/commands.js';
import type { NotificationKind } from '../../domain/order/events.js';
import { composeMail } from '../emails/compose-mail.js';
import type { Mail, MailError, Mailer } from '../ports/mailer.js';
import { carryOut, notDone, type StepContext, type StepResult, storeFacts } from './step-ports.js';

// Mails: the mail service knows no repeats. A request that an earlier run stored may have been sent, so it is recorded
// as possibly sent and repeated once; never a third time. What was surely not sent does not count.

const failedOutcome = (error: MailError): NotificationOutcome =>
  error.type === 'mail_outcome_unknown'
    ? { type: 'possibly_sent' }
    : { type: 'not_sent', reason: error.reason };

const send = async (mailer: Mailer, mail: Mail | null): Promise<NotificationOutcome> => {
  if (mail === null) return { type: 'not_sent', reason: 'recipient_erased' };
  const sent = await mailer.send(mail)();
  return E.isLeft(sent) ? failedOutcome(sent.left) : { type: 'sent', ...sent.right };
};

/** Sends one mail of the order. The mail is composed before its intent is stored, so that nothing can fail between. */
export const sendMail = async (context: StepContext, kind: NotificationKind): Promise<StepResult> => {
  const { ports, policy, order } = context;
  const notification = order.notifications.find((candidate) => candidate.kind === kind);
  if (notification?.status !== 'due' && notification?.status !== 'requested') return E.right(order);
  const contact = await ports.customers.snapshot(order.terms.contactSnapshotId)();
  if (E.isLeft(contact)) return notDone(contact.left.type);
  const { factRevision } = notification;
  const mail =
    contact.right === null
      ? null
      : composeMail({ order, kind, factRevision, contact: contact.right, policy });
  const at = ports.system.now();
  const begin =
    notification.status === 'due'
      ? ({ type: 'RequestNotification', at, kind } as const)
      : ({ type: 'RecordNotification', at, kind, outcome: { type: 'possibly_sent' } } as const);
  const begun = await storeFacts(context, order, begin);
  if (E.isLeft(begun)) return begun;
  // Only the run that stored the intent sends: a twin that was first sends its own, and a mail that became untrue
  // while this run waited is not sent at all.
  const isThird = notification.status === 'requested' && notification.inDoubt;
  if (!begun.right.stored || isThird) return E.right(begun.right.order);
  const outcome = await send(ports.mailer, mail);
  const record = { type: 'RecordNotification', at: ports.system.now(), kind, outcome } as const;
  const recorded = await carryOut(context, begun.right.order, record);
  return E.isRight(recorded) && outcome.type === 'not_sent' ? notDone(outcome.reason) : recorded;
};
