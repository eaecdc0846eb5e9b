// The states an order can be in, each as the facts that led there and the phase that people then see.
import type { OrderEvent } from '../../domain/order/events.js';
import type { Phase } from '../../domain/order/phase.js';
import * as the from './examples.js';

const placed = [the.placed] as const;
const authenticated = [...placed, the.authenticated] as const;
const validated = [...authenticated, the.validated] as const;
const stockHeld = [...validated, the.stockReserved] as const;
const reserving = [...stockHeld, the.reservationRequested] as const;
const reservationUnknown = [...reserving, the.reservationUnknown] as const;
const declined = [...reserving, the.declined] as const;
const reserved = [...reserving, the.reserved] as const;
const committed = [...reserved, the.stockCommitted] as const;
const released = [...committed, the.released] as const;
const picked = [...released, the.picked] as const;
const packed = [...picked, the.packed] as const;
const charging = [...packed, the.chargeRequested] as const;
const chargeUnknown = [...charging, the.chargeUnknown] as const;
const chargeFailed = [...charging, the.chargeFailed] as const;
const charged = [...charging, the.charged] as const;
const shipped = [...charged, the.shipped] as const;
const completed = [...shipped, the.completed] as const;
const rejected = [...placed, the.rejected] as const;
const outOfStock = [...validated, the.stockUnavailable, the.rejectedForStock] as const;
const cancellingReserving = [...reserving, the.cancellationRequested] as const;
const cancellingCommitted = [...committed, the.cancellationRequested] as const;
const cancellingVoided = [...cancellingCommitted, the.voided] as const;
const cancellingFree = [...cancellingVoided, the.stockReleased] as const;
const cancelled = [...cancellingFree, the.cancelled] as const;

/** Every state by its name: the facts, and the phase (null before the order was placed). */
export const histories = {
  none: { events: [], phase: null },
  placed: { events: placed, phase: 'Placed' },
  authenticated: { events: authenticated, phase: 'Authenticated' },
  validated: { events: validated, phase: 'Validated' },
  stockHeld: { events: stockHeld, phase: 'StockHeld' },
  reserving: { events: reserving, phase: 'StockHeld' },
  reservationUnknown: { events: reservationUnknown, phase: 'StockHeld' },
  declined: { events: declined, phase: 'AwaitingPayment' },
  reserved: { events: reserved, phase: 'Confirmed' },
  committed: { events: committed, phase: 'Confirmed' },
  released: { events: released, phase: 'Released' },
  picked: { events: picked, phase: 'Picked' },
  packed: { events: packed, phase: 'Packed' },
  charging: { events: charging, phase: 'Packed' },
  chargeUnknown: { events: chargeUnknown, phase: 'Packed' },
  chargeFailed: { events: chargeFailed, phase: 'OnHold' },
  charged: { events: charged, phase: 'Charged' },
  shipped: { events: shipped, phase: 'Shipped' },
  completed: { events: completed, phase: 'Completed' },
  rejected: { events: rejected, phase: 'Rejected' },
  outOfStock: { events: outOfStock, phase: 'Rejected' },
  cancellingReserving: { events: cancellingReserving, phase: 'Cancelling' },
  cancellingCommitted: { events: cancellingCommitted, phase: 'Cancelling' },
  cancellingVoided: { events: cancellingVoided, phase: 'Cancelling' },
  cancellingFree: { events: cancellingFree, phase: 'Cancelling' },
  cancelled: { events: cancelled, phase: 'Cancelled' },
} as const satisfies Readonly<
  Record<string, { readonly events: readonly OrderEvent[]; readonly phase: Phase | null }>
>;

/** The name of a state. */
export type StateName = keyof typeof histories;
