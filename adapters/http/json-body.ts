// Reading a JSON body: bounded in size, time and depth, valid UTF-8, nothing compressed. Duplicate keys count as their
// last; a key such as __proto__ is an ordinary one here and no codec knows it.
import * as E from 'fp-ts/lib/Either.js';
import type { IncomingMessage } from 'node:http';
import { type Problem, problem } from './problems.js';

/** Limits of a body. */
export type BodyLimits = { readonly bytes: number; readonly milliseconds: number };

const deepest = 10;
/** A body up to this many times too large is read to its end and thrown away, so that the answer reaches the caller. */
const drainedTimes = 16;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const jsonType = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

function readBytes(
  request: IncomingMessage,
  { bytes, milliseconds }: BodyLimits,
): Promise<E.Either<Problem, Buffer>> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > bytes * drainedTimes) return Promise.resolve(E.left(problem('body_too_large')));
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    const settle = (outcome: E.Either<Problem, Buffer>): void => {
      clearTimeout(timer);
      request.off('data', take).off('end', finish).off('error', cut).off('close', cut);
      resolve(outcome);
    };
    const take = (part: Buffer): void => {
      size += part.length;
      if (size > bytes * drainedTimes) settle(E.left(problem('body_too_large')));
      else if (size <= bytes) parts.push(part);
    };
    const finish = (): void =>
      settle(size > bytes ? E.left(problem('body_too_large')) : E.right(Buffer.concat(parts, size)));
    const cut = (): void => settle(E.left(problem('body_cut')));
    const timer = setTimeout(() => settle(E.left(problem('body_too_slow'))), milliseconds);
    request.on('data', take).on('end', finish).on('error', cut).on('close', cut);
  });
}

/** True when brackets outside texts nest deeper than allowed; costs one pass and no recursion. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inText) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) inText = false;
    } else if (code === 0x22) inText = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** The bytes of a request's body as they came, for signatures; or the problem with them. */
export const readRaw = readBytes;

function parse(bytes: Buffer): E.Either<Problem, unknown> {
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch {
    return E.left(problem('body_not_json'));
  }
  if (isTooDeep(text)) return E.left(problem('body_too_deep'));
  try {
    const value: unknown = JSON.parse(text);
    return E.right(value);
  } catch {
    return E.left(problem('body_not_json'));
  }
}

const isPlainJson = ({ headers }: IncomingMessage): boolean =>
  jsonType.test(headers['content-type'] ?? '') && (headers['content-encoding'] ?? 'identity') === 'identity';

/**
 * The JSON value of a request's body, or the problem with it. No body at all is an empty object, so that a request
 * without fields needs none.
 */
export async function readJson(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<E.Either<Problem, unknown>> {
  const isEmpty =
    request.headers['transfer-encoding'] === undefined &&
    Number(request.headers['content-length'] ?? 0) === 0;
  if (isEmpty) return E.right({});
  if (!isPlainJson(request)) return E.left(problem('media_type_not_supported'));
  const bytes = await readBytes(request, limits);
  return E.isLeft(bytes) ? bytes : parse(bytes.right);
}
