// What every web process of ours has in common: one middleware around all requests, so that every answer, errors
// included, has the same headers, a request id and a problem body, and nothing reaches the framework's own error page.
import Router from '@koa/router';
import Koa from 'koa';
import helmet from 'koa-helmet';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Endpoint, Exchange, Reply } from './endpoint.js';
import { readJson, readRaw } from './json-body.js';
import { passing, type Problem, problem, problemText, statusOf } from './problems.js';
import { isUuid } from './values.js';

/** Settings of a web process. Decisions use the public URL and never what a request says of host or protocol. */
export type HttpSettings = {
  /** Scheme, host and port under which people reach the process; `https:` turns on cookies and HSTS. */
  readonly publicUrl: URL;
  /** Load balancers of ours in front of the process, whose `X-Forwarded-For` entries count; 0 trusts none. */
  readonly proxyHops: number;
  readonly bodyBytes: number;
  /** A body that takes longer is refused. */
  readonly bodyMilliseconds: number;
  /** An answer that takes longer is given up; what was begun may still be carried out. */
  readonly answerMilliseconds: number;
  /** Requests in work at once; more are turned away before the process stalls. */
  readonly mostInFlight: number;
};

/** Settings that fit production; the public URL must come from the configuration. */
export const defaultHttpSettings: Omit<HttpSettings, 'publicUrl'> = {
  proxyHops: 0,
  bodyBytes: 64 * 1024,
  bodyMilliseconds: 10_000,
  answerMilliseconds: 20_000,
  mostInFlight: 512,
};

/** One answered request, for logs and metrics. `route` is the pattern, never the address. */
export type Access = {
  readonly method: string;
  readonly route: string | null;
  readonly status: number;
  readonly milliseconds: number;
  readonly requestId: string;
};

/** A defect: something was thrown that no endpoint expects. The error is for developers and may hold personal data. */
export type Defect = { readonly requestId: string; readonly route: string | null; readonly error: unknown };

/** Who is told of requests; neither may fail or wait. */
export type HttpObserver = {
  readonly accessed: (access: Access) => void;
  readonly failed: (defect: Defect) => void;
};

type State = { requestId: string; route: string | null };
type Context = Koa.ParameterizedContext<State>;

const closing: ReadonlySet<Problem['code']> = new Set(['body_too_large', 'body_too_slow', 'body_cut']);

function writeProblem(context: Context, refused: Problem, challenge?: string): void {
  context.status = statusOf(refused);
  context.set('Content-Type', 'application/problem+json');
  if (challenge !== undefined) context.set('WWW-Authenticate', challenge);
  if (refused.retryAfterSeconds !== undefined) context.set('Retry-After', String(refused.retryAfterSeconds));
  if (closing.has(refused.code)) context.set('Connection', 'close');
  context.body = problemText(refused, context.state.requestId);
}

function write(context: Context, reply: Reply): void {
  switch (reply.type) {
    case 'json':
      context.status = reply.status;
      context.set('Content-Type', 'application/json');
      context.body = JSON.stringify(reply.value);
      break;
    case 'text':
      context.status = reply.status;
      context.set('Content-Type', reply.mediaType);
      context.body = reply.text;
      break;
    case 'events':
      context.status = 200;
      context.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
      context.body = reply.stream;
      break;
    case 'empty':
      context.status = reply.status;
      break;
    case 'problem':
      writeProblem(context, reply.problem, reply.challenge);
      break;
  }
  if ('headers' in reply && reply.headers !== undefined) context.set({ ...reply.headers });
}

/** Each load balancer appends who it was called by, so the caller stands as many places from the end as there are. */
function addressOf({ headers, socket }: IncomingMessage, hops: number): string {
  const own = socket.remoteAddress ?? '';
  if (hops === 0) return own;
  const entries = String(headers['x-forwarded-for'] ?? '').split(',');
  return entries.at(-hops)?.trim().slice(0, 64) || own;
}

const bodyLimits = ({ bodyBytes, bodyMilliseconds }: HttpSettings) => ({
  bytes: bodyBytes,
  milliseconds: bodyMilliseconds,
});

