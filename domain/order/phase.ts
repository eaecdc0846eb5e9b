import { absurd } from '../brand.js';
import { type Payment, type PlacedOrder, reservationOf } from './order.js';

/** Every phase, in the order in which an order can pass through them; the three ways to leave come last. */
export const phases = [
  'Placed',
  'Authenticated',
  'Validated',
  'StockHeld',
  'AwaitingPayment',
  'Confirmed',
  'OnHold',
  'Released',
  'Picked',
  'Packed',
  'Charged',
  'Shipped',
  'Completed',
  'Rejected',
  'Cancelling',
  'Cancelled',
] as const;

/** The one word that people see for an order. Derived from the four regions, never stored. */
export type Phase = (typeof phases)[number];

/** Phases in which nothing more happens to goods or money by itself. */
export const finalPhases: ReadonlySet<Phase> = new Set<Phase>(['Completed', 'Rejected', 'Cancelled']);

const lacksMoney: ReadonlySet<Payment['status']> = new Set([
  'declined',
  'charge_failed',
  'expired',
  'authenticating',
] as const);

const validatedPhase = ({ payment, stock, holds }: PlacedOrder): Phase => {
  if (lacksMoney.has(payment.status)) return 'AwaitingPayment';
  // A renewal under way changes nothing for people: the earlier reservation stands.
  if (reservationOf(payment) !== null) return holds.size > 0 ? 'OnHold' : 'Confirmed';
  return stock.status === 'reserved' || stock.status === 'committed' ? 'StockHeld' : 'Validated';
};

const releasedPhase = ({ payment, fulfilment, holds }: PlacedOrder): Phase => {
  if (fulfilment.status === 'shipped') return 'Shipped';
  if (holds.size > 0 || lacksMoney.has(payment.status)) return 'OnHold';
  if (payment.status === 'charged') return 'Charged';
  if (fulfilment.status === 'packed') return 'Packed';
  return fulfilment.status === 'picked' ? 'Picked' : 'Released';
};

/** The phase of an order. */
export const phaseOf = (order: PlacedOrder): Phase => {
  const { stage } = order.lifecycle;
  switch (stage) {
    case 'placed':
      return 'Placed';
    case 'authenticated':
      return 'Authenticated';
    case 'validated':
      return validatedPhase(order);
    case 'released':
      return releasedPhase(order);
    case 'completed':
      return 'Completed';
    case 'rejected':
      return 'Rejected';
    case 'cancelling':
      return 'Cancelling';
    case 'cancelled':
      return 'Cancelled';
    default:
      return absurd(stage);
  }
};
