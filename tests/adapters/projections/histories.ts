// Whole lives of orders, made of the events of the golden files: every field is filled.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { orderEvents } from '../../../adapters/event-schema/order-events.js';
import { isPosition, type EventStore, type StoredEvent } from '../../../application/ports/event-store.js';
import { evolveOrderView, type OrderView } from '../../../application/read-models/order-view.js';
import { isCommandId, isCustomerId, type CustomerId, type OrderId } from '../../../domain/ids.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import { answerOf } from '../../contracts/samples.js';
import { checked } from '../../support/ids.js';
import { instantAfter } from '../../contracts/event-store/samples.js';

type Name = OrderEvent['type'];

const folder = new URL('../event-schema/golden/', import.meta.url);
const files = readdirSync(folder).sort();

/** The event of the golden file of its newest form. */
const golden = (name: Name): OrderEvent => {
  const file = files.findLast((candidate) => candidate.startsWith(`${name}.v`)) ?? '';
  const stored: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  const data = typeof stored === 'object' && stored !== null && 'data' in stored ? stored.data : null;
  const event = orderEvents.decode(file.replace('.json', ''), data);
  if (E.isLeft(event)) throw new Error(`golden ${name} cannot be read`);
  return event.right;
};

const shipped = [
  'OrderPlaced',
  'CustomerAuthenticated',
  'OrderValidated',
  'StockReserved',
  'CardReservationRequested',
  'CardReserved',
  'NotificationRequested',
  'NotificationSent',
  'StockCommitted',
  'ReleasedToWarehouse',
  'Picked',
  'Packed',
  'ChargeRequested',
  'Charged',
  'Shipped',
  'NotificationRequested',
  'NotificationPossiblySent',
  'OrderCompleted',
] as const;

export const lives = {
  shipped,
  refunded: [...shipped, 'RefundRequested', 'Refunded'],
  rejected: [
    'OrderPlaced',
    'CustomerAuthenticated',
    'OrderRejected',
    'NotificationRequested',
    'NotificationSent',
  ],
  cancelled: [
    'OrderPlaced',
    'CustomerAuthenticated',
    'OrderValidated',
    'StockReserved',
    'CardReservationRequested',
    'CardReserved',
    'CancellationRequested',
    'CardReservationVoided',
    'StockReleased',
    'OrderCancelled',
  ],
  waiting: ['OrderPlaced'],
} as const satisfies Readonly<Record<string, readonly Name[]>>;

/** The events of an order with these names, a second apart; `at` says when it was placed (milliseconds). */
export const eventsNamed = (
  names: readonly Name[],
  order: { readonly orderId: OrderId; readonly customerId?: CustomerId; readonly at?: number },
): readonly OrderEvent[] =>
  names.map((name, index) => {
    const event = { ...golden(name), at: instantAfter((order.at ?? 0) + index * 1_000) };
    return event.type === 'OrderPlaced'
      ? { ...event, orderId: order.orderId, customerId: order.customerId ?? newCustomerId() }
      : event;
  });

/** A customer without orders. */
export const newCustomerId = (): CustomerId => checked(isCustomerId, randomUUID());

const metadata = {
  commandId: checked(isCommandId, randomUUID()),
  correlationId: 'request-1',
  actor: { type: 'worker', name: 'payments-1' },
} as const;

/** The events as a store would give them back. */
export const stored = (orderId: OrderId, events: readonly OrderEvent[]): readonly StoredEvent[] =>
  events.map((event, revision) => ({
    eventId: randomUUID(),
    event,
    metadata,
    orderId,
    revision,
    position: checked(isPosition, String(revision)),
    recordedAt: event.at,
  }));

/** The view that these events make; throws when they make none. */
export const viewOf = (events: readonly StoredEvent[]): OrderView => {
  const view = events.reduce<OrderView | null>(evolveOrderView, null);
  if (view === null) throw new Error('these events make no view');
  return view;
};

/** Stores events one by one at the end of the order's stream. */
export async function storeAll(
  store: EventStore,
  orderId: OrderId,
  events: readonly OrderEvent[],
): Promise<void> {
  for (const event of events) {
    const added = { eventId: randomUUID(), event, metadata };
    await answerOf(store.append(orderId, { type: 'any' }, [added]));
  }
}
