// Handing a signed cart over.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckoutWorld, createCheckoutWorld, goodCart } from './checkout-world.js';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await createCheckoutWorld();
});
afterAll(() => world.close());

const handOver = async (token: string) => world.call('POST /carts', { body: { token } });

describe('a cart of a trusted shop', () => {
  it('is taken, and answers with its amounts in minor units', async () => {
    const answer = await handOver(await world.sign(goodCart));
    expect(answer.status).toBe(201);
    expect(answer.json).toStrictEqual({
      orderId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      total: 1830,
      currency: 'GBP',
      lines: [
        {
          ...{ lineNumber: 1, code: '85123A', description: 'WHITE HANGING HEART T-LIGHT HOLDER' },
          ...{ quantity: 6, unitPrice: 255 },
        },
      ],
      delivery: 300,
      destinations: ['GB'],
      expiresAt: expect.stringMatching(/Z$/),
    });
  });

  it('is known when it is handed over again', async () => {
    const token = await world.sign(goodCart);
    const first = await handOver(token);
    const again = await handOver(token);
    expect(again.status).toBe(200);
    expect(again.json).toStrictEqual(first.json);
  });

  it('ends when its first token said, also when the shop signs it anew for longer', async () => {
    const tokenId = 'b'.repeat(32);
    const first = await handOver(await world.sign(goodCart, { tokenId, lifeSeconds: 300 }));
    const again = await handOver(await world.sign(goodCart, { tokenId, lifeSeconds: 900 }));
    expect([first.status, again.status]).toStrictEqual([201, 200]);
    expect(again.json).toStrictEqual(first.json);
  });

  it('with a card number in a text is refused, not repeated and not kept', async () => {
    const tokenId = 'c'.repeat(32);
    const [line] = goodCart.lines;
    if (line === undefined) throw new Error('the good cart has no line');
    const lines = [{ ...line, description: 'Engraved: 4242 4242 4242 4242' }, ...goodCart.lines.slice(1)];
    const refused = await handOver(await world.sign({ ...goodCart, lines }, { tokenId }));
    expect([refused.status, refused.json['code']]).toStrictEqual([422, 'card_number_not_accepted']);
    expect(refused.json['errors']).toMatchObject([
      { code: 'card_number_in_text', path: '/lines/0/description' },
    ]);
    expect(refused.text).not.toContain('4242');
    // Had it been kept, this would be another content under the same token id.
    expect((await handOver(await world.sign(goodCart, { tokenId }))).status).toBe(201);
  });

  it('is refused when its token id was used for another cart', async () => {
    const tokenId = 'a'.repeat(32);
    await handOver(await world.sign(goodCart, { tokenId }));
    const answer = await handOver(await world.sign({ ...goodCart, customerReference: '2' }, { tokenId }));
    expect([answer.status, answer.json['code']]).toStrictEqual([409, 'cart_token_reused']);
  });

  it('is gone once it became an order', async () => {
    const token = await world.sign({ ...goodCart, customerReference: 'used' });
    const orderId = String((await handOver(token)).json['orderId']);
    const { token: bearer } = await world.signUp();
    await world.call('POST /orders', { token: bearer, key: 'k', body: world.orderBody(orderId) });
    const answer = await handOver(token);
    expect([answer.status, answer.json['code']]).toStrictEqual([410, 'cart_used']);
  });

  it('is refused with all its problems at once, each with its field', async () => {
    const cart = {
      ...goodCart,
      customerReference: null,
      country: 'Unspecified',
      lines: [
        { code: 'BANK CHARGES', description: 'Fee', quantity: -1, unitPrice: '0' },
        { code: '85123A', description: ' ', quantity: 1, unitPrice: '2.555' },
      ],
    };
    const answer = await handOver(await world.sign(cart));
    expect([answer.status, answer.json['code']]).toStrictEqual([422, 'cart_refused']);
    expect(answer.json['errors']).toMatchObject([
      { code: 'customer_missing', path: '/customerReference' },
      { code: 'country_unresolvable', path: '/country' },
      { code: 'code_not_sellable', path: '/lines/0/code' },
      { code: 'quantity_not_positive', path: '/lines/0/quantity' },
      { code: 'price_not_positive', path: '/lines/0/unitPrice' },
      { code: 'price_not_whole_pence', path: '/lines/1/unitPrice' },
      { code: 'description_missing', path: '/lines/1/description' },
    ]);
  });

  it('of 450 lines fits', async () => {
    const line = { code: '85123A', description: 'X'.repeat(34), quantity: 1, unitPrice: '1.00' };
    const lines = Array.from({ length: 450 }, () => line);
    const answer = await handOver(await world.sign({ ...goodCart, lines, total: '450.00' }));
    expect(answer.status).toBe(201);
  });
});

describe('a cart token', () => {
  it.each([
    ['signed by a stranger', 'cart_key_not_trusted', () => world.sign(goodCart, { by: world.strangerKey })],
    [
      'for somebody else',
      'cart_audience_not_trusted',
      () => world.sign(goodCart, { aud: 'https://else.example' }),
    ],
    [
      'of another shop',
      'cart_issuer_not_trusted',
      () => world.sign(goodCart, { iss: 'https://else.example' }),
    ],
    [
      'with another signature',
      'cart_signature_not_trusted',
      async () => (await world.sign(goodCart)).replace(/[^.]{86}$/, 'A'.repeat(86)),
    ],
  ])('%s is not trusted', async (_, code, tokenOf) => {
    const answer = await handOver(await tokenOf());
    expect([answer.status, answer.json['code']]).toStrictEqual([401, code]);
    expect(answer.headers.get('www-authenticate')).toBe('Cart-Token');
  });

  it.each([
    ['without segments', 'x'],
    ['with a control character', 'a\u0001.b.c'],
  ])('%s is malformed', async (_, token) => {
    const answer = await handOver(token);
    expect([answer.status, answer.json['code']]).toStrictEqual([422, 'cart_token_malformed']);
  });

  it('that lives too long is refused', async () => {
    const answer = await handOver(await world.sign(goodCart, { lifeSeconds: 3600 }));
    expect([answer.status, answer.json['code']]).toStrictEqual([422, 'cart_token_life_too_long']);
  });

  it('that has expired is gone', async () => {
    const late = await createCheckoutWorld();
    const token = await late.sign(goodCart);
    late.clock.putForward(3600);
    const answer = await late.call('POST /carts', { body: { token } });
    await late.close();
    expect([answer.status, answer.json['code']]).toStrictEqual([410, 'cart_expired']);
  });
});
