import * as E from 'fp-ts/lib/Either.js';
import type { NotificationOutcome } from '../../domain/order/commands.js';
import type { NotificationKind } from '../../domain/order/events.js';
import { notificationNamed } from '../../domain/order/evolve-notifications.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { composeMail } from '../emails/compose-mail.js';
import type { Mail, MailError, Mailer } from '../ports/mail/mailer.js';
import { carryOut, notDone, type StepContext, type StepResult, storeFacts } from './step-ports.js';

// Mails: the mail service knows no repeats. A mail that may have been sent, because its answer or its run was lost, is
// recorded as possibly sent and sent once more; never a third time. What was surely not sent does not count.

const failedOutcome = (error: MailError): NotificationOutcome =>
  error.type === 'mail_outcome_unknown'
    ? { type: 'possibly_sent' }
    : { type: 'not_sent', reason: error.reason };

const send = async (mailer: Mailer, mail: Mail | null): Promise<NotificationOutcome> => {
  if (mail === null) return { type: 'not_sent', reason: 'recipient_erased' };
  const sent = await mailer.send(mail)();
  return E.isLeft(sent) ? failedOutcome(sent.left) : { type: 'sent', ...sent.right };
};

type MailName = { readonly mail: NotificationKind; readonly factRevision: number };

const notificationOf = (order: PlacedOrder, { mail: kind, factRevision }: MailName) =>
  notificationNamed(order.notifications, { kind, factRevision });

/** A request that an earlier run stored without a result may have been sent: that is stored before anything else. */
const doubtEarlierRun = async (context: StepContext, name: MailName): Promise<StepResult> => {
  const { ports, order } = context;
  if (notificationOf(order, name)?.status !== 'requested') return E.right(order);
  const outcome = { type: 'possibly_sent' } as const;
  const { mail: kind, factRevision } = name;
  const doubt = { type: 'RecordNotification', at: ports.system.now(), kind, factRevision, outcome } as const;
  return carryOut(context, order, doubt);
};

/** Sends one mail of the order. The mail is composed before its intent is stored, so that nothing can fail between. */
export const sendMail = async (context: StepContext, name: MailName): Promise<StepResult> => {
  const { ports, policy, order } = context;
  const notification = notificationOf(order, name);
  if (notification?.status !== 'due' && notification?.status !== 'requested') return E.right(order);
  const contact = await ports.customers.snapshot(order.terms.contactSnapshotId)();
  if (E.isLeft(contact)) return notDone(contact.left.type);
  const { kind, factRevision } = notification;
  const mail =
    contact.right === null
      ? null
      : composeMail({ order, kind, factRevision, contact: contact.right, policy });
  const at = ports.system.now();
  const cleared = await doubtEarlierRun(context, name);
  if (E.isLeft(cleared)) return cleared;
  if (notificationOf(cleared.right, name)?.status !== 'due') return cleared;
  const begun = await storeFacts(context, cleared.right, {
    type: 'RequestNotification',
    at,
    kind,
    factRevision,
  });
  if (E.isLeft(begun)) return begun;
  // Only the run that stored the intent sends: a twin that was first sends its own, and a mail that became untrue
  // while this run waited is not sent at all.
  if (!begun.right.stored) return E.right(begun.right.order);
  const outcome = await send(ports.mailer, mail);
  const record = { type: 'RecordNotification', at: ports.system.now(), kind, factRevision, outcome } as const;
  const recorded = await carryOut(context, begun.right.order, record);
  return E.isRight(recorded) && outcome.type === 'not_sent' ? notDone(outcome.reason) : recorded;
};
