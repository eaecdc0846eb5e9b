import type { StoredEvent } from '../../../application/ports/event-store.js';
import type { NotificationKind } from '../../../domain/order/events.js';
import type { Phase } from '../../../domain/order/phase.js';

/** Mails of a kind that an order must have been sent, at least and at most. */
type Range = readonly [number, number];

type Ranges = Readonly<Record<NotificationKind, Range>>;

const none: Range = [0, 0];
const one: Range = [1, 1];
const noMails: Ranges = {
  order_confirmed: none,
  payment_needed: none,
  order_shipped: none,
  order_rejected: none,
  order_cancelled: none,
  order_refunded: none,
};

const countOf = (events: readonly StoredEvent[], type: StoredEvent['event']['type']): number =>
  events.filter(({ event }) => event.type === type).length;

/**
 * What the customer of an order that ended must have been told. A plea for another card is not sent if one came first;
 * neither is a confirmation if the cancellation did. The money of a cancellation is told with it.
 */
const rangesOf = (phase: Phase, events: readonly StoredEvent[]): Ranges => {
  const pleas: Range = [0, countOf(events, 'CardDeclined') + countOf(events, 'ChargeFailed')];
  const refunds = countOf(events, 'Refunded');
  if (phase === 'Completed') {
    const told = { order_confirmed: one, order_shipped: one, order_refunded: [refunds, refunds] } as const;
    return { ...noMails, ...told, payment_needed: pleas };
  }
  if (phase === 'Cancelled') {
    return { ...noMails, order_cancelled: one, order_confirmed: [0, 1], payment_needed: pleas };
  }
  return phase === 'Rejected' ? { ...noMails, order_rejected: one } : noMails;
};

const kinds = [
  'order_confirmed',
  'payment_needed',
  'order_shipped',
  'order_rejected',
  'order_cancelled',
  'order_refunded',
] as const satisfies readonly NotificationKind[];

/**
 * Mails that the mail service accepted, compared with what must have been told and with what is stored as sent. One more
 * of a kind is allowed for each attempt that is stored as ambiguous.
 */
export const mailDifferences = (
  phase: Phase,
  events: readonly StoredEvent[],
  accepted: readonly string[],
): readonly string[] => {
  const ranges = rangesOf(phase, events);
  const strange = accepted.filter((kind) => kinds.every((known) => known !== kind));
  return [
    ...strange.map((kind) => `a mail of the unknown kind ${kind}`),
    ...kinds.flatMap((kind) => {
      const ofKind = (type: 'NotificationSent' | 'NotificationPossiblySent'): number =>
        events.filter(({ event }) => event.type === type && event.kind === kind).length;
      const [stored, doubts] = [ofKind('NotificationSent'), ofKind('NotificationPossiblySent')];
      const [least, most] = ranges[kind];
      const count = accepted.filter((candidate) => candidate === kind).length;
      // An ambiguous attempt may have been the only one, and may not have arrived.
      const isAllowed = count >= Math.max(0, least - doubts) && count <= most + doubts;
      const isStored = count >= stored && count <= stored + doubts;
      return isAllowed && isStored
        ? []
        : [`${String(count)} mails ${kind}, stored as sent ${String(stored)}, phase ${phase}`];
    }),
  ];
};
