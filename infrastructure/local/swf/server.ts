import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { lockFolder } from './options/folder-lock.js';
import { openAuthoriser, type Policies } from './options/authorisation/authoriser.js';
import { systemClock, type Clock } from './clock.js';
import { openFaultBook, type FaultBook, type FaultPlan } from './options/faults/book.js';
import { serveFaults } from './options/faults/control.js';
import { openInjector } from './options/faults/injector.js';
import { performGuarded, type Guards } from './options/guard.js';
import { servePage } from './page/pages.js';
import { answerCall, isCall } from './protocol/edge.js';
import type { Quotas } from './options/quotas/aws.js';
import { openThrottle } from './options/quotas/throttle.js';
import { openService, type Service } from './service.js';
import { openStorage } from './storage/storage.js';

/** What the server is started with. */
export interface SwfLocalOptions {
  /** Where to listen; default 127.0.0.1. */
  readonly host?: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where the journal lies; null keeps everything in memory. */
  readonly dataDirectory: string | null;
  /** How long a long poll is held; default 60. */
  readonly pollSeconds?: number;
  /** The account that stands in ARNs; default 123456789012. */
  readonly account?: string;
  /** How fast calls and decisions may come; without it nothing is throttled. */
  readonly quotas?: Quotas;
  /** What goes wrong from the start; more can be added at `/_local/faults`. */
  readonly faults?: FaultPlan;
  /** Who may do what; without it everybody may do everything. */
  readonly policies?: Policies;
  /** How many useless events in the journal make it be rewritten; default 20,000. */
  readonly compactAfter?: number;
  readonly clock?: Clock;
  readonly log?: Log;
}

export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** A running server. */
export interface SwfLocal {
  readonly url: string;
  readonly port: number;
  /** Answers open polls with nothing, finishes what is under way and closes the journal. Repeats do nothing more. */
  close(): Promise<void>;
}

/** What is behind the port. */
interface Parts {
  readonly service: Service;
  readonly guards: Guards;
  readonly faults: FaultBook;
  readonly log: Log;
  readonly resettable: boolean;
}

const silent: Log = { info: () => undefined, warn: () => undefined };

/**
 * Starts a server that speaks Amazon SWF's protocol. Rejects with the system's error when the port is taken, and
 * with a message that names file and line when the journal is damaged, and with FolderInUse while another server
 * holds the data folder.
 */
export async function startSwfLocal(options: SwfLocalOptions): Promise<SwfLocal> {
  const { host = '127.0.0.1', dataDirectory, log = silent, clock = systemClock } = options;
  const account = options.account ?? '123456789012';
  const faults = openFaultBook(options.faults ?? { seed: 1, faults: [] });
  const guards: Guards = {
    authoriser: options.policies === undefined ? null : openAuthoriser(options.policies, account),
    throttle: options.quotas === undefined ? null : openThrottle(options.quotas, () => clock.now()),
    injector: openInjector(faults, clock),
  };
  let started: (service: Service) => void = () => undefined;
  const service = new Promise<Service>((resolve) => (started = resolve));
  const server = createServer((request, response) => {
    service
      .then((ready) =>
        respond(
          { service: ready, guards, faults, log, resettable: dataDirectory === null },
          request,
          response,
        ),
      )
      .catch((error: unknown) => {
        log.warn({ error }, 'request failed');
        response.destroy();
      });
  });
  // Clients keep connections for their next call; closing them first would fail calls now and then.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  // The port comes first: a second server on it shall leave the data of the first alone.
  const port = await listen(server, options.port, host);
  let opened: Service;
  let unlock: (() => Promise<void>) | null = null;
  let closeStorage: (() => Promise<void>) | null = null;
  try {
    if (dataDirectory !== null) unlock = await lockFolder(dataDirectory, 'swf');
    const storage = dataDirectory === null ? null : await openStorage(dataDirectory, log);
    closeStorage = storage?.close ?? null;
    opened = openService({
      clock,
      account,
      pollMilliseconds: (options.pollSeconds ?? 60) * 1000,
      entries: storage?.entries() ?? [],
      journal: storage?.journal ?? null,
      archive: storage?.archive ?? null,
      ...(options.compactAfter === undefined ? {} : { compactAfter: options.compactAfter }),
    });
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await closeStorage?.();
    await unlock?.();
    throw error;
  }
  started(opened);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  log.info({ url, dataDirectory }, 'SWF Local is listening');

  const shut = async (): Promise<void> => {
    opened.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // A connection goes as soon as its answer is out; after half a second all go.
    const sweep = setInterval(() => server.closeIdleConnections(), 10);
    const deadline = setTimeout(() => server.closeAllConnections(), 500);
    await closed;
    clearInterval(sweep);
    clearTimeout(deadline);
    await closeStorage?.();
    await unlock?.();
  };
  let closed: Promise<void> | null = null;
  return { url, port, close: () => (closed ??= shut()) };
}

async function respond(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { service, guards, faults, log, resettable } = parts;
  if (isCall(request)) {
    const origin = {
      get accessKeyId() {
        return accessKeyOf(request);
      },
      line: { cut: () => request.socket.destroy() },
    };
    return answerCall(
      request,
      response,
      (asked) => performGuarded(service, guards, asked, origin),
      (error, action) => log.warn({ error, action }, 'an action failed'),
    );
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/_local/faults' && isLocal(request)) return serveFaults(faults, request, response);
  request.resume();
  if (request.method === 'GET' && url.pathname === '/health') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
  } else if (
    request.method === 'POST' &&
    url.pathname === '/_local/reset' &&
    resettable &&
    isLocal(request)
  ) {
    service.reset();
    response.writeHead(204).end();
  } else if (request.method !== 'GET' || !servePage(service, url, request, response)) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n');
  }
}

/** The first part of the credential: Credential=KEY/DATE/REGION/swf/aws4_request. */
function accessKeyOf(request: IncomingMessage): string | null {
  return /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** From this machine, and not from a page that some other site has opened in a browser here. */
function isLocal(request: IncomingMessage): boolean {
  if (request.headers.origin !== undefined) return false;
  const address = request.socket.remoteAddress ?? '';
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
