import { append } from '../runs/draft.js';
import type { DecisionAttributes } from '../protocol/decisions.js';
import type { Batch } from './batch.js';

/** Notes something in the history; nothing follows from it. */
export function recordMarker(batch: Batch, given: DecisionAttributes<'RecordMarker'>): void {
  const { draft, decisionTaskCompletedEventId } = batch;
  const { markerName, details } = given;
  append(draft, {
    eventType: 'MarkerRecorded',
    attributes: { markerName, details, decisionTaskCompletedEventId },
  });
}
