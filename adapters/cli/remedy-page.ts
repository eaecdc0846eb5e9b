import type { RemedyAnswer, RemedyEffect, RemedyError } from '../../application/operations/remedy.js';
import { absurd } from '../../domain/brand.js';
import type { Refusal } from '../../domain/order/refusal.js';
import { readableMoney } from './section.js';
import { remedyWords } from './stuck-page.js';
import type { CommandOutput } from './table.js';

// What a remedy did, would do, or refused to do, for the operator's terminal.

const asksFor = (steps: readonly string[]): string =>
  steps.length === 0 ? 'which asks for nothing now' : `which asks for ${steps.join(', ')}`;

/** [what would be done, what was done] */
const effectWords = (effect: RemedyEffect): readonly [string, string] => {
  switch (effect.type) {
    case 'facts': {
      const facts = effect.facts.join(', ');
      return [`store ${facts}`, `stored ${facts}`];
    }
    case 'process_told': {
      const tail = `the order's process, ${asksFor(effect.steps)}`;
      return [`tell ${tail}; start it if it does not run`, `told ${tail}`];
    }
    case 'process_started': {
      const tail = `the order's process from the stream, ${asksFor(effect.steps)}`;
      return [`start ${tail}, unless it runs`, `started ${tail}`];
    }
    case 'process_replaced': {
      const tail = `the order's process and started it anew, ${asksFor(effect.steps)}`;
      return [`end and start the order's process anew, ${asksFor(effect.steps)}`, `ended ${tail}`];
    }
    case 'process_runs':
      return ['nothing: the process runs', 'nothing: the process runs; --replace ends it first'];
    case 'claim_released': {
      const tail = `${effect.step} from ${effect.staffId} (epoch ${String(effect.epoch)})`;
      return [`take ${tail}`, `took ${tail}`];
    }
    default:
      return absurd(effect);
  }
};

/** What a remedy did; in a preview, what it would do and how to let it. */
export const remedyPage = (answer: RemedyAnswer): CommandOutput => {
  const { orderId, remedy, mode, phase, effects } = answer;
  const isPreview = mode === 'preview';
  const lines = effects.map((effect) => effectWords(effect)[isPreview ? 0 : 1]);
  const title = `${remedyWords[remedy]} ${orderId} (${phase})`;
  const text = [
    isPreview ? `${title} would:` : `${title}:`,
    ...(lines.length === 0 ? ['nothing; it is so already'] : lines).map((line) => `  ${line}`),
    ...(isPreview ? ['Nothing was changed. --yes does it.'] : []),
  ].join('\n');
  return { json: answer, text };
};

const refusalWords = (refusal: Refusal): string => {
  switch (refusal.type) {
    case 'too_late_to_cancel':
      return `it is too late to cancel: the order is ${refusal.phase}; refund it when the goods are back`;
    case 'order_closing':
      return `the order is on its way out (${refusal.phase})`;
    case 'wrong_phase':
      return `the order is ${refusal.phase}, where this cannot be done`;
    case 'refund_above_charge':
      return `at most ${readableMoney(refusal.refundable)} can still be refunded`;
    case 'refund_id_used':
      return `the refund id ${refusal.refundId} was used for another amount`;
    case 'reserved_amount_differs':
      return `the card processor holds ${readableMoney(refusal.reserved)} and not ${readableMoney(refusal.requested)}`;
    case 'charged_amount_differs':
      return `the card processor took ${readableMoney(refusal.charged)} and not ${readableMoney(refusal.requested)}`;
    case 'refunded_amount_differs':
      return `the card processor refunded ${readableMoney(refusal.refunded)} and not ${readableMoney(refusal.requested)}`;
    // No remedy asks for what these refuse.
    case 'attempt_unknown':
    case 'card_never_again':
    case 'card_tried_too_often':
    case 'deadline_not_passed':
    case 'deadline_passed':
    case 'destination_not_in_cart':
    case 'grace_not_over':
    case 'money':
    case 'no_attempt_left':
    case 'not_charged':
    case 'notification_not_due':
    case 'on_hold':
    case 'order_exists':
    case 'order_unknown':
    case 'parcels_invalid':
    case 'pick_line_missing':
    case 'pick_line_repeated':
    case 'pick_line_unknown':
    case 'picked_quantity_wrong':
    case 'refund_unknown':
    case 'renewal_not_due':
    case 'reservation_expired':
    case 'short_reason_missing':
    case 'something_still_held':
      return `the order refuses: ${refusal.type.replaceAll('_', ' ')}`;
  }
};

/** Why a remedy did nothing, in one sentence. */
export const remedyRefusal = (orderId: string, error: RemedyError): string => {
  switch (error.type) {
    case 'order_unknown':
      return `there is no order ${orderId}`;
    case 'refused':
      return refusalWords(error.refusal);
    case 'too_many_conflicts':
      return 'the order changes all the time; try again';
    case 'process_service_unavailable':
      return `the workflow service cannot be asked: ${error.reason}; it is safe to try again`;
    case 'floor_tasks_unavailable':
      return `the floor's tasks cannot be asked: ${error.reason}`;
    case 'processor_not_read':
      return `the card processor cannot be asked: ${error.reason}`;
    case 'store_unavailable':
      return `the event store cannot be asked: ${error.reason}`;
    case 'append_outcome_unknown':
      return 'it may have been stored; try again, nothing is done twice';
    case 'unreadable_event':
      return `an event of the order cannot be read by this version: ${error.event.storedName}, revision ${String(error.event.revision)}`;
    case 'events_too_large':
      return 'the facts are too large to store';
    default:
      return absurd(error);
  }
};
