import type { RecordMailReturn, RecordNotification, RequestNotification } from '../commands.js';
import type { MailReturn } from '../events.js';
import { notificationNamed } from '../evolve-notifications.js';
import type { PlacedOrder } from '../order.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';
import { isTrue } from '../rules/mails.js';

// Mails: the intent is stored before the mail is handed over, the result after it.

/**
 * Stores that the mail of a fact is about to be sent. A mail that was asked for before is not asked for again, and a
 * mail that the order has made untrue since, such as a confirmation of a cancelled order, is not sent any more.
 */
export const requestNotification = (order: PlacedOrder, command: RequestNotification): Decision => {
  const notification = notificationNamed(order.notifications, command);
  if (notification === undefined) return refuse({ type: 'notification_not_due' });
  if (notification.status !== 'due') return alreadyDone;
  if (!isTrue(order, command.kind)) return refuseInPhase(order, command);
  const { kind, factRevision } = notification;
  return accept({ type: 'NotificationRequested', at: command.at, kind, factRevision });
};

/**
 * Stores what became of the mail. A mail in doubt is due once more, so that it is neither lost nor sent a third time; a
 * late success of the attempt in doubt still counts.
 */
export const recordNotification = (order: PlacedOrder, command: RecordNotification): Decision => {
  const { at, kind, outcome } = command;
  const notification = notificationNamed(order.notifications, command);
  if (notification === undefined) return refuse({ type: 'notification_not_due' });
  const { status, doubts, factRevision } = notification;
  if (status === 'sent') return alreadyDone;
  if (status === 'due' && doubts === 0) return refuse({ type: 'notification_not_due' });
  if (outcome.type === 'sent') {
    return accept({ type: 'NotificationSent', at, kind, factRevision, messageId: outcome.messageId });
  }
  if (status !== 'requested') return alreadyDone;
  return outcome.type === 'possibly_sent'
    ? accept({ type: 'NotificationPossiblySent', at, kind, factRevision })
    : accept({ type: 'NotificationNotSent', at, kind, factRevision, reason: outcome.reason });
};

const gravity: Readonly<Record<MailReturn, number>> = { transient: 1, permanent: 2, complaint: 3 };

/**
 * A mail came back after it was sent. Notices arrive repeated and out of order, so only a graver one adds a fact: not
 * deliverable now, not deliverable for good, unwanted.
 */
export const recordMailReturn = (order: PlacedOrder, command: RecordMailReturn): Decision => {
  const { at, kind, mailReturn } = command;
  const notification = notificationNamed(order.notifications, command);
  if (notification === undefined) return refuse({ type: 'notification_not_due' });
  const { factRevision, status, doubts, mailReturn: known } = notification;
  if (status === 'due' && doubts === 0) return refuse({ type: 'notification_not_due' });
  if (known !== null && gravity[known] >= gravity[mailReturn]) return alreadyDone;
  return accept({ type: 'NotificationBounced', at, kind, factRevision, mailReturn });
};
