import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as t from 'io-ts';
import * as E from 'fp-ts/lib/Either.js';

/** An answer of an HTTP API with its body as decoded JSON (null when it is empty or no JSON). */
export type Answer = { readonly status: number; readonly body: unknown };

/** A call to an API under one address. Calls that may be repeated without harm are, until an answer comes. */
export type ApiCall = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

const parse = (text: string): unknown => {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
};

const send = (agent: Agent, baseUrl: string, call: ApiCall): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const payload = call.body === undefined ? null : JSON.stringify(call.body);
    const headers = {
      accept: 'application/json',
      ...(payload === null
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }),
      ...call.headers,
    };
    const sent = request(`${baseUrl}${call.path}`, { method: call.method, agent, headers, timeout: 30_000 });
    sent.on('timeout', () => sent.destroy(new Error('no answer within 30 s')));
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString('utf8')) }),
      );
    });
    sent.end(payload ?? undefined);
  });

/** The API did not answer for the whole patience of its caller. */
export class ApiUnreachable extends Error {}

/** Milliseconds between two tries of a call. */
const pauseMilliseconds = 250;

/**
 * A caller of one API. A call without an answer (refused, cut off, 503) is repeated for up to `patienceSeconds`: all
 * calls of the player are idempotent, which is what they are there to show.
 */
export const createApiClient = (baseUrl: string, patienceSeconds: number) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return {
    call: async (call: ApiCall): Promise<Answer> => {
      const patience = Date.now() + patienceSeconds * 1000;
      for (;;) {
        const answer = await send(agent, baseUrl, call).catch(() => null);
        if (answer !== null && answer.status !== 503) return answer;
        if (Date.now() > patience) throw new ApiUnreachable(`${baseUrl} does not answer`);
        await sleep(pauseMilliseconds);
      }
    },
    close: () => agent.destroy(),
  };
};

/** A caller of one API. */
export type ApiClient = ReturnType<typeof createApiClient>;

/** An answer that is not what the API promises; a defect of one side. */
export class UnexpectedAnswer extends Error {}

/** Reads an answer's body; throws `UnexpectedAnswer` with the status and the fields that differ. */
export const bodyOf = <Body>(codec: t.Type<Body, unknown>, answer: Answer, what: string): Body => {
  const decoded = codec.decode(answer.body);
  if (E.isRight(decoded)) return decoded.right;
  const fields = decoded.left.map(({ context }) => context.map(({ key }) => key).join('/')).slice(0, 3);
  throw new UnexpectedAnswer(`${what}: status ${String(answer.status)}, fields ${fields.join(', ')}`);
};
