// The class of every code with which a bank can refuse a card, as far as the published lists know them.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declineClassOf, declineOf } from '../../../adapters/payment/decline-classes.js';
import { stripeGateway } from '../../../adapters/payment/stripe.js';
import type { DeclineClass } from '../../../domain/payment.js';
import { startCardProcessor } from '../../../infrastructure/local/card-processor/server.js';
import { openPaymentClient } from '../../../infrastructure/payment-client.js';
import { answerOf } from '../../contracts/samples.js';
import { currencyOf, newOrderId, paymentKeyOf, paymentMethodOf } from '../../support/ids.js';

describe('a decline code', () => {
  it('that is new to us may be tried again later, and is not a reason to give the card up', () => {
    expect(declineClassOf('a_code_of_next_year')).toBeNull();
    expect(declineOf('a_code_of_next_year')).toEqual({ class: 'funds', code: 'a_code_of_next_year' });
  });
});

const corpus = new URL('../../../../shared/data/small/card-declines/decline-codes.csv', import.meta.url);

/** The scheme, the code and the advice of each row; labels between may hold commas in quotes. */
const rowsOf = (text: string): readonly (readonly [scheme: string, code: string, advice: string])[] =>
  text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
    .map((fields) => [fields[0] ?? '', fields[1] ?? '', fields.at(-1) ?? '']);

/** The classes that are no milder than the published advice; a row without advice may have any class. */
const allowed: Readonly<Record<string, readonly DeclineClass[]>> = {
  never: ['hard'],
  later: ['funds', 'hard', 'soft', 'fixable'],
  fix_data: ['fixable', 'hard'],
  customer_action: ['authentication', 'fixable'],
  technical: ['soft'],
};

describe.skipIf(!existsSync(corpus))('published decline codes (needs ../shared/data/small)', () => {
  const rows = existsSync(corpus) ? rowsOf(readFileSync(corpus, 'utf8')) : [];
  const secretKey = 'sk_test_of_the_codes';
  let processor: Awaited<ReturnType<typeof startCardProcessor>>;
  let client: ReturnType<typeof openPaymentClient>;
  beforeAll(async () => {
    processor = await startCardProcessor({ port: 0, dataDirectory: null, secretKey });
    client = openPaymentClient({ url: processor.url, secretKey });
  });
  afterAll(async () => {
    client.close();
    await processor.close();
  });

  async function declineOn(card: string) {
    const orderId = newOrderId();
    const result = await answerOf(
      stripeGateway(client.stripe).reserve({
        ...{ orderId, attempt: 1, key: paymentKeyOf(`${orderId}:reserve:1`) },
        amount: { minor: 3564, currency: currencyOf('GBP') },
        paymentMethod: paymentMethodOf(card),
        returnUrl: 'https://shop.example/orders/1/payment',
      }),
    );
    if (result.type !== 'declined') throw new Error(`${card}: ${result.type}`);
    return result.decline;
  }

  it('of Stripe are all in the table, and none is milder than its advice', async () => {
    const codes = rows.filter(([scheme]) => scheme === 'stripe');
    expect(codes).toHaveLength(50);
    for (const [, code, advice] of codes) {
      const known = declineClassOf(code);
      expect(known, code).not.toBeNull();
      expect(allowed[advice] ?? [known], `${code}: ${advice}`).toContain(known);
      expect(await declineOn(`pm_card_decline_${code}`), code).toEqual({ class: known, code });
    }
  });

  it.each([
    ['iso8583', 45],
    ['visa', 46],
  ])('of %s (%i) come as codes of the table, none milder than its advice', async (scheme, count) => {
    const codes = rows.filter(([known]) => known === scheme);
    expect(codes).toHaveLength(count);
    for (const [, code, advice] of codes) {
      const decline = await declineOn(`pm_card_networkDecline_${code}`);
      expect(declineClassOf(decline.code), `${scheme} ${code}: ${decline.code}`).not.toBeNull();
      const classes = allowed[advice] ?? [decline.class];
      expect(classes, `${scheme} ${code}, ${advice}: ${decline.code}`).toContain(decline.class);
    }
  });
});
