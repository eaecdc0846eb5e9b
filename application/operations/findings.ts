import type { Money } from '../../domain/money.js';

/**
 * How two books of one order differ. `recorded` is what the order's stream says, the other amounts are the processor's
 * or the stock ledger's.
 */
export type BookDifference =
  /** The processor holds money that the order does not know of, or no longer. */
  | {
      readonly type: 'reservation_unknown';
      readonly reference: string;
      readonly attempt: number;
      readonly held: Money;
    }
  /** A payment waits for the customer's bank, and would hold money that nobody wants. */
  | { readonly type: 'challenge_unknown'; readonly reference: string; readonly attempt: number }
  /** The order counts on money that is not held. */
  | {
      readonly type: 'reservation_gone';
      readonly reference: string;
      readonly attempt: number;
      readonly recorded: Money;
    }
  | {
      readonly type: 'reservation_differs';
      readonly reference: string;
      readonly recorded: Money;
      readonly held: Money;
    }
  /** The order says that it was charged, and nothing was taken. */
  | { readonly type: 'charge_missing'; readonly reference: string; readonly recorded: Money }
  /** Money was taken, and the order does not say so. */
  | {
      readonly type: 'charge_unrecorded';
      readonly reference: string;
      readonly attempt: number;
      readonly charged: Money;
    }
  | {
      readonly type: 'charge_differs';
      readonly reference: string;
      readonly recorded: Money;
      readonly charged: Money;
    }
  | { readonly type: 'shipped_uncharged' }
  /** The order says that more went back than did. */
  | {
      readonly type: 'refund_missing';
      readonly reference: string;
      readonly recorded: Money;
      readonly refunded: Money;
    }
  /** More went back, or is on its way back, than the order says or asked for. */
  | {
      readonly type: 'refund_unrecorded';
      readonly reference: string;
      readonly recorded: Money;
      readonly refunded: Money;
      readonly refunding: Money;
    }
  /** Goods are held for an order that needs none: it is at its end, or has not come so far. */
  | { readonly type: 'stock_still_held'; readonly hold: 'reserved' | 'committed' }
  /** An open order counts on goods that are not held for it, or only for a time. */
  | {
      readonly type: 'stock_not_held';
      readonly recorded: 'reserved' | 'committed';
      readonly hold: 'none' | 'reserved';
    }
  /** The stream cannot be read whole, so nothing can be compared. */
  | { readonly type: 'stream_unreadable'; readonly revision: number; readonly problem: string };

/**
 * Why a difference may be none. request_open: the processor was asked and its answer is not stored yet; on_its_way_out:
 * the order is being cancelled and gives things back; step_under_way: a step changes the ledger before it stores the
 * fact; just_happened: the other side may not show it yet; changing: the order went on while it was looked at.
 */
export type Doubt = 'request_open' | 'on_its_way_out' | 'step_under_way' | 'just_happened' | 'changing';

/** A difference; `doubt` is null when it is one for certain. */
export type Finding = { readonly difference: BookDifference; readonly doubt: Doubt | null };

/** A difference that no work under way explains. */
export const certain = (difference: BookDifference): Finding => ({ difference, doubt: null });

/** A difference that may be gone by itself in a moment. */
export const doubtful = (difference: BookDifference, doubt: Doubt): Finding => ({ difference, doubt });
