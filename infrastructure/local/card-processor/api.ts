import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from '../faults.js';
import { readBody, send } from '../http-server.js';
import { factsOfRequest, wireFaultKinds, type RequestFaults } from './control/faults.js';
import type { Mishap, Processor } from './processor.js';
import { errorBody, invalidRequest, type ApiError } from './wire/errors.js';
import { alphanumeric } from './wire/ids.js';
import { parametersFromForm } from './wire/parameters.js';

type CardFault = Fault<(typeof wireFaultKinds)[number]>;

/** Answers `/v1/…` requests: reads the wire, checks the secret key, applies a fault that was asked for, and writes the reply. */
export function apiHandler(options: {
  readonly processor: Processor;
  readonly secretKey: string;
  readonly faults: RequestFaults;
  /** Resolves after so many milliseconds, or at once when the server is closing. */
  readonly wait: (milliseconds: number) => Promise<void>;
}): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> {
  return async (request, response, url) => {
    const id = `req_${alphanumeric(randomBytes(16).toString('hex')).slice(0, 14)}`;
    const method = request.method ?? 'GET';
    const idempotencyKey = method === 'POST' ? headerText(request, 'idempotency-key') : null;
    const reply = (status: number, body: string, extra: Readonly<Record<string, string>> = {}): void => {
      const version = headerText(request, 'stripe-version');
      const headers = {
        'content-type': 'application/json',
        'cache-control': 'no-cache, no-store',
        'request-id': id,
        ...(version === null ? {} : { 'stripe-version': version }),
        ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
        ...extra,
      };
      send(response, status, headers, body);
    };
    const refuse = (error: ApiError): void => reply(error.status, JSON.stringify(errorBody(error)));

    const body = await readBody(request, 1_048_576);
    const unknownCaller = keyProblem(request, options.secretKey);
    if (unknownCaller !== null) return refuse(unknownCaller);
    if (!Buffer.isBuffer(body))
      return refuse(invalidRequest('The request body cannot be read', { status: 413 }));

    const parameters = parametersFromForm(method === 'POST' ? body.toString('utf8') : url.search.slice(1));
    const asked = { id, method, path: url.pathname, parameters, idempotencyKey };
    const fault = options.faults.take(factsOfRequest(options.processor.state, asked), wireFaultKinds);
    const early = fault === null ? null : refusedBeforehand(fault);
    if (early !== null) return refuse(early);
    const answer = await options.processor.answer(asked, mishapOf(fault, options.wait));
    if (fault?.kind === 'lose_reply_after_effect') {
      response.destroy();
      return;
    }
    reply(
      answer.status,
      answer.body,
      answer.replayOf === null ? {} : { 'idempotent-replayed': 'true', 'original-request': answer.replayOf },
    );
  };
}

function refusedBeforehand(fault: CardFault): ApiError | null {
  if (fault.kind === 'error_429')
    return {
      status: 429,
      type: 'invalid_request_error',
      code: 'rate_limit',
      message: 'Too many requests; try again later',
    };
  if (fault.kind === 'conflict_409')
    return {
      status: 409,
      type: 'invalid_request_error',
      code: 'idempotency_key_in_use',
      message: 'A request with this idempotency key is still under way',
    };
  return null;
}

function mishapOf(fault: CardFault | null, wait: (milliseconds: number) => Promise<void>): Mishap {
  const nothing = (): Promise<void> => Promise.resolve();
  if (fault === null) return { before: nothing, after: nothing, error500: null };
  const pause = (): Promise<void> => wait(fault.delayMilliseconds);
  const error500 = fault.kind !== 'error_500' ? null : fault.afterEffect ? 'AfterEffect' : 'InsteadOfEffect';
  return {
    before: fault.afterEffect ? nothing : pause,
    after: fault.afterEffect ? pause : nothing,
    error500,
  };
}

function keyProblem(request: IncomingMessage, secretKey: string): ApiError | null {
  const authorization = headerText(request, 'authorization') ?? '';
  const [scheme = '', credentials = ''] = authorization.split(' ');
  const given =
    scheme.toLowerCase() === 'basic'
      ? (Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? '')
      : credentials;
  if (given === '')
    return invalidRequest('No API key was given: send it as Bearer token or as Basic user name', {
      status: 401,
    });
  const same = timingSafeEqual(digest(given), digest(secretKey));
  return same ? null : invalidRequest(`This API key is not known: ${given.slice(0, 8)}…`, { status: 401 });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function headerText(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
