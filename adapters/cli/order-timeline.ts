import type { Actor } from '../../application/ports/event-store.js';
import type { OrderDetails } from '../../application/read-models/order-details.js';
import type { TimelineEntry } from '../../application/read-models/timeline.js';
import type { Instant } from '../../domain/instant.js';
import { readableMoment, readableMoney, type Section } from './section.js';

const actorName = (actor: Actor): string =>
  actor.type === 'customer' ? 'customer' : `${actor.type} ${actor.name}`;

/** As it is stored, so that it can be found again in logs. */
const exactMoment = (at: Instant): string => new Date(at).toISOString();

const detailsOf = ({ amount, until, note }: TimelineEntry): string =>
  [
    ...(amount === null ? [] : [readableMoney(amount)]),
    ...(until === null ? [] : [`until ${readableMoment(until)}`]),
    ...(note === '' ? [] : [note]),
  ].join(', ');

/** Every fact with time, actor and details. */
export const timelineSection = ({ timeline }: OrderDetails): Section => ({
  title: 'Timeline',
  head: ['#', 'at (UTC)', 'fact', 'by', 'details'],
  alignRight: [0],
  rows: timeline.map((entry) => [
    String(entry.revision),
    exactMoment(entry.at),
    entry.event,
    actorName(entry.actor),
    detailsOf(entry),
  ]),
});
