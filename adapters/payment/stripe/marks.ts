// The marks by which a payment at the processor is known to be ours. They are written into its metadata with the first
// request and come back with every answer and notice.
import { isOrderId, type OrderId } from '../../../domain/ids.js';

/** Metadata as Stripe keeps it: short texts under short names. */
export type Metadata = Readonly<Record<string, string>>;

/** The marks of the attempt to hold money. */
export const reservationMarks = (orderId: OrderId, attempt: number) => ({
  order_id: orderId,
  attempt: String(attempt),
  purpose: 'reserve',
});

/** The marks of an order's refund; `number` counts them from 1. */
export const refundMarks = (orderId: OrderId, number: number) => ({
  order_id: orderId,
  refund: String(number),
  purpose: 'refund',
});

const counted = (text: string | undefined): number | null =>
  text !== undefined && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : null;

/** The order and attempt of a payment; null for a payment that this system did not begin. */
export const reservationOfMarks = (
  metadata: Metadata,
): { readonly orderId: OrderId; readonly attempt: number } | null => {
  const { order_id: orderId = '', purpose } = metadata;
  const attempt = counted(metadata['attempt']);
  return purpose === 'reserve' && isOrderId(orderId) && attempt !== null ? { orderId, attempt } : null;
};

/** The order and number of a refund; null for one that this system did not ask for. */
export const refundOfMarks = (
  metadata: Metadata,
): { readonly orderId: OrderId; readonly number: number } | null => {
  const { order_id: orderId = '', purpose } = metadata;
  const number = counted(metadata['refund']);
  return purpose === 'refund' && isOrderId(orderId) && number !== null ? { orderId, number } : null;
};

/** The search query for whatever carries all these marks. */
export const queryFor = (marks: Metadata): string =>
  Object.entries(marks)
    .map(([name, value]) => `metadata['${name}']:'${value}'`)
    .join(' AND ');
