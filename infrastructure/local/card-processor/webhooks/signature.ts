import { createHmac } from 'node:crypto';

/**
 * The `Stripe-Signature` header: HMAC-SHA-256 over the time, a dot and the body's bytes.
 * @param at seconds since 1970
 */
export function signatureHeader(body: Buffer, secret: string, at: number): string {
  const digest = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
  return `t=${at},v1=${digest}`;
}
