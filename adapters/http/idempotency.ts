// Requests that may be repeated under an Idempotency-Key: one effect, and the first answer again. Only successes are
// kept. A refusal changed nothing, so a repeat is simply decided again.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { createHash } from 'node:crypto';
import type { Observer } from '../../application/ports/observer.js';
import type { KeyUse, RequestKeys, RequestKeysError } from '../../application/ports/request-keys.js';
import type { System } from '../../application/ports/system.js';
import { hasCardNumber } from '../../domain/order/card-numbers.js';
import { type Exchange, type Reply, refuse } from './endpoint.js';
import { passing, type Problem, type ProblemCode, problem } from './problems.js';

/** The header, as the description of an endpoint names it. */
export const idempotencyHeader = {
  name: 'Idempotency-Key',
  required: true,
  description:
    'Names this request, 1 to 255 printable ASCII characters. The same key with the same body has one effect and is ' +
    'answered again for at least 24 hours.',
} as const;

/** What `onlyOnce` may answer by itself. */
export const idempotencyProblems = [
  ...(['idempotency_key_missing', 'idempotency_key_malformed', 'idempotency_key_reused'] as const),
  ...(['request_in_flight', 'unavailable'] as const),
] satisfies readonly ProblemCode[];

/** The key of a request; node joins repeated headers with a comma, which makes one key of them. */
function keyOf({ headers }: Exchange): E.Either<Problem, string> {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') return E.left(problem('idempotency_key_missing'));
  const isGood = typeof key === 'string' && /^[!-~]{1,255}$/.test(key) && !hasCardNumber(key);
  return isGood ? E.right(key) : E.left(problem('idempotency_key_malformed'));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields in one order, so that two writings of the same body are one text. */
const inOrder = (_: string, value: unknown): unknown =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value;

const hashOf = (body: unknown): string =>
  createHash('sha256').update(JSON.stringify(body, inOrder)).digest('base64url');

/** The stored answer again. What was new the first time is not new any more, so 201 becomes 200. */
const replay = ({ status, body }: { readonly status: number; readonly body: string }): Reply => ({
  type: 'text',
  status: status === 201 ? 200 : status,
  mediaType: 'application/json',
  text: body,
  headers: { 'Idempotency-Replayed': 'true' },
});

/** What keeping keys needs. */
export type IdempotencyPorts = {
  readonly requestKeys: RequestKeys;
  readonly system: Pick<System, 'now'>;
  readonly observer: Observer;
};

/**
 * Carries a request out once for its key, caller and route. When the answer cannot be kept afterwards, it is given all
 * the same: the request's own lasting guard (the one-time cart) makes a repeat harmless.
 */
export const onlyOnce = ({ requestKeys, system, observer }: IdempotencyPorts) => {
  /** A key that stays claimed is free again after a minute; that is worth a line and no refusal. */
  const settle = async (call: TE.TaskEither<RequestKeysError, void>): Promise<void> => {
    const settled = await call();
    if (E.isLeft(settled)) {
      observer.observe({ type: 'role_hindered', role: 'web', reason: settled.left.reason });
    }
  };
  return async (
    exchange: Exchange,
    scope: string,
    body: unknown,
    carryOut: () => Promise<Reply>,
  ): Promise<Reply> => {
    const key = keyOf(exchange);
    if (E.isLeft(key)) return refuse(key.left);
    const use: KeyUse = { scope, key: key.right, bodyHash: hashOf(body) };
    const claimed = await requestKeys.claim(use, system.now())();
    if (E.isLeft(claimed)) return refuse(passing('unavailable'));
    switch (claimed.right.type) {
      case 'other_body':
        return refuse(problem('idempotency_key_reused'));
      case 'in_flight':
        return refuse(passing('request_in_flight'));
      case 'answered':
        return replay(claimed.right.answer);
      case 'claimed':
        break;
    }
    try {
      const reply = await carryOut();
      if (reply.type !== 'json' || reply.status >= 300) {
        await settle(requestKeys.abandon(use));
        return reply;
      }
      await settle(requestKeys.answer(use, { status: reply.status, body: JSON.stringify(reply.value) }));
      return reply;
    } catch (error) {
      await settle(requestKeys.abandon(use));
      throw error;
    }
  };
};
