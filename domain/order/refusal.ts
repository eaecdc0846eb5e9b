import * as E from 'fp-ts/lib/Either.js';
import type { Instant } from '../instant.js';
import type { Money, MoneyProblem } from '../money.js';
import type { OrderCommand } from './commands.js';
import type { HoldReason, OrderEvent } from './events.js';
import type { PlacedOrder } from './order.js';
import { type Phase, phaseOf } from './phase.js';

/** Why a command is impossible. Nothing was stored and nothing needs undoing. */
export type Refusal =
  | { readonly type: 'order_unknown' }
  | { readonly type: 'order_exists' }
  | { readonly type: 'wrong_phase'; readonly command: OrderCommand['type']; readonly phase: Phase }
  /** The order is cancelled, being cancelled or rejected: stop what you do and put the goods back. */
  | { readonly type: 'order_closing'; readonly phase: Phase }
  | { readonly type: 'destination_not_in_cart' }
  | { readonly type: 'grace_not_over'; readonly until: Instant }
  | { readonly type: 'deadline_not_passed'; readonly until: Instant }
  | { readonly type: 'attempt_unknown'; readonly attempt: number }
  | { readonly type: 'reserved_amount_differs'; readonly requested: Money; readonly reserved: Money }
  | { readonly type: 'charged_amount_differs'; readonly requested: Money; readonly charged: Money }
  | { readonly type: 'reservation_expired'; readonly captureBefore: Instant }
  | { readonly type: 'not_charged' }
  | { readonly type: 'something_still_held' }
  | { readonly type: 'too_late_to_cancel'; readonly phase: Phase }
  | { readonly type: 'on_hold'; readonly reasons: readonly HoldReason[] }
  | { readonly type: 'card_never_again' }
  | { readonly type: 'card_tried_too_often'; readonly until: Instant }
  | { readonly type: 'no_attempt_left'; readonly most: number }
  | { readonly type: 'deadline_passed'; readonly until: Instant }
  | { readonly type: 'renewal_not_due'; readonly from: Instant }
  | { readonly type: 'refund_above_charge'; readonly refundable: Money }
  | { readonly type: 'refund_id_used'; readonly refundId: string }
  | { readonly type: 'refund_unknown'; readonly refundId: string }
  | { readonly type: 'refunded_amount_differs'; readonly requested: Money; readonly refunded: Money }
  | { readonly type: 'pick_line_unknown'; readonly lineNumber: number }
  | { readonly type: 'pick_line_missing'; readonly lineNumber: number }
  | { readonly type: 'pick_line_repeated'; readonly lineNumber: number }
  | { readonly type: 'picked_quantity_wrong'; readonly lineNumber: number; readonly ordered: number }
  | { readonly type: 'short_reason_missing'; readonly lineNumber: number }
  | { readonly type: 'parcels_invalid' }
  | { readonly type: 'notification_not_due' }
  | { readonly type: 'money'; readonly problem: MoneyProblem };

/** The facts a command adds, in order; empty when the command was carried out before. */
export type Decision = E.Either<Refusal, readonly OrderEvent[]>;

/** The command adds these facts. */
export const accept = (...events: readonly OrderEvent[]): Decision => E.right(events);

/** The command was carried out before; it adds nothing. */
export const alreadyDone: Decision = E.right([]);

/** The command is impossible. */
export const refuse = (refusal: Refusal): Decision => E.left(refusal);

/** The command does not fit the order's phase; an order on its way out says so. */
export const refuseInPhase = (order: PlacedOrder, command: OrderCommand): Decision => {
  const phase = phaseOf(order);
  const { stage } = order.lifecycle;
  return stage === 'cancelling' || stage === 'cancelled' || stage === 'rejected'
    ? refuse({ type: 'order_closing', phase })
    : refuse({ type: 'wrong_phase', command: command.type, phase });
};
