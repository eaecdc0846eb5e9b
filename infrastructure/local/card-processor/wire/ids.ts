import { createHash } from 'node:crypto';

/** Makes one id per prefix for one request, such as `pi_…`; with numbers, more of them. */
export type MintId = (prefix: string, number?: number) => string;

/** Ids that follow from the request's entropy alone: the same request decided again gives the same ids. */
export function minting(entropy: string): MintId {
  return (prefix, number = 0) =>
    `${prefix}_3${alphanumeric(`${prefix}:${number === 0 ? '' : number}${entropy}`).slice(0, 23)}`;
}

/** A stable alphanumeric digest of a text (at least 24 characters). */
export function alphanumeric(text: string): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const digest = createHash('sha256').update(text).digest();
  return [...digest].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
}
