import { absurd } from '../brand.js';
import type {
  NotificationBounced,
  NotificationNotSent,
  NotificationPossiblySent,
  NotificationRequested,
  NotificationSent,
} from './events.js';
import type { Notification } from './order.js';

type NotificationFact =
  | NotificationRequested
  | NotificationSent
  | NotificationPossiblySent
  | NotificationNotSent
  | NotificationBounced;

const follow = (notification: Notification, event: NotificationFact): Notification => {
  switch (event.type) {
    case 'NotificationRequested':
      return { ...notification, status: 'requested' };
    case 'NotificationSent':
      return { ...notification, status: 'sent' };
    case 'NotificationNotSent':
      return { ...notification, status: 'due' };
    case 'NotificationPossiblySent': {
      const doubts = notification.doubts + 1;
      return { ...notification, doubts, status: doubts > 1 ? 'possibly_sent' : 'due' };
    }
    case 'NotificationBounced':
      return { ...notification, mailReturn: event.mailReturn };
    default:
      return absurd(event);
  }
};

/**
 * The mail a fact speaks of: the one of that kind about that revision. The first form of these facts did not say which
 * revision (it is stored as 0 now); then it was the only mail of its kind.
 */
export const notificationNamed = (
  notifications: readonly Notification[],
  { kind, factRevision }: Pick<Notification, 'kind' | 'factRevision'>,
): Notification | undefined => {
  const ofKind = notifications.filter((candidate) => candidate.kind === kind);
  return (
    ofKind.find((candidate) => candidate.factRevision === factRevision) ??
    (factRevision === 0 ? ofKind[0] : undefined)
  );
};

/** The mails of an order after one more fact about one of them; a fact about an unknown mail changes nothing. */
export const evolveNotifications = (
  notifications: readonly Notification[],
  event: NotificationFact,
): readonly Notification[] => {
  const named = notificationNamed(notifications, event);
  return named === undefined
    ? notifications
    : notifications.map((notification) => (notification === named ? follow(named, event) : notification));
};
