// What a shop does to hand a cart over: it signs it with its own key. A cart may be wrong in any way; the checkout says so.
import { calculateJwkThumbprint, CompactSign, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** A cart as a shop describes it: whole quantities, amounts as decimal texts such as `2.10`. */
export interface StorefrontCart {
  /** The shop's number for the customer; null when it does not know who buys. */
  readonly customerReference: string | null;
  readonly country: string;
  readonly currency: string;
  readonly lines: readonly {
    readonly code: string;
    readonly description: string;
    readonly quantity: number;
    readonly unitPrice: string;
  }[];
  readonly total: string;
}

/** Who signs, for which checkout, and the token's one-time id (16 to 64 letters, digits, `-` and `_`) and life. */
export interface CartHandover {
  readonly issuer: string;
  readonly audience: string;
  readonly tokenId: string;
  /** Milliseconds since 1970; the token lasts from then for `lifeSeconds`, 15 minutes unless told. */
  readonly issuedAt: number;
  readonly lifeSeconds?: number;
}

/** Signs a cart; the same cart and hand-over make the same token. */
export async function signCart(
  privateKey: JWK,
  kid: string,
  { customerReference, country, currency, lines, total }: StorefrontCart,
  { issuer, audience, tokenId, issuedAt, lifeSeconds = 15 * 60 }: CartHandover,
): Promise<string> {
  const iat = Math.floor(issuedAt / 1000);
  const claims = {
    iss: issuer,
    aud: audience,
    ...(customerReference === null ? {} : { sub: customerReference }),
    jti: tokenId,
    iat,
    exp: iat + lifeSeconds,
    ...{ country, currency, lines, total },
  };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'cart+jwt' })
    .sign(await importJWK(privateKey, 'EdDSA'));
}

/** A shop's key pair; the key id is the thumbprint of the public key (RFC 7638). */
export interface StorefrontKey {
  readonly kid: string;
  readonly privateKey: JWK;
  readonly publicKey: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
}

/** Makes a new Ed25519 key pair. */
export async function generateStorefrontKey(): Promise<StorefrontKey> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const privateKey = await exportJWK(pair.privateKey);
  const publicKey = { kty: 'OKP', crv: 'Ed25519', x: privateKey.x ?? '' } as const;
  return { kid: await calculateJwkThumbprint(publicKey), privateKey, publicKey };
}
