import * as t from 'io-ts';
import type { OrderView } from '../../application/read-models/order-view.js';
import { phases } from '../../domain/order/phase.js';
import { eventNames } from '../event-schema/order-events.js';
import { actor } from '../event-schema/metadata.js';
import {
  cancellationReason,
  cancelledBy,
  handover,
  orderLine,
  rejectionReason,
} from '../event-schema/parts.js';
import {
  contactSnapshotId,
  countryCode,
  customerId,
  instant,
  money,
  oneOf,
  orderId,
  orNull,
  wholeNumber,
} from '../event-schema/values.js';

/** A phase by its name. */
export const phase = oneOf('Phase', ...phases);

const standing = t.strict({
  lifecycle: t.strict({
    stage: oneOf(
      'Stage',
      'placed',
      'authenticated',
      'validated',
      'released',
      'completed',
      'rejected',
      'cancelling',
      'cancelled',
    ),
  }),
  payment: t.strict({
    status: oneOf(
      'PaymentStatus',
      'none',
      'reserving',
      'declined',
      'reserved',
      'charging',
      'charge_failed',
      'charged',
      'voided',
    ),
  }),
  stock: t.strict({
    status: oneOf('StockStatus', 'none', 'reserved', 'unavailable', 'committed', 'released'),
  }),
  fulfilment: t.strict({ status: oneOf('FulfilmentStatus', 'waiting', 'picked', 'packed', 'shipped') }),
});

const timelineEntry = t.strict(
  { revision: wholeNumber, at: instant, actor, event: oneOf('EventName', ...eventNames), name: t.string },
  'TimelineEntry',
);

/** An order view as it lies in the table. It may be changed freely: after a rebuild all rows have the new form. */
export const orderView = t.strict(
  {
    orderId,
    customerId,
    contactSnapshotId,
    phase,
    standing,
    revision: wholeNumber,
    placedAt: instant,
    changedAt: instant,
    destination: countryCode,
    lines: t.readonlyArray(orderLine),
    units: wholeNumber,
    delivery: money,
    total: money,
    reserved: orNull(money),
    charged: orNull(money),
    handover: orNull(handover),
    rejection: t.readonlyArray(rejectionReason),
    cancellation: orNull(t.strict({ by: cancelledBy, reason: cancellationReason }, 'Cancellation')),
    timeline: t.readonlyArray(timelineEntry),
  },
  'OrderView',
) satisfies t.Type<OrderView, unknown, unknown>;
