// Bearer secrets in headers, and how a missing or wrong one is answered.
import * as E from 'fp-ts/lib/Either.js';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Exchange, Guard, Reply } from './endpoint.js';
import { type ProblemCode, problem } from './problems.js';

/** The secret of an `Authorization: Bearer` header; null when there is none of at most 512 characters. */
export function bearerOf({ headers }: Exchange): string | null {
  const match = /^Bearer ([A-Za-z0-9._~+/-]{1,512}=*)$/i.exec(headers.authorization ?? '');
  return match?.[1] ?? null;
}

/** A 401 with the challenge that HTTP asks for. */
export const unauthorised = (code: ProblemCode): Reply => ({
  type: 'problem',
  problem: problem(code),
  challenge: 'Bearer',
});

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The only form in which the secret of a device is stored or looked up: SHA-256 in hexadecimal. */
export const deviceSecretHash = (secret: string): string => digest(secret).toString('hex');

/** The operator: whoever holds the key. Compared in constant time. */
export function operatorGuard(key: string): Guard<'operator'> {
  const expected = digest(key);
  return {
    schemes: ['operator'],
    problems: ['operator_key_needed'],
    admit: (exchange) => {
      const given = bearerOf(exchange);
      const isRight = given !== null && timingSafeEqual(digest(given), expected);
      return Promise.resolve(isRight ? E.right('operator') : E.left(unauthorised('operator_key_needed')));
    },
  };
}
