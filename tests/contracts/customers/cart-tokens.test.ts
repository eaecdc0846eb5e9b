// Cart tokens as a shop signs them and an attacker changes them.
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { CompactSign, importJWK, type JWK } from 'jose';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { orderIdOf } from '../../../adapters/cart-tokens/order-id.js';
import { type CartTokenSettings, jwsCartTokens } from '../../../adapters/cart-tokens/jws.js';
import { hasUniqueNames } from '../../../adapters/cart-tokens/unique-names.js';
import type { CartTokenError, CartTokens } from '../../../application/ports/carts.js';
import type { Instant } from '../../../domain/instant.js';
import {
  generateStorefrontKey,
  signCart,
  type StorefrontCart,
  type StorefrontKey,
} from '../../../infrastructure/local/storefront/sign-cart.js';
import { afterNoon, answerOf } from '../samples.js';

const issuer = 'https://shop.example';
const otherIssuer = 'https://market.example';
const audience = 'https://checkout.example';
const tokenId = '5f0c1f7e4ad94f1ea5d3a3a2f0f1c0de';
const noon = afterNoon(0);
const life = 15 * 60;

const cart: StorefrontCart = {
  customerReference: '14483',
  country: 'United Kingdom',
  currency: 'GBP',
  lines: [
    { code: '85123A', description: 'WHITE HANGING HEART T-LIGHT HOLDER', quantity: 6, unitPrice: '2.55' },
    { code: 'POST', description: 'Porto für Zoë – 10 %', quantity: 1, unitPrice: '3.00' },
  ],
  total: '18.30',
};

const handover = { issuer, audience, tokenId, issuedAt: noon, lifeSeconds: life };
const iat = noon / 1000;
const claims = {
  iss: issuer,
  aud: audience,
  sub: '14483',
  jti: tokenId,
  iat,
  exp: iat + life,
  country: cart.country,
  currency: cart.currency,
  lines: cart.lines,
  total: cart.total,
};

let key: StorefrontKey;
let otherKey: StorefrontKey;
let tokens: CartTokens;

beforeAll(async () => {
  key = await generateStorefrontKey();
  otherKey = await generateStorefrontKey();
  const settings: CartTokenSettings = {
    audience,
    issuers: [
      { issuer, keys: { [key.kid]: key.publicKey } },
      { issuer: otherIssuer, keys: { [otherKey.kid]: otherKey.publicKey } },
    ],
  };
  tokens = jwsCartTokens(settings);
});

const read = (token: string, now: Instant = noon) => answerOf(tokens.read(token, now));
async function refusalOf(token: string, now: Instant = noon): Promise<CartTokenError> {
  const outcome = await tokens.read(token, now)();
  if (E.isRight(outcome)) throw new Error('the token was accepted');
  return outcome.left;
}
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Signs any text, valid claims or not, with any header. */
async function signText(
  payload: string | Uint8Array,
  header: Readonly<Record<string, unknown>> = {},
  privateKey: JWK = key.privateKey,
): Promise<string> {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  return new CompactSign(bytes)
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'cart+jwt', ...header })
    .sign(await importJWK(privateKey, 'EdDSA'));
}
const signClaims = (changed: Readonly<Record<string, unknown>>): Promise<string> =>
  signText(JSON.stringify({ ...claims, ...changed }));
/** The sender's own header text, signed with the shop's key as its library never would. */
function signHeader(header: string, payload = JSON.stringify(claims)): string {
  const input = `${base64url(header)}.${base64url(payload)}`;
  const signature = sign(null, Buffer.from(input), { key: { ...key.privateKey }, format: 'jwk' });
  return `${input}.${signature.toString('base64url')}`;
}
const malformedAt = (path: string): CartTokenError => ({ type: 'token_malformed', path });

