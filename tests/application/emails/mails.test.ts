import { describe, expect, it } from 'vitest';
import type { NotificationKind, OrderEvent } from '../../../domain/order/events.js';
import * as the from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { countryOf } from '../../support/ids.js';
import { contact, mailOf } from './occasion.js';

const url = 'https://checkout.example/orders/00000001-0000-4000-8000-000000000001';
const link = `See your order: ${url}`;

describe('the mail about a confirmed order', () => {
  it('says what is held, what was ordered and where it goes', () => {
    const mail = mailOf('order_confirmed', histories.reserved.events, { factRevision: 7 });
    expect(mail).toMatchObject({
      key: `${the.orderId}:order_confirmed:7`,
      orderId: the.orderId,
      kind: 'order_confirmed',
      to: { name: 'Zoë Ælfwine', address: 'zoe@customer.example' },
      subject: 'We have your order 00000001',
    });
    expect(mail.text).toBe(`Hello Zoë Ælfwine,

Thank you, your order is confirmed.

£45.80 is held on your Visa card ending in 4242 until 12 January 2026, 09:00 UTC. Nothing is charged yet: that happens when your parcel is packed.

  £15.30  6 × White hanging heart tea light holder
  £25.50  2 × Cake stand with three tiers
   £5.00  Delivery
  £45.80  Total

Delivery address:
  Zoë Ælfwine
  Flat 2
  1 High Street
  Leeds LS1 1AA
  UK

${link}

Gift Shop
`);
  });
});

describe('the mail about a shipped order', () => {
  it('names the carrier, the tracking number and what was charged', () => {
    const { subject, text } = mailOf('order_shipped', histories.shipped.events);
    expect(subject).toBe('Your order 00000001 is on its way');
    expect(text).toContain('Your parcel is with Royal Mail. Tracking number: RM123456789GB.');
    expect(text).toContain('£45.80 was charged to your Visa card ending in 4242.\n');
    expect(text).toContain('  £45.80  Total\n');
    expect(text).not.toContain('Not in the parcel');
  });

  it('after a short pick tells what is in the parcel and what was charged, not what was ordered', () => {
    const lines = [
      { lineNumber: 1, picked: 4, short: 2, shortReason: 'damaged' },
      { lineNumber: 2, picked: 0, short: 2, shortReason: 'not_in_bin' },
    ] as const;
    const amount = the.pence(1520);
    const { text } = mailOf('order_shipped', [
      ...histories.released.events,
      { ...the.picked, lines },
      the.packed,
      { ...the.chargeRequested, amount },
      { ...the.charged, amount },
      the.shipped,
    ]);
    expect(text).toContain(
      '£15.20 was charged to your Visa card ending in 4242. The other £30.60 of the £45.80 that we held is released.',
    );
    expect(text).toContain(`  £10.20  4 × White hanging heart tea light holder
   £5.00  Delivery
  £15.20  Total

Not in the parcel, and not charged:
  2 × White hanging heart tea light holder
  2 × Cake stand with three tiers
`);
  });
});

describe('the mail about a rejected order', () => {
  it('gives every reason once and says that no money was touched', () => {
    const reasons: Extract<OrderEvent, { readonly type: 'OrderRejected' }>['reasons'] = [
      { type: 'authentication', problem: 'sign_in_revoked' },
      { type: 'article_withdrawn', lineNumber: 1, code: the.heartHolders.code },
      { type: 'destination_not_served', destination: countryOf('GB') },
      { type: 'currency_not_accepted', currency: the.pounds },
      { type: 'total_above_limit', total: the.pence(4580), limit: the.pence(4000) },
      { type: 'out_of_stock', lineNumber: 1, available: 0 },
      { type: 'out_of_stock', lineNumber: 2, available: 1 },
      { type: 'out_of_stock', lineNumber: 2, available: 1 },
    ];
    const { subject, text } = mailOf('order_rejected', [
      the.placed,
      { type: 'OrderRejected', at: the.after(1), reasons },
    ]);
    expect(subject).toBe('We could not accept your order 00000001');
    expect(text).toContain(`Your card was not touched.

Why:
  We could not confirm that it was you who placed the order.
  White hanging heart tea light holder is not sold any more.
  We do not deliver to this country.
  We do not accept payments in GBP.
  The total of £45.80 is above our limit of £40.00 for one order.
  White hanging heart tea light holder is sold out.
  Cake stand with three tiers: only 1 left.

`);
    expect(text).not.toMatch(/sign_in|revoked/);
  });
});

