import type { RecordCardReservation, ReservationOutcome } from '../../domain/order/commands.js';
import type { Refusal } from '../../domain/order/refusal.js';
import type { CardPolicy } from '../../domain/payment.js';
import type { System } from '../ports/system.js';

/**
 * The command that stores what an attempt to hold money came to. The processor's answer and its notices both go
 * through here, in either order and any number of times.
 */
export const recordReservation = (
  { system }: { readonly system: System },
  { cardPolicy }: { readonly cardPolicy: CardPolicy },
  attempt: number,
  outcome: ReservationOutcome,
): RecordCardReservation => ({
  type: 'RecordCardReservation',
  at: system.now(),
  attempt,
  outcome,
  cardPolicy,
});

const amountRefusals: ReadonlySet<Refusal['type']> = new Set([
  'reserved_amount_differs',
  'charged_amount_differs',
  'refunded_amount_differs',
] as const);

/** Whether an outcome was refused because its amount is another than was asked for: no repeat helps, a person must look. */
export const isAmountWrong = ({ type }: Refusal): boolean => amountRefusals.has(type);
