import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { openJournal } from '../journal.js';
import { systemClock, type Clock } from './clock.js';
import { pageFor } from './page/pages.js';
import { answerCall, isCall } from './protocol/edge.js';
import { openService, type Service } from './service.js';
import { isEntry, type Entry } from './state/change.js';

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

const silent: Log = { info: () => undefined, warn: () => undefined };

/**
 * Starts a server that speaks Amazon SWF's protocol. Rejects with the system's error when the port is taken, and
 * with a message that names file and line when the journal is damaged.
 */
export async function startSwfLocal(options: SwfLocalOptions): Promise<SwfLocal> {
  const { host = '127.0.0.1', dataDirectory, log = silent } = options;
  let started: (service: Service) => void = () => undefined;
  const service = new Promise<Service>((resolve) => (started = resolve));
  const server = createServer((request, response) => {
    service
      .then((ready) => respond(ready, request, response, { log, resettable: dataDirectory === null }))
      .catch((error: unknown) => {
        log.warn({ error }, 'request failed');
        response.destroy();
      });
  });
  // Clients keep connections for their next call; closing them first would fail calls now and then.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  // The port comes first: it keeps a second server from the journal of the first.
  const port = await listen(server, options.port, host);
  let opened: Service;
  let closeJournal: (() => Promise<void>) | null = null;
  try {
    const journal =
      dataDirectory === null ? null : await openJournal({ path: join(dataDirectory, 'swf.journal'), decode });
    closeJournal = journal?.close ?? null;
    opened = openService({
      clock: options.clock ?? systemClock,
      account: options.account ?? '123456789012',
      pollMilliseconds: (options.pollSeconds ?? 60) * 1000,
      entries: journal?.entries ?? [],
      // Without the entries: they are not needed again, and would stay in memory.
      journal: journal && { append: journal.append, compact: journal.compact },
    });
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await closeJournal?.();
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
    await closeJournal?.();
  };
  let closed: Promise<void> | null = null;
  return { url, port, close: () => (closed ??= shut()) };
}

async function respond(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  { log, resettable }: { log: Log; resettable: boolean },
): Promise<void> {
  if (isCall(request)) {
    return answerCall(
      request,
      response,
      (asked) => service.perform(asked),
      (error, action) => log.warn({ error, action }, 'an action failed'),
    );
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'GET' && url.pathname === '/health') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
    return;
  }
  if (request.method === 'POST' && url.pathname === '/_local/reset' && resettable && isLoopback(request)) {
    request.resume();
    service.reset();
    response.writeHead(204).end();
    return;
  }
  const page = request.method === 'GET' ? pageFor(service.regions(), url) : null;
  if (page === null) {
    request.resume();
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n');
    return;
  }
  response.writeHead(page.status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(page.html);
}

function isLoopback(request: IncomingMessage): boolean {
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

function decode(json: unknown): Entry {
  if (!isEntry(json)) throw new Error('not an entry of this journal');
  return json;
}
