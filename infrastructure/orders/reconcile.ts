import { fold } from '../../domain/order/evolve.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { phaseOf } from '../../domain/order/phase.js';
import { situationOf } from '../../domain/process/situation.js';
import type { StoredEvent } from '../../application/ports/event-store.js';
import type { GroundTruths, LedgerEntry } from './ground-truths.js';
import type { Played } from './play-invoice.js';

/** Something that two of those who know tell differently, or that must not be. */
export type Difference = { readonly orderId: string; readonly invoice: string; readonly what: string };

type Ordered = Extract<Played, { readonly type: 'ordered' }>;

const sumOf = (entries: readonly LedgerEntry[], kind: string): number =>
  entries.filter((entry) => entry.kind === kind).reduce((total, { amount }) => total + amount, 0);

const countOf = (kinds: readonly string[], kind: string): number =>
  kinds.filter((candidate) => candidate === kind).length;

/** Mails accepted by the mail service for an order and kind: one, or two after an attempt recorded as ambiguous. */
const mailDifferences = (
  order: PlacedOrder,
  ambiguous: ReadonlySet<string>,
  kinds: readonly string[],
): readonly string[] =>
  order.notifications.flatMap(({ kind, status }) => {
    const sent = countOf(kinds, kind);
    if (situationOf(order).mailsDue.some((due) => due.kind === kind)) return [`the mail ${kind} is still to be sent`];
    const most = ambiguous.has(kind) ? 2 : 1;
    const least = status === 'sent' ? 1 : 0;
    return sent >= least && sent <= most ? [] : [`${String(sent)} mails ${kind}, stored as ${status}`];
  });

const moneyDifferences = (order: PlacedOrder, ledger: readonly LedgerEntry[]): readonly string[] => {
  const captured = sumOf(ledger, 'captured');
  const held = sumOf(ledger, 'reserved') - sumOf(ledger, 'released') - captured;
  const { payment } = order;
  const charged = payment.status === 'charged' ? payment.amount.minor : 0;
  const isHeld = payment.status === 'reserved' || payment.status === 'charging';
  return [
    ...(captured === charged
      ? []
      : [`stored as charged ${String(charged)}, the processor took ${String(captured)}`]),
    ...(isHeld || held === 0 ? [] : [`the processor still holds ${String(held)}`]),
  ];
};

const differencesOf = (played: Ordered, truths: GroundTruths): readonly string[] => {
  const stored = truths.events.get(played.orderId) ?? [];
  const order = fold(stored.map(({ event }) => event));
  if (order.type === 'no_order') return ['answered as placed, but no order is stored'];
  const phase = phaseOf(order);
  const view = truths.views.get(played.orderId);
  const ambiguous = new Set(
    stored.flatMap(({ event }) => (event.type === 'NotificationPossiblySent' ? [event.kind] : [])),
  );
  const kinds = truths.mails.get(played.orderId) ?? [];
  const duplicates = stored.filter(
    ({ event }) => event.type === 'Shipped' || event.type === 'Charged',
  ).length;
  return [
    ...(played.status === phase ? [] : [`answered as ${played.status ?? 'not final'}, stored as ${phase}`]),
    ...(order.terms.total.minor === played.total ? [] : ['the answered total is not the stored one']),
    ...(duplicates <= 2 ? [] : ['charged or shipped more than once']),
    ...moneyDifferences(order, truths.ledger.get(played.orderId) ?? []),
    ...mailDifferences(order, ambiguous, kinds),
    ...(view === undefined ? ['the read models do not know it'] : []),
    ...(view === undefined || (view.revision === order.revision && view.phase === phase)
      ? []
      : [
          `the read models show ${view.phase} at ${String(view.revision)}, stored is ${phase} at ${String(order.revision)}`,
        ]),
    ...(view === undefined ||
    (view.charged?.minor ?? 0) === (order.payment.status === 'charged' ? order.payment.amount.minor : 0)
      ? []
      : ['the read models show another charge']),
  ];
};

/** Every difference between the answers, the stored events, the processor, the mailbox and the read models. */
export const reconcile = (played: readonly Played[], truths: GroundTruths): readonly Difference[] =>
  played
    .filter((item): item is Ordered => item.type === 'ordered')
    .flatMap((item) =>
      differencesOf(item, truths).map((what) => ({ orderId: item.orderId, invoice: item.invoice, what })),
    );

const isSettled = (stored: readonly StoredEvent[], revision: number | undefined): boolean => {
  const order = fold(stored.map(({ event }) => event));
  const mailsDue = order.type === 'placed_order' && situationOf(order).mailsDue.length > 0;
  return revision === stored.length - 1 && !mailsDue;
};

/** Whether nothing is to come: no mail is to be sent, and the read models have taken in all that is stored. */
export const areSettled = ({ events, views }: GroundTruths): boolean =>
  [...events].every(([orderId, stored]) => isSettled(stored, views.get(orderId)?.revision));
