import { describe, expect, it } from 'vitest';
import { orderPage } from '../../../adapters/cli/order-page.js';
import { orderTable } from '../../../adapters/cli/order-table.js';
import { paths, waitLimits } from '../projections/paths.js';
import { viewOf } from '../projections/histories.js';

type Path = keyof typeof paths;
/** The page with the columns two blanks apart, however wide they are. */
const textOf = (path: Path): string =>
  (orderPage(paths[path], waitLimits)?.text ?? '').replace(/ {2,}/g, '  ');

describe('the page of an order', () => {
  it.each([
    ['confirmed', 'held  45.80  until 2026-01-12 09:00:00Z on visa …4242, pi_1'],
    ['confirmed', 'possible, at once; GBP 45.80 would be let go'],
    ['confirmed', '2 × 12.75  22423 Cake stand with three tiers'],
    ['waitingForCard', 'another card of the customer  this card never again  until 2026-01-05 09:30:05Z'],
    ['waitingForCard', 'declined: this card never again (hard, stolen_card)'],
    ['challenged', 'https://cards.example/challenges/pi_1  until 2026-01-05 09:15:05Z'],
    ['lostAnswer', 'asked for  45.80  reservation: the answer was lost and is looked up'],
    ['issuerAway', 'the next try, by itself  the issuer was not available'],
    ['renewed', 'being let go  45.80  until 2026-01-12 09:00:00Z on visa …4242, pi_1'],
    ['held', 'fraud hold  since 2026-01-05 09:08:20Z  by ops'],
    ['shortPicked', 'released  7.65  reserved, not charged'],
    ['shortPicked', '6 × 2.55, 3 found'],
    ['chargeDeclined', 'held, but the charge was refused: not enough money on the card for now'],
    ['cancelledAfterCharge', ': Cancelled (customer request)'],
    ['cancelledAfterCharge', 'refunded  45.80'],
    ['refundUnderWay', 'the floor  goods are to go back into their bins'],
    ['partlyRefunded', 'return-2  GBP 2.55  return  failed'],
    ['bounced', 'sent, came back: the address does not take mail'],
    ['otherCard', 'not sent: the order went on meanwhile'],
    ['disputed', 'disputed  45.80  product_not_received, 2026-01-07 16:33:20Z'],
    ['delivered', 'delivered  2026-01-06 10:00:00Z'],
    ['cancelledTooLate', 'cancelling  too late'],
  ] as const)('of %s says %j', (path, line) => {
    expect(textOf(path)).toContain(line);
  });

  it.each(Object.entries(paths))('of %s has one line a fact, and no empty part', (_, events) => {
    const text = orderPage(events, null)?.text ?? '';
    for (const { event, revision } of events) {
      const at = new Date(event.at).toISOString();
      expect(text).toMatch(new RegExp(`^ +${String(revision)}  ${at}  ${event.type} `, 'm'));
    }
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
    for (const part of text.split('\n\n')) expect(part.split('\n').length).toBeGreaterThan(1);
    expect(text.split('\n').filter((line) => line !== line.trimEnd())).toEqual([]);
  });

  it('is none when nothing was placed', () => {
    expect(orderPage([], waitLimits)).toBeNull();
  });

  it('keeps controls of stored texts from the terminal', () => {
    const [placed, ...others] = paths.confirmed;
    if (placed?.event.type !== 'OrderPlaced') throw new Error('the path begins with OrderPlaced');
    const lines = placed.event.lines.map((line) => ({ ...line, description: 'a\u001b[31mred' }));
    const page = orderPage([{ ...placed, event: { ...placed.event, lines } }, ...others], null);
    expect(page?.text).toContain('a�[31mred');
    expect(page?.text).not.toContain('\u001b');
  });
});

describe('the list of orders', () => {
  const path = (name: Path) => viewOf(paths[name]);

  it('shows amounts and what is worth knowing of each', () => {
    const { text } = orderTable([path('partlyRefunded'), path('held'), path('waitingForCard')]);
    const cells = text.split('\n').map((line) => line.split(/ {2,}/).slice(2));
    expect(cells).toEqual([
      ['phase', 'currency', 'total', 'held', 'charged', 'refunded', 'units', 'notes'],
      ['Completed', 'GBP', '45.80', '–', '45.80', '12.75', '8', 'RM123456789GB'],
      ['OnHold', 'GBP', '45.80', '45.80', '–', '–', '8', 'fraud hold, address hold'],
      ['AwaitingPayment', 'GBP', '45.80', '–', '–', '–', '8', 'another card awaited'],
    ]);
  });

  it('says so when there are none', () => {
    expect(orderTable([])).toEqual({ json: [], text: 'No orders.' });
  });
});