describe('a cart that a shop signed', () => {
  it('is read as it was signed, and names its order', async () => {
    expect(await read(await signCart(key.privateKey, key.kid, cart, handover))).toEqual({
      orderId: orderIdOf(issuer, tokenId),
      issuer,
      tokenId,
      draft: cart,
      expiresAt: afterNoon(life),
    });
  });

  it('has no customer when the shop names none or an empty one', async () => {
    const unnamed = { ...cart, customerReference: null };
    const token = await signCart(key.privateKey, key.kid, unnamed, handover);
    expect((await read(token)).draft).toEqual(unnamed);
    expect((await read(await signClaims({ sub: '' }))).draft.customerReference).toBeNull();
  });

  it('is read until it ends, and for as long as clocks may differ', async () => {
    const token = await signClaims({});
    expect(E.isRight(await tokens.read(token, afterNoon(life + 29.999))())).toBe(true);
    expect(E.isRight(await tokens.read(token, afterNoon(-30))())).toBe(true);
    expect(await refusalOf(token, afterNoon(life + 30))).toEqual({ type: 'token_expired' });
    expect(await refusalOf(token, afterNoon(-30.001))).toEqual(malformedAt('claims/iat'));
  });

  it('may have as many lines as the longest real one, with descriptions as long', async () => {
    const line = { code: '85123A', description: 'x'.repeat(28), quantity: 12, unitPrice: '12.75' };
    const lines = Array.from({ length: 450 }, () => line);
    expect((await read(await signClaims({ lines }))).draft.lines).toHaveLength(450);
    const longer = Array.from({ length: 550 }, () => line);
    expect(await refusalOf(await signClaims({ lines: longer }))).toEqual(malformedAt(''));
  });

  it('comes back from any cart that JSON can carry', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0'));
    const anyCart: fc.Arbitrary<StorefrontCart> = fc.record({
      customerReference: fc.option(text.filter((one) => one !== '')),
      country: text,
      currency: text,
      lines: fc.array(
        fc.record({ code: text, description: text, quantity: fc.maxSafeInteger(), unitPrice: text }),
        { maxLength: 4 },
      ),
      total: text,
    });
    const anyId = fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/);
    await fc.assert(
      fc.asyncProperty(anyCart, anyId, async (anything, id) => {
        const signed = { ...handover, tokenId: id };
        const found = await read(await signCart(key.privateKey, key.kid, anything, signed));
        expect(found.draft).toEqual(anything);
        expect(found.orderId).toBe(orderIdOf(issuer, id));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the order of a token', () => {
  it('is the same for ever', () => {
    expect(orderIdOf('https://shop.example', '5f0c1f7e4ad94f1ea5d3a3a2f0f1c0de')).toBe(
      '0529cc57-b366-8233-b49b-abb925816828',
    );
  });

  it('differs by shop and by id, also where the two run into each other', () => {
    const ids = [
      orderIdOf(issuer, tokenId),
      orderIdOf(otherIssuer, tokenId),
      orderIdOf(issuer, `${tokenId}0`),
      orderIdOf(`${issuer}a`, 'b'),
      orderIdOf(issuer, 'ab'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a token is refused', () => {
  it('after any single bit of it was changed', async () => {
    const token = await signClaims({ lines: [] });
    const bytes = Buffer.from(token, 'latin1');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const outcome = await tokens.read(changed.toString('latin1'), noon)();
      expect(outcome._tag, `bit ${bit}`).toBe('Left');
    }
  });

  it('when it is no token at all', async () => {
    const token = await signClaims({});
    const [header = '', payload = '', signature = ''] = token.split('.');
    const wrong = [
      '',
      '..',
      'a.b.c',
      `${token}.`,
      `${token}.${signature}`,
      `${header}.${payload}`,
      `${header}..${signature}`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      token.replaceAll('-', '+').replaceAll('_', '/') + '==',
      'A'.repeat(1_000_000),
    ];
    for (const text of wrong) expect(await refusalOf(text)).toEqual(malformedAt(''));
  });

  it('with another algorithm than the one', async () => {
    const header = (alg: string) => JSON.stringify({ alg, kid: key.kid, typ: 'cart+jwt' });
    const payload = base64url(JSON.stringify(claims));
    const algorithm = { type: 'token_not_trusted', reason: 'algorithm' };
    for (const alg of ['none', 'None', 'HS256', 'RS256', 'ES256', 'eddsa']) {
      const input = `${base64url(header(alg))}.${payload}`;
      // The public key as a shared secret is what an HS256 reader would be fooled with.
      const secrets = [key.publicKey.x, Buffer.from(key.publicKey.x, 'base64url')];
      for (const secret of secrets) {
        const signature = createHmac('sha256', secret).update(input).digest('base64url');
        expect(await refusalOf(`${input}.${signature}`), alg).toEqual(algorithm);
      }
    }
    expect(await refusalOf(signHeader(header('none')))).toEqual(algorithm);
  });

  it('with a key that we do not know or that signed nothing here', async () => {
    const stranger = await generateStorefrontKey();
    expect(await refusalOf(await signText(JSON.stringify(claims), { kid: stranger.kid }))).toEqual({
      type: 'token_not_trusted',
      reason: 'key',
    });
    const signature = { type: 'token_not_trusted', reason: 'signature' };
    const foreign = await signText(JSON.stringify(claims), {}, stranger.privateKey);
    expect(await refusalOf(foreign)).toEqual(signature);
    expect(await refusalOf(await signText(JSON.stringify(claims), { kid: otherKey.kid }))).toEqual(signature);
    for (const kid of ['__proto__', 'constructor', '']) {
      const refusal = await refusalOf(await signText(JSON.stringify(claims), { kid }));
      expect(refusal).toEqual({ type: 'token_not_trusted', reason: 'key' });
    }
  });

  it('when a shop signs for another shop or for another checkout', async () => {
    const foreign = JSON.stringify({ ...claims, iss: otherIssuer });
    const refusals = [
      await refusalOf(await signText(foreign)),
      await refusalOf(await signClaims({ aud: `${audience}/` })),
      await refusalOf(await signClaims({ aud: '' })),
    ];
    expect(refusals).toEqual([
      { type: 'token_not_trusted', reason: 'issuer' },
      { type: 'token_not_trusted', reason: 'audience' },
      { type: 'token_not_trusted', reason: 'audience' },
    ]);
    expect(await refusalOf(await signClaims({ aud: [audience] }))).toEqual(malformedAt('claims/aud'));
  });

  it('when it lives too long, no time, or at no time', async () => {
    const tooLong = { type: 'token_life_too_long', mostSeconds: life };
    expect(await refusalOf(await signClaims({ exp: iat + life + 1 }))).toEqual(tooLong);
    expect(await refusalOf(await signClaims({ exp: 253_402_300_800 }))).toEqual(tooLong);
    expect(await refusalOf(await signClaims({ exp: iat }))).toEqual(malformedAt('claims/exp'));
    expect(await refusalOf(await signClaims({ iat: -1 }))).toEqual(malformedAt('claims/iat'));
    const past = { iat: iat - 3_600, exp: iat - 3_000 };
    expect(await refusalOf(await signClaims(past))).toEqual({ type: 'token_expired' });
    const ahead = { iat: iat + 3_600, exp: iat + 4_000 };
    expect(await refusalOf(await signClaims(ahead))).toEqual(malformedAt('claims/iat'));
  });

  it('when its header says more than it may', async () => {
    const members: ReadonlyArray<readonly [string, unknown]> = [
      ['jku', 'https://attacker.example/keys'],
      ['x5u', 'https://attacker.example/chain'],
      ['jwk', { ...otherKey.publicKey }],
      ['x5c', ['AAAA']],
      ['crit', ['exp']],
      ['b64', false],
      ['cty', 'JWT'],
    ];
    for (const [name, value] of members) {
      const header = JSON.stringify({ alg: 'EdDSA', kid: key.kid, typ: 'cart+jwt', [name]: value });
      expect(await refusalOf(signHeader(header))).toEqual(malformedAt(`header/${name}`));
    }
    const wrongs: ReadonlyArray<readonly [string, string]> = [
      [`{"alg":"EdDSA","kid":"${key.kid}","typ":"JWT"}`, 'header/typ'],
      [`{"alg":"EdDSA","kid":"${key.kid}"}`, 'header/typ'],
      [`{"alg":"EdDSA","typ":"cart+jwt"}`, 'header/kid'],
      [`{"alg":"none","alg":"EdDSA","kid":"${key.kid}","typ":"cart+jwt"}`, 'header'],
      ['[]', 'header'],
      ['null', 'header'],
      ['{', 'header'],
    ];
    for (const [header, path] of wrongs)
      expect(await refusalOf(signHeader(header))).toEqual(malformedAt(path));
  });

  it('when a claim is missing, of another kind, unknown or said twice', async () => {
    for (const name of Object.keys(claims).filter((one) => one !== 'sub')) {
      expect(await refusalOf(await signClaims({ [name]: undefined }))).toEqual(malformedAt(`claims/${name}`));
      expect(await refusalOf(await signClaims({ [name]: null }))).toEqual(malformedAt(`claims/${name}`));
    }
    const line = cart.lines[0];
    const wrongs: ReadonlyArray<readonly [Readonly<Record<string, unknown>>, string]> = [
      [{ sub: 14483 }, 'sub'],
      [{ sub: null }, 'sub'],
      [{ total: 18.3 }, 'total'],
      [{ exp: String(iat + life) }, 'exp'],
      [{ exp: iat + 0.5 }, 'exp'],
      [{ lines: [{ ...line, unitPrice: 2.55 }] }, 'lines/0/unitPrice'],
      [{ lines: [line, { ...line, quantity: 1.5 }] }, 'lines/1/quantity'],
      [{ lines: [{ ...line, quantity: '6' }] }, 'lines/0/quantity'],
      [{ lines: [{ ...line, quantity: 2 ** 53 }] }, 'lines/0/quantity'],
      [{ lines: [{ ...line, discount: '1.00' }] }, 'lines/0/discount'],
      [{ lines: { length: 1 } }, 'lines'],
      [{ lines: [null] }, 'lines/0'],
      [{ customerId: 'x' }, 'customerId'],
      [{ nbf: iat }, 'nbf'],
      [{ '<script>': 1 }, '?'],
      [{ country: 'U\0K' }, 'country'],
      [{ country: 'half \ud83d' }, 'country'],
      [{ jti: 'short' }, 'jti'],
      [{ jti: 'x'.repeat(65) }, 'jti'],
      [{ jti: `${tokenId}/` }, 'jti'],
    ];
    for (const [changed, path] of wrongs) {
      expect(await refusalOf(await signClaims(changed))).toEqual(malformedAt(`claims/${path}`));
    }
    const text = JSON.stringify(claims);
    const twice = [
      text.replace('{', '{"total":"0.01",'),
      text.replace('{', '{"tot\\u0061l":"0.01",'),
      text.replace('"quantity":6', '"quantity":60,"quantity":6'),
    ];
    for (const payload of twice)
      expect(await refusalOf(await signText(payload))).toEqual(malformedAt('claims'));
  });

  it('when its payload is no JSON document in UTF-8', async () => {
    const text = JSON.stringify(claims);
    const broken = [
      Buffer.from(`${text} x`),
      Buffer.from(`\uFEFF${text}`),
      Buffer.from(text.replace('"iat"', 'NaN')),
      Buffer.concat([Buffer.from('{"iss":"'), Buffer.from([0xff]), Buffer.from('"}')]),
      Buffer.from('['.repeat(40_000)),
    ];
    for (const payload of broken)
      expect(await refusalOf(await signText(payload))).toEqual(malformedAt('claims'));
    const huge = await signText(text.replace('"quantity":6', '"quantity":1e400'));
    expect(await refusalOf(huge)).toEqual(malformedAt('claims/lines/0/quantity'));
    const prototype = await signText(text.replace('{', '{"__proto__":{"total":"0.01"},'));
    expect(await refusalOf(prototype)).toEqual(malformedAt('claims/__proto__'));
  });

  it('when its key is of another curve than the settings say', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const input = `${base64url(JSON.stringify({ alg: 'EdDSA', kid: key.kid, typ: 'cart+jwt' }))}.${base64url(JSON.stringify(claims))}`;
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    expect(await refusalOf(`${input}.${signature.toString('base64url')}`)).toEqual({
      type: 'token_not_trusted',
      reason: 'signature',
    });
  });
});

describe('names of a JSON text', () => {
  it('are unique wherever a writer made them from values', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(hasUniqueNames(text)).toBe(true);
      }),
    );
  });

  it('may repeat in different objects, and may look like values', () => {
    expect(hasUniqueNames('[{"a":1},{"a":{"a":"a"},"b":["a","a"]}]')).toBe(true);
    expect(hasUniqueNames('{"a\\"":":","a":"\\"a\\":1"}')).toBe(true);
    expect(hasUniqueNames('{"a":{"b":1,"c":[{"b":1}],"b":2}}')).toBe(false);
  });
});
