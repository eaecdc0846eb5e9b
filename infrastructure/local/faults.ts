import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { readBody, sendJson } from './http-server.js';

/** A fault as asked for: what goes wrong, for which requests, how often. */
export interface Fault<Kind extends string> {
  readonly id: number;
  readonly kind: Kind;
  /** Every named field must agree; text ending in `*` matches what begins with the rest. Nothing named matches every request. */
  readonly match: Readonly<Record<string, string>>;
  /** How many matching requests it still hits; at 0 it is spent and forgotten. */
  readonly timesLeft: number;
  readonly delayMilliseconds: number;
  /** Whether the effect happens before the fault is felt. */
  readonly afterEffect: boolean;
  /** What some kinds need to know besides, such as with which code to decline; null when not given. */
  readonly code: string | null;
}

/** The faults that are waiting for their requests. Kept in memory only: a restarted server is healthy. */
export interface FaultBook<Kind extends string> {
  /** The oldest fault that fits a request, used up once by this call; null when none fits. `among` leaves other kinds waiting. */
  readonly take: <Among extends Kind = Kind>(
    request: Readonly<Record<string, string>>,
    among?: readonly Among[],
  ) => Fault<Among> | null;
  /** Lists with GET, adds with POST (201 and the fault, 400 with what is wrong), forgets all with DELETE. */
  readonly serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

const requested = t.intersection([
  t.type({ kind: t.string }),
  t.partial({
    match: t.record(t.string, t.string),
    times: t.number,
    delayMilliseconds: t.number,
    afterEffect: t.boolean,
    code: t.string,
  }),
]);
const known = ['kind', 'match', 'times', 'delayMilliseconds', 'afterEffect', 'code'];

/**
 * Faults on command for one server.
 * @param kinds what this server can be told to do
 * @param fields what a request can be matched by; `metadata.*` stands for every name that begins with `metadata.`
 * @param codeProblem what is wrong with the code that a fault of this kind comes with (null: none came), null when nothing is
 */
export function openFaultBook<Kind extends string>(
  kinds: readonly Kind[],
  fields: readonly string[],
  codeProblem: (kind: Kind, code: string | null) => string | null = () => null,
): FaultBook<Kind> {
  let waiting: readonly Fault<Kind>[] = [];
  let lastId = 0;

  const take = <Among extends Kind>(
    request: Readonly<Record<string, string>>,
    among?: readonly Among[],
  ): Fault<Among> | null => {
    const wanted = (fault: Fault<Kind>): fault is Fault<Among> =>
      among === undefined || among.some((kind) => kind === fault.kind);
    const found = waiting.filter(wanted).find((fault) => fits(fault.match, request));
    if (found === undefined) return null;
    waiting = waiting
      .map((fault) => (fault.id === found.id ? { ...fault, timesLeft: fault.timesLeft - 1 } : fault))
      .filter((fault) => fault.timesLeft > 0);
    return found;
  };

  const add = (json: unknown): Fault<Kind> | string => {
    const decoded = requested.decode(json);
    if (isLeft(decoded))
      return 'a fault is a JSON object with kind, and optionally match (name to text), times, delayMilliseconds, afterEffect, code';
    const wish = decoded.right;
    const unknownField = Object.keys(wish).find((name) => !known.includes(name));
    if (unknownField !== undefined) return `a fault has ${known.join(', ')}, not ${unknownField}`;
    const kind = kinds.find((one) => one === wish.kind);
    if (kind === undefined) return `kind is one of ${kinds.join(', ')}`;
    const stranger = Object.keys(wish.match ?? {}).find((name) => !matchable(fields, name));
    if (stranger !== undefined) return `match knows ${fields.join(', ')}, not ${stranger}`;
    const times = wish.times ?? 1;
    if (!Number.isSafeInteger(times) || times < 1) return 'times is a whole number from 1';
    const delayMilliseconds = wish.delayMilliseconds ?? 0;
    if (!Number.isSafeInteger(delayMilliseconds) || delayMilliseconds < 0 || delayMilliseconds > 600_000)
      return 'delayMilliseconds is a whole number from 0 to 600000';
    const wrongCode = codeProblem(kind, wish.code ?? null);
    if (wrongCode !== null) return wrongCode;
    lastId += 1;
    const fault = {
      id: lastId,
      kind,
      match: wish.match ?? {},
      timesLeft: times,
      delayMilliseconds,
      afterEffect: wish.afterEffect ?? false,
      code: wish.code ?? null,
    };
    waiting = [...waiting, fault];
    return fault;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') return sendJson(response, 200, { faults: waiting });
    if (request.method === 'DELETE') {
      waiting = [];
      return sendJson(response, 200, { faults: [] });
    }
    if (request.method !== 'POST') return sendJson(response, 405, { problem: 'use GET, POST or DELETE' });
    const body = await readBody(request, 65_536);
    const added = Buffer.isBuffer(body) ? add(jsonOf(body)) : 'the body cannot be read';
    if (typeof added === 'string') return sendJson(response, 400, { problem: added });
    sendJson(response, 201, added);
  };

  return { take, serve };
}

function matchable(fields: readonly string[], name: string): boolean {
  return fields.some((field) =>
    field.endsWith('.*') ? name.startsWith(field.slice(0, -1)) : field === name,
  );
}

function fits(match: Readonly<Record<string, string>>, request: Readonly<Record<string, string>>): boolean {
  return Object.entries(match).every(([name, wanted]) => {
    const actual = request[name] ?? '';
    return wanted.endsWith('*') ? actual.startsWith(wanted.slice(0, -1)) : actual === wanted;
  });
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
