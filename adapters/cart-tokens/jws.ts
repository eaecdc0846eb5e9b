// CartTokens as compact JSON Web Signatures (RFC 7515) with Ed25519 keys (RFC 8037). The hard promise: a token means
// one thing only, so everything that readers could understand in two ways is refused.
import * as E from 'fp-ts/lib/Either.js';
import { compactVerify } from 'jose';
import type { CartTokenError, CartTokens } from '../../application/ports/carts.js';
import type { HandedOverCart } from '../../application/ports/carts.js';
import { type Instant, isInstant } from '../../domain/instant.js';
import { type CartClaims, type CartHeader, decodeClaims, decodeHeader } from './claims.js';
import { orderIdOf } from './order-id.js';
import { hasUniqueNames } from './unique-names.js';

/** A shop's public key as a JSON Web Key: 32 bytes of an Ed25519 point in base64url. */
export type ShopKey = { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

/** A shop that may hand carts over, with its keys by key id; two keys are in force while one replaces the other. */
export type TrustedShop = { readonly issuer: string; readonly keys: Readonly<Record<string, ShopKey>> };

/** Whose carts are taken, and the one name under which tokens must be addressed to this checkout. */
export type CartTokenSettings = { readonly audience: string; readonly issuers: readonly TrustedShop[] };

type Read<Value> = E.Either<CartTokenError, Value>;

const algorithm = 'EdDSA';
/** The largest token, in characters: the longest real cart, of 450 lines, needs 56,600. */
const mostCharacters = 61_440;
const mostSeconds = 15 * 60;
/** How far the shop's clock and ours may be apart. */
const skewSeconds = 30;

const malformed = (...path: readonly string[]): E.Either<CartTokenError, never> =>
  E.left({ type: 'token_malformed', path: path.filter((part) => part !== '').join('/') });

const notTrusted = (
  reason: Extract<CartTokenError, { readonly type: 'token_not_trusted' }>['reason'],
): E.Either<CartTokenError, never> => E.left({ type: 'token_not_trusted', reason });

/** The bytes of a segment; null unless it is the one canonical base64url spelling of them. */
function bytesOf(segment: string): Buffer | null {
  const bytes = Buffer.from(segment, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === segment ? bytes : null;
}

function documentOf(part: 'header' | 'claims', bytes: Uint8Array): Read<unknown> {
  try {
    const json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const document: unknown = JSON.parse(json);
    return hasUniqueNames(json) ? E.right(document) : malformed(part);
  } catch {
    return malformed(part);
  }
}

function headerOf(token: string): Read<CartHeader> {
  if (token.length > mostCharacters) return malformed('');
  const segments = token.split('.').map(bytesOf);
  const [header] = segments;
  if (segments.length !== 3 || header === undefined || header === null || segments.includes(null)) {
    return malformed('');
  }
  const document = documentOf('header', header);
  if (E.isLeft(document)) return document;
  const decoded = decodeHeader(document.right);
  return E.isLeft(decoded) ? malformed('header', decoded.left) : decoded;
}

/** Checks what the shop says of the token's life; answers the moment it ends. */
function lifeOf({ iat, exp }: CartClaims, now: Instant): Read<Instant> {
  const end = exp * 1000;
  if (!isInstant(iat * 1000) || iat * 1000 > now + skewSeconds * 1000) return malformed('claims', 'iat');
  if (exp <= iat) return malformed('claims', 'exp');
  if (exp - iat > mostSeconds) return E.left({ type: 'token_life_too_long', mostSeconds });
  if (!isInstant(end)) return malformed('claims', 'exp');
  return now >= end + skewSeconds * 1000 ? E.left({ type: 'token_expired' }) : E.right(end);
}

function cartOf(claims: CartClaims, settings: CartTokenSettings, now: Instant): Read<HandedOverCart> {
  if (claims.aud !== settings.audience) return notTrusted('audience');
  const life = lifeOf(claims, now);
  if (E.isLeft(life)) return life;
  const { iss, sub, jti, country, currency, lines, total } = claims;
  const customerReference = sub === undefined || sub === '' ? null : sub;
  return E.right({
    orderId: orderIdOf(iss, jti),
    issuer: iss,
    tokenId: jti,
    draft: {
      customerReference,
      country,
      currency,
      lines: lines.map(({ code, description, quantity, unitPrice }) => ({
        code,
        description,
        quantity,
        unitPrice,
      })),
      total,
    },
    expiresAt: life.right,
  });
}

async function payloadUnder(key: ShopKey, token: string): Promise<Uint8Array | null> {
  try {
    return (await compactVerify(token, key, { algorithms: [algorithm] })).payload;
  } catch {
    return null;
  }
}

/** Makes the reader of cart tokens. A key id that two shops use is tried with both shops' keys. */
export function jwsCartTokens(settings: CartTokenSettings): CartTokens {
  // The library freezes the keys it is given, and keeps what it made of them; so it gets copies.
  const keys = settings.issuers.flatMap(({ issuer, keys }) =>
    Object.entries(keys).map(([kid, { kty, crv, x }]) => ({ issuer, kid, key: { kty, crv, x } })),
  );

  async function read(token: string, now: Instant): Promise<Read<HandedOverCart>> {
    const header = headerOf(token);
    if (E.isLeft(header)) return header;
    if (header.right.alg !== algorithm) return notTrusted('algorithm');
    const candidates = keys.filter(({ kid }) => kid === header.right.kid);
    if (candidates.length === 0) return notTrusted('key');
    for (const { issuer, key } of candidates) {
      const payload = await payloadUnder(key, token);
      if (payload === null) continue;
      const document = documentOf('claims', payload);
      if (E.isLeft(document)) return document;
      const claims = decodeClaims(document.right);
      if (E.isLeft(claims)) return malformed('claims', claims.left);
      return claims.right.iss === issuer ? cartOf(claims.right, settings, now) : notTrusted('issuer');
    }
    return notTrusted('signature');
  }

  return { read: (token, now) => () => read(token, now) };
}
