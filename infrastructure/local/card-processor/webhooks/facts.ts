import type { View } from '../answers/view.js';
import type { Change, Charge, Intent, Refund } from '../records.js';
import type { ObjectKind } from '../rules/operation.js';
import type { State } from '../state.js';

/** The event types that this processor knows. */
export const eventTypes = [
  'payment_intent.amount_capturable_updated',
  'payment_intent.requires_action',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'payment_intent.succeeded',
  'charge.captured',
  'charge.refunded',
  'charge.expired',
  'charge.dispute.created',
  'refund.created',
  'refund.updated',
  'refund.failed',
] as const;

/** One thing that happened and the object it is told of. */
export interface Fact {
  readonly type: (typeof eventTypes)[number];
  readonly kind: ObjectKind;
  readonly object: string;
  /** The payment that it belongs to. */
  readonly intent: string;
}

/** What changes tell the outside, in the order of the changes; `before` is the state without them, `after` with them. */
export function factsOf(before: State, after: View, changes: readonly Change[]): readonly Fact[] {
  return changes.flatMap((change): readonly Fact[] => {
    switch (change.type) {
      case 'Intent':
        return intentFacts(before.intents.get(change.intent.id), change.intent);
      case 'Charge':
        return chargeFacts(before.charges.get(change.charge.id), change.charge, after);
      case 'Refund':
        return refundFacts(before.refunds.get(change.refund.id), change.refund);
      case 'Dispute': {
        const { id, intent } = change.dispute;
        return [{ type: 'charge.dispute.created', kind: 'dispute', object: id, intent }];
      }
      case 'PaymentMethod':
      case 'Ledger':
      case 'Reply':
      case 'KeysForgotten':
      case 'Event':
      case 'Endpoint':
      case 'EndpointRemoved':
      case 'Delivery':
        return [];
    }
  });
}

function intentFacts(before: Intent | undefined, after: Intent): readonly Fact[] {
  const told = (type: Fact['type']): readonly Fact[] => [
    { type, kind: 'payment_intent', object: after.id, intent: after.id },
  ];
  if (after.lastDecline !== null && after.lastDecline !== before?.lastDecline)
    return told('payment_intent.payment_failed');
  if (before?.status === after.status) return [];
  switch (after.status) {
    case 'requires_action':
      return told('payment_intent.requires_action');
    case 'requires_capture':
      return told('payment_intent.amount_capturable_updated');
    case 'canceled':
      return told('payment_intent.canceled');
    case 'succeeded':
      return told('payment_intent.succeeded');
    case 'requires_payment_method':
    case 'requires_confirmation':
      return [];
  }
}

/** A reservation that is let go is told as a refund of its charge, although nothing was ever captured; one that ran out is not. */
function chargeFacts(before: Charge | undefined, after: Charge, view: View): readonly Fact[] {
  const told = (type: Fact['type']): Fact => ({
    type,
    kind: 'charge',
    object: after.id,
    intent: after.intent,
  });
  const facts: Fact[] = [];
  if (before !== undefined && !before.captured && after.captured) facts.push(told('charge.captured'));
  if (before !== undefined && !after.captured && before.amountReleased < after.amountReleased)
    facts.push(
      told(
        view.intent(after.intent)?.cancellationReason === 'automatic' ? 'charge.expired' : 'charge.refunded',
      ),
    );
  if (before !== undefined && before.amountRefunded < after.amountRefunded)
    facts.push(told('charge.refunded'));
  return facts;
}

function refundFacts(before: Refund | undefined, after: Refund): readonly Fact[] {
  const told = (type: Fact['type']): Fact => ({
    type,
    kind: 'refund',
    object: after.id,
    intent: after.intent,
  });
  if (before === undefined) return [told('refund.created')];
  if (before.status === after.status) return [];
  return after.status === 'failed'
    ? [told('refund.updated'), told('refund.failed')]
    : [told('refund.updated')];
}
