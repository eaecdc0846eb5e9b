// What the floor is told when a report changes nothing, in sentences for people with a phone in their hand.
import type { FloorError } from '../../../application/floor/floor-ports.js';
import { absurd } from '../../../domain/brand.js';
import type { Refusal } from '../../../domain/order/refusal.js';
import { passing, type Problem, problem } from '../problems.js';

const reportSentences: Partial<Readonly<Record<Refusal['type'], string>>> = {
  pick_line_unknown: 'The order has no such line.',
  pick_line_missing: 'A line of the order is missing from the report.',
  pick_line_repeated: 'A line stands in the report twice.',
  picked_quantity_wrong: 'Picked and short units do not add up to the ordered quantity.',
  short_reason_missing: 'Units of a line are missing and no reason is given.',
  parcels_invalid: 'There must be at least one parcel, each with a weight of 1 g to 1,000 kg.',
};

function reportProblem(refusal: Refusal['type'], lineNumber: number | null): Problem {
  if (refusal === 'not_charged' || refusal === 'on_hold') return problem(refusal);
  const detail = reportSentences[refusal];
  if (detail === undefined) return problem('order_changed');
  const path = lineNumber === null ? '' : `/lines/${lineNumber}`;
  return { code: 'report_refused', errors: [{ code: refusal, path, detail }] };
}

/** Why a report from the floor changed nothing. */
export function floorProblem(error: FloorError): Problem {
  switch (error.type) {
    case 'task_unknown':
      return problem('not_found');
    case 'lease_lost':
    case 'order_cancelled':
    case 'not_a_tracking_number':
      return problem(error.type);
    case 'wrong_article': {
      const detail = `Expected: ${error.expected.slice(0, 20).join(', ')}.`;
      return { code: 'wrong_article', errors: [{ code: 'wrong_article', path: '/scans', detail }] };
    }
    case 'too_many': {
      const detail = `Ordered: ${error.ordered}.`;
      return { code: 'too_many', errors: [{ code: 'too_many', path: '/scans', detail }] };
    }
    case 'units_not_back': {
      const detail = `Not scanned back yet: ${error.units}.`;
      const path = `/lines/${error.lineNumber}`;
      return { code: 'report_refused', errors: [{ code: 'units_not_back', path, detail }] };
    }
    case 'report_refused':
      return reportProblem(error.refusal, error.lineNumber);
    case 'too_many_conflicts':
      return passing('order_busy');
    case 'events_too_large':
      return problem('report_refused');
    case 'process_service_unavailable':
    case 'floor_tasks_unavailable':
    case 'stock_unavailable':
    case 'store_unavailable':
    case 'append_outcome_unknown':
      return passing('unavailable');
    case 'unreadable_event':
      return problem('internal_error');
    default:
      return absurd(error);
  }
}