const exchangeOf = (
  context: Context,
  parameters: Exchange['parameters'],
  settings: HttpSettings,
): Exchange => ({
  method: context.method,
  headers: context.req.headers,
  parameters,
  query: context.query,
  requestId: context.state.requestId,
  address: addressOf(context.req, settings.proxyHops),
  readJson: () => readJson(context.req, bodyLimits(settings)),
  readRaw: () => readRaw(context.req, bodyLimits(settings)),
  onClosed: (callback) => {
    if (context.res.closed) callback();
    else context.res.once('close', callback);
  },
});

/** The reply, or `took_too_long` when it does not come in time. */
function within(milliseconds: number, reply: Promise<Reply>): Promise<Reply> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reply>((resolve) => {
    timer = setTimeout(
      () => resolve({ type: 'problem', problem: passing('took_too_long', 5) }),
      milliseconds,
    );
  });
  return Promise.race([reply, late]).finally(() => clearTimeout(timer));
}

const securityHeaders = ({ publicUrl }: HttpSettings): Koa.Middleware =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: publicUrl.protocol === 'https:' && { maxAge: 31_536_000 },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });

const surrounding = (settings: HttpSettings, observer: HttpObserver): Koa.Middleware<State> => {
  let inFlight = 0;
  return async (context, next) => {
    const began = performance.now();
    const asked = context.get('X-Request-Id').toLowerCase();
    const requestId = isUuid(asked) ? asked : randomUUID();
    context.state.requestId = requestId;
    context.state.route = null;
    context.set('X-Request-Id', requestId);
    context.set('Cache-Control', 'no-store');
    context.res.once('close', () => {
      const { route } = context.state;
      const milliseconds = performance.now() - began;
      observer.accessed({
        method: context.method,
        route,
        status: context.res.statusCode,
        milliseconds,
        requestId,
      });
    });
    inFlight += 1;
    try {
      if (inFlight > settings.mostInFlight) writeProblem(context, passing('too_busy'));
      else await next();
    } catch (error) {
      observer.failed({ requestId, route: context.state.route, error });
      writeProblem(context, problem('internal_error'));
    } finally {
      inFlight -= 1;
    }
  };
};

/** Answers what no endpoint took: 405 where another method would have been taken, else 404. */
const nothingHere = (endpoints: readonly Endpoint[]) => (context: Context, matched: readonly string[]) => {
  const methods = endpoints
    .filter(({ description }) => matched.includes(description.path))
    .map(({ description }) => description.method.toUpperCase());
  if (methods.length === 0) return writeProblem(context, problem('not_found'));
  const allowed = [...new Set(methods.includes('GET') ? ['HEAD', ...methods] : methods)];
  context.set('Allow', allowed.join(', '));
  return writeProblem(context, problem('method_not_allowed'));
};

const departures: ReadonlySet<unknown> = new Set([
  ...['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'],
]);
const isDeparture = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && departures.has(error.code);

/** A Koa application of these endpoints. It does not listen. */
export function createHttpApp(
  endpoints: readonly Endpoint[],
  settings: HttpSettings,
  observer: HttpObserver,
): Koa<State> {
  const app = new Koa<State>();
  const router = new Router<State>({ strict: true, sensitive: true });
  for (const { description, run } of endpoints) {
    router[description.method](description.path, async (context) => {
      context.state.route = description.path;
      const exchange = exchangeOf(context, context.params, settings);
      write(context, await within(settings.answerMilliseconds, run(exchange)));
    });
  }
  const refuseUnknown = nothingHere(endpoints);
  app.use(surrounding(settings, observer));
  app.use(securityHeaders(settings));
  app.use(router.routes());
  app.use((context) => {
    const matched: unknown = 'matched' in context ? context.matched : [];
    const paths = Array.isArray(matched) ? matched.map((layer: { path: unknown }) => String(layer.path)) : [];
    refuseUnknown(context, paths);
  });
  // Errors of a connection under way: nobody is left to answer, and a caller who leaves is no defect.
  app.on('error', (error: unknown) => {
    if (!isDeparture(error)) observer.failed({ requestId: '', route: null, error });
  });
  return app;
}