describe('the mail about a cancelled order', () => {
  it.each([
    ['customer_request', 'You asked us to cancel your order, and we did.'],
    ['operator_request', 'Our team cancelled your order.'],
    ['payment_not_completed', 'The payment was not completed'],
    ['out_of_stock', 'the goods are not available any more'],
    ['not_shipped', 'your parcel did not leave our warehouse in time'],
  ] as const)('for %s says so', (reason, sentence) => {
    const { text } = mailOf('order_cancelled', [
      ...histories.cancelled.events.slice(0, -1),
      { ...the.cancelled, reason },
    ]);
    expect(text).toContain(sentence);
    expect(text).toContain(
      'The £45.80 that we held on your Visa card ending in 4242 is released. Nothing was charged.\n',
    );
    expect(text).not.toContain('Delivery address');
  });

  it('after a decline says that nothing was charged, and not why the bank refused', () => {
    const { text } = mailOf('order_cancelled', [
      ...histories.declined.events,
      the.givenUp,
      { ...the.cancelled, reason: 'payment_not_completed' },
    ]);
    expect(text).toContain(
      'The payment was not completed, so we cancelled your order.\n\nNothing was charged.',
    );
    expect(text).not.toContain('insufficient');
  });

  it('after the charge says what goes back', () => {
    const { text } = mailOf('order_cancelled', histories.cancelledAfterCharge.events);
    expect(text).toContain(
      '£45.80 was charged to your Visa card ending in 4242. All of it goes back to the card.\n',
    );
    expect(text).not.toContain('Nothing was charged');
  });
});

describe('every mail', () => {
  const occasions: ReadonlyArray<readonly [NotificationKind, readonly OrderEvent[]]> = [
    ['order_confirmed', histories.reserved.events],
    ['payment_needed', histories.chargeFailed.events],
    ['order_shipped', histories.shipped.events],
    ['order_refunded', histories.partlyRefunded.events],
    ['order_rejected', histories.outOfStock.events],
    ['order_cancelled', histories.cancelled.events],
  ];

  it.each(occasions)('%s has the same words in text and HTML, and a way to the order', (kind, events) => {
    const { text, html } = mailOf(kind, events);
    const words = html
      .replace(/<title>.*<\/title>/, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/&#39;/g, "'");
    for (const word of text.replace(/https:\S+/, '').match(/[\p{L}\d£.]{2,}/gu) ?? []) {
      expect(words, word).toContain(word.replace(/\.$/, ''));
    }
    expect(text).toContain(`: ${url}\n`);
    expect(html).toContain(`<a href="${url}">`);
    expect(html).not.toMatch(/<(?:img|script|link|iframe)|url\(|@import/);
  });

  it.each(occasions)('%s shows hostile words as words', (kind, events) => {
    const hostile = '<script>alert("1")</script>&\'\r\nBcc: eve@attacker.example\u202E';
    const [placed, ...rest] = events;
    if (placed?.type !== 'OrderPlaced') throw new Error('no order was placed');
    const lines = placed.lines.map((line) => ({ ...line, description: hostile }));
    const address = { ...contact.address, lines: [hostile], city: hostile };
    const { subject, text, html } = mailOf(kind, [{ ...placed, lines }, ...rest], {
      to: { ...contact, name: hostile, address },
    });
    expect(subject).not.toContain('alert');
    expect(html).not.toContain('<script');
    expect(html).toContain(
      '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39; Bcc: eve@attacker.example',
    );
    expect(text).not.toMatch(/^Bcc:/m);
    expect(text + html).not.toMatch(/[\r\u202E]/);
  });

  it.each(occasions)('%s tells nothing that the order lacks', (kind, events) => {
    const { subject, text, html } = mailOf(kind, events);
    const all = subject + text + html;
    expect(all).not.toMatch(/undefined|null|NaN|\[object/);
    if (kind !== 'order_shipped') expect(all).not.toMatch(/Royal Mail|RM123456789GB|was charged to/);
    expect(all).not.toMatch(/insufficient|funds|goodwill_|r-1/);
    if (kind === 'order_shipped') expect(all).not.toMatch(/is held|Nothing was charged/);
    expect(all).not.toContain(the.placed.cart.tokenId);
    expect(all).not.toContain(the.heldMoney.reference);
    expect(all).not.toContain(the.paymentMethod);
  });

  it('without a postcode shows the city alone', () => {
    const abroad = { ...contact.address, postcode: null, country: countryOf('IE'), city: 'Cork' };
    const { text } = mailOf('order_confirmed', histories.reserved.events, {
      to: { ...contact, address: abroad },
    });
    expect(text).toContain('  Cork\n  Ireland\n');
  });
});
