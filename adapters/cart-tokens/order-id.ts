import { createHash } from 'node:crypto';
import { isOrderId, type OrderId } from '../../domain/ids.js';

/**
 * The order that a token becomes: a UUID of version 8 (RFC 9562, section 5.8) over the SHA-256 of issuer, NUL and
 * one-time id. Nobody can guess it without the token, and every reading of one token names the same order.
 * A stored rule: change it and tokens of before could become a second order.
 */
export function orderIdOf(issuer: string, tokenId: string): OrderId {
  const bytes = createHash('sha256').update(`${issuer}\0${tokenId}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const id = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (!isOrderId(id)) throw new Error('sixteen bytes did not make a UUID');
  return id;
}
