import type { RecordNotification, RequestNotification } from '../commands.js';
import type { PlacedOrder } from '../order.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';

// Mails: the intent is stored before the mail is handed over, the result after it.

/**
 * Stores that the mail of a fact is about to be sent. A mail that was asked for before is not asked for again, and a
 * confirmation is not sent any more once the order is on its way out.
 */
export const requestNotification = (order: PlacedOrder, command: RequestNotification): Decision => {
  const notification = order.notifications.find(({ kind }) => kind === command.kind);
  if (notification === undefined) return refuse({ type: 'notification_not_due' });
  if (notification.status !== 'due') return alreadyDone;
  const { stage } = order.lifecycle;
  const untrue = command.kind === 'order_confirmed' && (stage === 'cancelling' || stage === 'cancelled');
  if (untrue) return refuseInPhase(order, command);
  const { kind, factRevision } = notification;
  return accept({ type: 'NotificationRequested', at: command.at, kind, factRevision });
};

/**
 * Stores what became of the mail. After an ambiguous attempt a sure success may follow, or a sure failure of the one
 * repeat that is allowed: then that repeat is still to be made.
 */
export const recordNotification = (order: PlacedOrder, command: RecordNotification): Decision => {
  const { at, kind, outcome } = command;
  const notification = order.notifications.find((candidate) => candidate.kind === kind);
  if (notification === undefined) return refuse({ type: 'notification_not_due' });
  const { status, inDoubt } = notification;
  if (status === 'sent') return alreadyDone;
  // A late success of an attempt in doubt counts also while the repeat is due.
  if (status === 'due' && !inDoubt) return refuse({ type: 'notification_not_due' });
  if (outcome.type === 'sent') {
    return accept({ type: 'NotificationSent', at, kind, messageId: outcome.messageId });
  }
  if (status === 'due' || (status === 'possibly_sent' && outcome.type === 'possibly_sent'))
    return alreadyDone;
  return outcome.type === 'possibly_sent'
    ? accept({ type: 'NotificationPossiblySent', at, kind })
    : accept({ type: 'NotificationNotSent', at, kind, reason: outcome.reason });
};
