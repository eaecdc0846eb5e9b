// An endpoint as data: what it takes, what it answers, who may call it, and the function that does it. The router and
// /openapi.json are made from the same list.
import * as E from 'fp-ts/lib/Either.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { type Codec, decode, type JsonSchema } from './codecs.js';
import { fieldsInvalid, type Problem, type ProblemCode } from './problems.js';

/** One request as an endpoint sees it. `requestId` is a UUID and travels on as the correlation id. */
export type Exchange = {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly requestId: string;
  /** The caller's network address, as far as our own load balancers vouch for it. */
  readonly address: string;
  readonly readJson: () => Promise<E.Either<Problem, unknown>>;
  /** The body's bytes as they came, for signatures; either this or `readJson`, once. */
  readonly readRaw: () => Promise<E.Either<Problem, Buffer>>;
  /** Calls back once the caller is gone or was answered. */
  readonly onClosed: (callback: () => void) => void;
};

/** What an endpoint answers. */
export type Reply =
  | {
      readonly type: 'json';
      readonly status: number;
      readonly value: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'text';
      readonly status: number;
      readonly mediaType: string;
      readonly text: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'events'; readonly stream: Readable }
  | { readonly type: 'empty'; readonly status: 204; readonly headers?: Readonly<Record<string, string>> }
  | { readonly type: 'problem'; readonly problem: Problem; readonly challenge?: string };

/** A status with the shape of its body. `reply` is the only way to answer with it, so that the description holds. */
export type Answer<Value> = {
  readonly status: number;
  readonly description: string;
  readonly mediaType: string;
  readonly schema: JsonSchema | null;
  readonly reply: (value: Value, headers?: Readonly<Record<string, string>>) => Reply;
};
type DescribedAnswer = Omit<Answer<unknown>, 'reply'>;

/** A JSON answer. */
export const jsonAnswer = <Value>(
  status: number,
  description: string,
  { schema }: Codec<Value>,
): Answer<Value> => ({
  status,
  description,
  mediaType: 'application/json',
  schema,
  reply: (value, headers) => ({ type: 'json', status, value, ...(headers && { headers }) }),
});

/** An answer without a body. */
export const emptyAnswer = (description: string): Answer<void> => ({
  status: 204,
  description,
  mediaType: '',
  schema: null,
  reply: (_, headers) => ({ type: 'empty', status: 204, ...(headers && { headers }) }),
});

/** A problem as a reply. */
export const refuse = (refused: Problem): Reply => ({ type: 'problem', problem: refused });

/** Who may call: finds the caller of a request, or says why not. `scheme` names the credential in the description. */
export type Guard<Caller> = {
  readonly schemes: readonly string[];
  readonly problems: readonly ProblemCode[];
  readonly admit: (exchange: Exchange) => Promise<E.Either<Reply, Caller>>;
};

/** Everybody. */
export const anyone: Guard<null> = {
  schemes: [],
  problems: [],
  admit: () => Promise.resolve(E.right(null)),
};

/** What an endpoint says of itself. */
export type EndpointDescription = {
  readonly method: 'get' | 'post' | 'delete';
  /** Pattern with `:names`, as the router takes it. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly schemes: readonly string[];
  readonly body: JsonSchema | null;
  readonly query: JsonSchema | null;
  /** Request headers that the endpoint reads, with whether they are needed. */
  readonly headers: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly description: string;
  }[];
  readonly answers: readonly DescribedAnswer[];
  readonly problems: readonly ProblemCode[];
};

/** An endpoint ready to be mounted. */
export type Endpoint = {
  readonly description: EndpointDescription;
  readonly run: (exchange: Exchange) => Promise<Reply>;
};

type Definition<Caller> = {
  readonly guard: Guard<Caller>;
  readonly method: EndpointDescription['method'];
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly headers?: EndpointDescription['headers'];
  readonly answers: readonly DescribedAnswer[];
  readonly problems: readonly ProblemCode[];
};

const describe = (
  { guard, method, path, id, summary, headers, answers, problems }: Definition<unknown>,
  parts: { readonly body: JsonSchema | null; readonly query: JsonSchema | null },
): EndpointDescription => ({
  ...{ method, path, id, summary, answers, schemes: guard.schemes, headers: headers ?? [] },
  ...parts,
  problems: [...new Set([...guard.problems, ...problems])],
});

const bodyProblems: readonly ProblemCode[] = [
  ...(['body_not_json', 'body_too_deep', 'body_cut', 'body_too_slow', 'body_too_large'] as const),
  ...(['media_type_not_supported', 'fields_invalid', 'card_number_not_accepted'] as const),
];

/** An endpoint that takes a JSON body. The caller is admitted first; then the whole body must be right. */
export const takingBody = <Caller, Body>(
  definition: Definition<Caller> & {
    readonly body: Codec<Body>;
    readonly handle: (exchange: Exchange, caller: Caller, body: Body) => Promise<Reply>;
  },
): Endpoint => ({
  description: describe(
    { ...definition, problems: [...definition.problems, ...bodyProblems] },
    { body: definition.body.schema, query: null },
  ),
  run: async (exchange) => {
    const caller = await definition.guard.admit(exchange);
    if (E.isLeft(caller)) return caller.left;
    const json = await exchange.readJson();
    if (E.isLeft(json)) return refuse(json.left);
    const body = decode(definition.body, json.right);
    if (E.isLeft(body)) return refuse(fieldsInvalid(body.left));
    return definition.handle(exchange, caller.right, body.right);
  },
});

/** An endpoint that takes query parameters, each at most once, and no other ones. */
export const takingQuery = <Caller, Query>(
  definition: Definition<Caller> & {
    readonly query: Codec<Query>;
    readonly handle: (exchange: Exchange, caller: Caller, query: Query) => Promise<Reply>;
  },
): Endpoint => ({
  description: describe(
    { ...definition, problems: [...definition.problems, 'fields_invalid'] },
    { body: null, query: definition.query.schema },
  ),
  run: async (exchange) => {
    const caller = await definition.guard.admit(exchange);
    if (E.isLeft(caller)) return caller.left;
    const query = decode(definition.query, { ...exchange.query });
    if (E.isLeft(query)) return refuse(fieldsInvalid(query.left));
    return definition.handle(exchange, caller.right, query.right);
  },
});

/** An endpoint that takes nothing but its path and headers. */
export const takingNothing = <Caller>(
  definition: Definition<Caller> & {
    readonly handle: (exchange: Exchange, caller: Caller) => Promise<Reply>;
  },
): Endpoint => ({
  description: describe(definition, { body: null, query: null }),
  run: async (exchange) => {
    const caller = await definition.guard.admit(exchange);
    return E.isLeft(caller) ? caller.left : definition.handle(exchange, caller.right);
  },
});

/** An endpoint for another service's signed notices: takes the body as it came, whatever its type. */
export const takingRaw = <Caller>(
  definition: Definition<Caller> & {
    readonly handle: (exchange: Exchange, caller: Caller, body: Buffer) => Promise<Reply>;
  },
): Endpoint => ({
  description: describe(
    { ...definition, problems: [...definition.problems, 'body_cut', 'body_too_slow', 'body_too_large'] },
    { body: {}, query: null },
  ),
  run: async (exchange) => {
    const caller = await definition.guard.admit(exchange);
    if (E.isLeft(caller)) return caller.left;
    const body = await exchange.readRaw();
    return E.isLeft(body) ? refuse(body.left) : definition.handle(exchange, caller.right, body.right);
  },
});
