import type { StoredEvent } from '../../../application/ports/event-store.js';
import { fold } from '../../../domain/order/evolve.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import { finalPhases, type Phase, phaseOf } from '../../../domain/order/phase.js';
import { situationOf } from '../../../domain/process/situation.js';
import type { PickedUnits } from '../floor-crew.js';
import { chargeFor, totalOf } from '../plan.js';
import type { Played } from '../play-invoice.js';
import type { GroundTruths, PaymentBook } from './ground-truths.js';
import { mailDifferences } from './mail-differences.js';
import { moneyDifferences } from './money-differences.js';

/** Something that two of those who know tell differently, or that must not be. */
export type Difference = { readonly orderId: string; readonly invoice: string; readonly what: string };

/** What people picked, by order: those picks that they finished in this play. */
export type Picks = ReadonlyMap<string, readonly PickedUnits[]>;

type Ordered = Extract<Played, { readonly type: 'ordered' }>;

const storedPicks = (order: PlacedOrder): readonly PickedUnits[] =>
  order.fulfilment.status === 'waiting'
    ? []
    : order.fulfilment.lines.map(({ lineNumber, picked }) => ({ lineNumber, units: picked }));

/** What was picked, from those who did it; from the stream only if it was in an earlier play. */
export const picksOf = (order: PlacedOrder, picks: Picks): readonly PickedUnits[] =>
  picks.get(order.terms.orderId) ?? storedPicks(order);

/** What must have been charged, in minor units: nothing unless the order was shipped. */
export const expectedCharge = (item: Ordered, order: PlacedOrder, picks: Picks): number =>
  phaseOf(order) === 'Completed' ? chargeFor(item.planned.invoice, picksOf(order, picks)) : 0;

const byLine = (units: readonly PickedUnits[]): string =>
  [...units]
    .sort((one, other) => one.lineNumber - other.lineNumber)
    .map((line) => `${String(line.lineNumber)}:${String(line.units)}`)
    .join(' ');

const pickDifferences = (order: PlacedOrder, picks: Picks): readonly string[] => {
  const picked = picks.get(order.terms.orderId);
  if (picked === undefined) return [];
  const [found, stored] = [byLine(picked), byLine(storedPicks(order))];
  return found === stored ? [] : [`picked ${found}, stored is ${stored}`];
};

/** An order ends otherwise than shipped only if its customer asked, nothing was found, or no card gave the money. */
const endDifferences = (
  { planned, status }: Ordered,
  order: PlacedOrder,
  phase: Phase,
  picks: Picks,
  payments: readonly PaymentBook[],
): readonly string[] => {
  if (!finalPhases.has(phase)) return [`stands at ${phase}, answered as ${status ?? 'not final'}`];
  if (status !== phase) return [`answered as ${status ?? 'not final'}, stored as ${phase}`];
  if (phase !== 'Cancelled') {
    const { cancellation } = planned;
    return cancellation === null ? [] : [`ended ${phase}, cancelled by ${cancellation.number}`];
  }
  const { lifecycle } = order;
  const reason = lifecycle.stage === 'cancelled' ? lifecycle.reason : null;
  const nothingFound =
    order.fulfilment.status !== 'waiting' && picksOf(order, picks).every(({ units }) => units === 0);
  const declined = payments.some(({ declines }) => declines.length > 0);
  const isExplained =
    (reason === 'customer_request' && planned.cancellation !== null) ||
    (reason === 'payment_not_completed' && declined) ||
    (reason === 'out_of_stock' && nothingFound);
  return isExplained ? [] : [`cancelled for ${reason ?? 'no reason'}, which nothing explains`];
};

const atMostOnce = ['Charged', 'Picked', 'Packed', 'Shipped', 'OrderCompleted', 'OrderCancelled'] as const;

const repeatedFacts = (stored: readonly StoredEvent[]): readonly string[] =>
  atMostOnce
    .filter((type) => stored.filter(({ event }) => event.type === type).length > 1)
    .map((type) => `${type} is stored more than once`);

const viewDifferences = (order: PlacedOrder, phase: Phase, truths: GroundTruths): readonly string[] => {
  const view = truths.views.get(order.terms.orderId);
  if (view === undefined) return ['the read models do not know it'];
  if (view.revision === order.revision && view.phase === phase) return [];
  const shown = `${view.phase} at ${String(view.revision)}`;
  return [`the read models show ${shown}, stored is ${phase} at ${String(order.revision)}`];
};

const differencesOf = (item: Ordered, truths: GroundTruths, picks: Picks): readonly string[] => {
  const { orderId, planned, refunds: given } = item;
  const stored = truths.events.get(orderId) ?? [];
  const order = fold(stored.map(({ event }) => event));
  if (order.type === 'no_order') return ['answered as placed, but no order is stored'];
  const phase = phaseOf(order);
  const payments = truths.payments.get(orderId) ?? [];
  const hold = truths.holds.get(orderId) ?? 'none';
  const total = totalOf(planned.invoice);
  const charged = expectedCharge(item, order, picks);
  return [
    ...endDifferences(item, order, phase, picks, payments),
    ...(order.terms.total.minor === total && item.total === total
      ? []
      : [`the invoice says ${String(total)}, answered was ${String(item.total)}`]),
    ...repeatedFacts(stored),
    ...pickDifferences(order, picks),
    ...moneyDifferences(order, truths.views.get(orderId), payments, { planned, charged, given }),
    ...(hold === 'none' ? [] : [`goods are still ${hold} in the stock ledger`]),
    ...mailDifferences(phase, stored, truths.mails.get(orderId) ?? []),
    ...viewDifferences(order, phase, truths),
    ...(truths.openProcesses.has(orderId) ? ['its process is still open'] : []),
  ];
};

/**
 * Every difference between what the invoices and the picks call for, the answers, the stored events, the processor, the
 * stock ledger, the mailbox, the workflow service and the read models.
 */
export const reconcile = (
  played: readonly Played[],
  truths: GroundTruths,
  picks: Picks = new Map(),
): readonly Difference[] =>
  played
    .filter((item): item is Ordered => item.type === 'ordered')
    .flatMap((item) =>
      differencesOf(item, truths, picks).map((what) => ({
        orderId: item.orderId,
        invoice: item.invoice,
        what,
      })),
    );

const isSettled = (stored: readonly StoredEvent[], revision: number | undefined): boolean => {
  const order = fold(stored.map(({ event }) => event));
  if (order.type === 'no_order') return true;
  const { mailsDue, refundsDue, surplus } = situationOf(order);
  const isDone = mailsDue.length === 0 && refundsDue.length === 0 && surplus.length === 0;
  return revision === stored.length - 1 && isDone;
};

/**
 * Whether nothing is to come: no mail is to be sent, no refund is under way, every process has ended, and the read
 * models have taken in all that is stored.
 */
export const areSettled = ({ events, views, openProcesses }: GroundTruths): boolean =>
  openProcesses.size === 0 &&
  [...events].every(([orderId, stored]) => isSettled(stored, views.get(orderId)?.revision));
