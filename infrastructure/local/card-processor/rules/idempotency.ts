import { createHash } from 'node:crypto';
import type { StoredReply } from '../records.js';
import type { ApiError } from '../wire/errors.js';
import { canonicalText, type ParameterTree } from '../wire/parameters.js';

/** How long the first answer under a key is kept, in milliseconds; afterwards the key stands for a new request. */
const keyLife = 24 * 60 * 60 * 1000;

/** What a key means for a request: nothing yet, an answer to give again, or an error. */
export type KeyVerdict =
  | { readonly type: 'Fresh' }
  | { readonly type: 'Replay'; readonly reply: StoredReply }
  | { readonly type: 'Refuse'; readonly error: ApiError };

/** Judges a key: a twin in flight is refused with 409, other parameters with 400, the same ones get the first answer again. */
export function judgeKey(
  replies: ReadonlyMap<string, StoredReply>,
  inFlight: ReadonlySet<string>,
  key: string,
  fingerprint: string,
  now: number,
): KeyVerdict {
  if (key.length > 255)
    return refuse(400, 'invalid_request_error', 'An idempotency key has at most 255 characters');
  if (inFlight.has(key))
    return refuse(
      409,
      'invalid_request_error',
      `A request with the idempotency key '${key}' is still under way`,
      'idempotency_key_in_use',
    );
  const reply = replies.get(key);
  if (reply === undefined || now - reply.storedAt >= keyLife) return { type: 'Fresh' };
  if (reply.fingerprint !== fingerprint)
    return refuse(
      400,
      'idempotency_error',
      `The idempotency key '${key}' was first used with another path or other parameters`,
    );
  return { type: 'Replay', reply };
}

function refuse(status: number, type: ApiError['type'], message: string, code?: string): KeyVerdict {
  return { type: 'Refuse', error: { status, type, message, ...(code === undefined ? {} : { code }) } };
}

/** Same for the same method, path and parameters, whatever their order. */
export function fingerprintOf(method: string, path: string, parameters: ParameterTree): string {
  return createHash('sha256')
    .update(`${method} ${path} ${canonicalText(parameters)}`)
    .digest('base64');
}

/** Drops what is older than a key's life; replies are in order of storage, so it stops at the first that stays. */
export function forgetOldKeys(replies: Map<string, StoredReply>, now: number): void {
  for (const [key, reply] of replies) {
    if (now - reply.storedAt < keyLife) return;
    replies.delete(key);
  }
}
