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
 * Stores what became of the mail. A mail in doubt is due once more, so that it is neither lost nor sent a third time; a
 * late success of the attempt in doubt still counts.
 */
export const recordNotification = (order: PlacedOrder, command: RecordNotification): Decision => {
  const { at, kind, outcome } = command;
  const notification = order.notifications.find((candidate) => candidate.kind === kind);
  if (notification === undefined) return refuse({ type: 'notification_not_due' });
  const { status, doubts } = notification;
  if (status === 'sent') return alreadyDone;
  if (status === 'due' && doubts === 0) return refuse({ type: 'notification_not_due' });
  if (outcome.type === 'sent') {
    return accept({ type: 'NotificationSent', at, kind, messageId: outcome.messageId });
  }
  if (status !== 'requested') return alreadyDone;
  return outcome.type === 'possibly_sent'
    ? accept({ type: 'NotificationPossiblySent', at, kind })
    : accept({ type: 'NotificationNotSent', at, kind, reason: outcome.reason });
};
