import { absurd } from '../brand.js';
import type { PlacedOrder } from './order.js';

/** The one word that people see for an order. Derived from the four regions, never stored. */
export type Phase =
  | 'Placed'
  | 'Authenticated'
  | 'Validated'
  | 'StockHeld'
  | 'AwaitingPayment'
  | 'Confirmed'
  | 'Released'
  | 'Picked'
  | 'Packed'
  | 'Charged'
  | 'Shipped'
  | 'Completed'
  | 'Rejected'
  | 'Cancelling'
  | 'Cancelled';

/** Phases in which nothing more happens to goods or money by itself. */
export const finalPhases: ReadonlySet<Phase> = new Set<Phase>(['Completed', 'Rejected', 'Cancelled']);

const validatedPhase = ({ payment, stock }: PlacedOrder): Phase => {
  if (payment.status === 'reserved') return 'Confirmed';
  if (payment.status === 'declined') return 'AwaitingPayment';
  return stock.status === 'reserved' || stock.status === 'committed' ? 'StockHeld' : 'Validated';
};

const releasedPhase = ({ payment, fulfilment }: PlacedOrder): Phase => {
  if (fulfilment.status === 'shipped') return 'Shipped';
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
