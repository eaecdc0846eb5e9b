import type { Change, Charge, Dispute, Intent, PaymentMethod, Refund } from '../records.js';
import type { State } from '../state.js';

/** The records as they are after a request's changes, whether those are taken over yet or not. */
export interface View {
  readonly intent: (id: string) => Intent | undefined;
  readonly charge: (id: string) => Charge | undefined;
  readonly refund: (id: string) => Refund | undefined;
  readonly dispute: (id: string) => Dispute | undefined;
  readonly paymentMethod: (id: string) => PaymentMethod | undefined;
}

/** Looks at the changes first (the last one counts), then at the state. */
export function viewOf(state: State, changes: readonly Change[]): View {
  return {
    intent: (id) =>
      changes.reduce(
        (found, change) => (change.type === 'Intent' && change.intent.id === id ? change.intent : found),
        state.intents.get(id),
      ),
    charge: (id) =>
      changes.reduce(
        (found, change) => (change.type === 'Charge' && change.charge.id === id ? change.charge : found),
        state.charges.get(id),
      ),
    refund: (id) =>
      changes.reduce(
        (found, change) => (change.type === 'Refund' && change.refund.id === id ? change.refund : found),
        state.refunds.get(id),
      ),
    dispute: (id) =>
      changes.reduce(
        (found, change) => (change.type === 'Dispute' && change.dispute.id === id ? change.dispute : found),
        state.disputes.get(id),
      ),
    paymentMethod: (id) =>
      changes.reduce(
        (found, change) =>
          change.type === 'PaymentMethod' && change.paymentMethod.id === id ? change.paymentMethod : found,
        state.paymentMethods.get(id),
      ),
  };
}
