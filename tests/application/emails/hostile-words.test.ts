// Needs ../shared/data/small/naughty-strings: what people write into forms all over the world, in every text of a mail
// that a customer or a shop wrote.
import { describe, expect, it } from 'vitest';
import type { NotificationKind, OrderEvent } from '../../../domain/order/events.js';
import * as the from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { sharedDataIsHere, sharedFile } from '../../support/order/online-retail.js';
import { contact, mailOf } from './occasion.js';

const strings: readonly string[] = sharedDataIsHere
  ? JSON.parse(sharedFile('small/naughty-strings/blns.json'))
  : [];

const occasions: ReadonlyArray<readonly [NotificationKind, readonly OrderEvent[]]> = [
  ['order_confirmed', histories.reserved.events],
  ['payment_needed', histories.chargeFailed.events],
  ['order_shipped', histories.shipped.events],
  ['order_refunded', histories.partlyRefunded.events],
  ['order_rejected', histories.outOfStock.events],
  ['order_cancelled', histories.cancelled.events],
];

const withWords = (events: readonly OrderEvent[], words: string): readonly OrderEvent[] =>
  events.map((event) =>
    event.type === 'OrderPlaced'
      ? { ...event, lines: event.lines.map((line) => ({ ...line, description: words })) }
      : event,
  );

/** The tags of an HTML text, without what is written between them. */
const tagsOf = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];

const visible = (html: string): string =>
  html
    .replace(/<title>.*<\/title>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

describe.skipIf(!sharedDataIsHere).each(occasions)('the mail %s (needs ../shared/data)', (kind, events) => {
  const composed = (words: string) => {
    const address = { ...contact.address, lines: [words, words], city: words };
    return mailOf(kind, withWords(events, words), { to: { ...contact, name: words, address } });
  };

  it('keeps its form and its amounts whatever is written in it, and shows it as it was written', () => {
    expect(strings.length).toBeGreaterThan(500);
    const plain = mailOf(kind, events);
    for (const words of strings) {
      const { subject, text, html } = composed(words);
      expect(tagsOf(html), words).toStrictEqual(tagsOf(plain.html));
      expect(subject).toBe(plain.subject);
      expect(text.split('\n').length, words).toBe(plain.text.split('\n').length);
      const shown = words.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
      expect(visible(html)).toContain(shown);
      expect(text).toContain(shown === '' ? 'Hello,\n' : `Hello ${shown},\n`);
      for (const amount of plain.text.match(/£[\d.]+/g) ?? []) expect(text).toContain(amount);
    }
  });
});

describe('the amount of a mail', () => {
  it('is not what somebody wrote into a description', () => {
    const events = withWords(histories.shipped.events, '£1.00  Total');
    const { text } = mailOf('order_shipped', events);
    expect(text).toContain('  £45.80  Total\n');
    expect(text.match(/^ +£1\.00 {2}Total$/m)).toBeNull();
    expect(text).toContain(`£45.80 was charged to your Visa card ending in ${the.heldMoney.card.lastFour}.`);
  });
});
