import type { Instant } from '../../domain/instant.js';
import type { Money } from '../../domain/money.js';
import type { OrderEvent } from '../../domain/order/events.js';
import type { Actor, StoredEvent } from '../ports/event-store.js';
import { type EventOf, type Telling, type TimelineRegion, timelineWords } from './timeline-words.js';

/** One fact of an order as people read it. Holds no personal data of the customer. */
export type TimelineEntry = {
  readonly revision: number;
  readonly eventId: string;
  /** When it happened, as the event says. */
  readonly at: Instant;
  readonly actor: Actor;
  /** The same for all that one request set off. */
  readonly correlationId: string;
  readonly event: OrderEvent['type'];
  readonly region: TimelineRegion;
  readonly title: string;
  readonly amount: Money | null;
  readonly until: Instant | null;
  /** Empty when the title says all. */
  readonly note: string;
};

const tell = <Name extends OrderEvent['type']>(event: EventOf<Name>): Telling =>
  timelineWords[event.type](event);

/** Every fact of an order in plain words, in the order in which they were stored. */
export const timelineOf = (stored: readonly StoredEvent[]): readonly TimelineEntry[] =>
  stored.map(({ event, eventId, revision, metadata: { actor, correlationId } }) => {
    const { region, title, amount, until, note } = tell(event);
    return {
      ...{ revision, eventId, at: event.at, actor, correlationId, event: event.type, region, title },
      ...{ amount: amount ?? null, until: until ?? null, note: note ?? '' },
    };
  });
