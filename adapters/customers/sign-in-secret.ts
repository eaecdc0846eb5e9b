import { createHash } from 'node:crypto';
import { isSignInId, type SignInId } from '../../domain/ids.js';

/** That many random bytes: unpredictable in production, repeatable in a simulation. */
export type RandomBytes = (count: number) => Uint8Array;

/** A new secret for a customer's browser: 256 random bits in 43 letters. */
export const newSecret = (randomBytes: RandomBytes): string =>
  Buffer.from(randomBytes(32)).toString('base64url');

/** The only form in which a secret is stored or looked up. */
export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A new random UUID (version 4) for a sign-in. */
export function newSignInId(randomBytes: RandomBytes): SignInId {
  const bytes = Buffer.from(randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const id = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (!isSignInId(id)) throw new Error('the source of chance gave too few bytes');
  return id;
}

/** The form in which e-mail addresses are compared. */
export const emailKey = (email: string): string => email.normalize('NFC').toLowerCase();
