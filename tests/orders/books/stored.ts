// Facts of the example order as the event store has them.
import { isPosition, type StoredEvent } from '../../../application/ports/event-store.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import { orderId } from '../../support/examples.js';
import { checked, commandIdNumbered } from '../../support/ids.js';

/** Stored at the moments at which they happened. */
export const storedOf = (events: readonly OrderEvent[]): readonly StoredEvent[] =>
  events.map((event, revision) => ({
    ...{ event, orderId, revision, recordedAt: event.at, position: checked(isPosition, String(revision)) },
    eventId: `00000009-0000-4000-8000-${String(revision).padStart(12, '0')}`,
    metadata: {
      ...{ commandId: commandIdNumbered(1), correlationId: 'test' },
      actor: { type: 'worker', name: 'test' } as const,
    },
  }));
