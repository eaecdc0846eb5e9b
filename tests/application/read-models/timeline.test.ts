import { describe, expect, it } from 'vitest';
import { eventNames } from '../../../adapters/event-schema/order-events.js';
import { timelineOf } from '../../../application/read-models/timeline.js';
import { timelineWords } from '../../../application/read-models/timeline-words.js';
import { eventsNamed, stored } from '../../adapters/projections/histories.js';
import { paths } from '../../adapters/projections/paths.js';
import { after, pence } from '../../support/examples.js';
import { newOrderId } from '../../support/ids.js';

const allFacts = (() => {
  const orderId = newOrderId();
  return stored(orderId, eventsNamed(eventNames, { orderId }));
})();

describe('the timeline', () => {
  it('has words for every fact, each its own', () => {
    expect(Object.keys(timelineWords).sort()).toEqual([...eventNames].sort());
    const titles = timelineOf(allFacts).map(({ title }) => title);
    expect(new Set(titles).size).toBe(eventNames.length);
    expect(titles.filter((title) => title.trim() === '')).toEqual([]);
  });

  it.each(Object.entries(paths))('of an order that is %s has one entry a fact, in order', (_, events) => {
    const timeline = timelineOf(events);
    expect(timeline.map(({ revision }) => revision)).toEqual(events.map((__, index) => index));
    expect(timeline.map(({ event }) => event)).toEqual(events.map(({ event }) => event.type));
    expect(timeline.map(({ actor }) => actor)).toEqual(events.map(({ metadata }) => metadata.actor));
  });

  it('tells amounts and deadlines as such', () => {
    const reserved = timelineOf(paths.confirmed).find(({ event }) => event === 'CardReserved');
    expect(reserved).toMatchObject({
      ...{ region: 'money', title: 'Amount held on the card', amount: pence(4580) },
      ...{ until: after(7 * 86_400), note: 'try 1: visa …4242, pi_1' },
    });
  });

  it.each([
    ['waitingForCard', 'CardDeclined', 'try 1: this card never again (stolen_card)'],
    ['refusedByPolicy', 'CardReserved', 'try 1: visa …4242, pi_1, security code check failed'],
    ['shortPicked', 'Picked', '5 units; line 1 short of 3 (damaged)'],
    ['partlyRefunded', 'RefundFailed', 'return-2: expired_or_canceled_card'],
    ['bounced', 'NotificationBounced', 'order confirmed: the address does not take mail'],
    ['held', 'HoldPlaced', 'fraud hold'],
    ['cancelledTooLate', 'CancellationRefused', 'the customer asked too late: the goods are on their way'],
  ] as const)('of %s says of %s: %s', (path, event, note) => {
    expect(timelineOf(paths[path]).find((entry) => entry.event === event)?.note).toBe(note);
  });

  it('names no token of a card, no customer and no challenge', () => {
    const told = timelineOf([...allFacts, ...Object.values(paths).flat()]).map(({ title, note }) => [
      title,
      note,
    ]);
    expect(JSON.stringify(told)).not.toMatch(/pm_|https:|Ada|Ben|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });
});
