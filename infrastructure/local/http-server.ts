import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What every local server hands back once it listens. `close` lets requests under way finish, then frees the port; a second call waits for the first. */
export interface LocalServer {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Takes note of something worth a log line; `fields` are plain data without secrets. */
export type LogLine = (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;

/** How a request's body can be unusable: too large to be read, or cut off by the caller. */
export type BodyProblem =
  { readonly type: 'BodyTooLarge'; readonly limitBytes: number } | { readonly type: 'BodyCut' };

/** Answers one request; whatever it throws is answered 500 with an empty body and logged. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Listens on `host` (loopback unless told) and `port` (0 picks a free one). Rejects with the system's error when the port is taken. */
export async function listen(options: {
  readonly host?: string;
  readonly port: number;
  readonly handle: RequestHandler;
  readonly log?: LogLine;
}): Promise<LocalServer> {
  const host = options.host ?? '127.0.0.1';
  const underWay = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const work = options
      .handle(request, response)
      .catch((failure: unknown) => {
        options.log?.('request failed', { path: request.url ?? '', failure: String(failure) });
        if (!response.headersSent) response.writeHead(500);
        response.end();
      })
      .finally(() => underWay.delete(work));
    underWay.add(work);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const port = portOf(server.address());
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // A caller who never finishes its request must not hold the process.
    const impatient = setTimeout(() => server.closeAllConnections(), 2000);
    while (underWay.size > 0) await Promise.all(underWay);
    clearTimeout(impatient);
    server.closeAllConnections();
    await closed;
  };
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${port}`, port, close: () => (closing ??= close()) };
}

function portOf(address: AddressInfo | string | null): number {
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** The whole body as bytes. The rest of a body above the limit is read and thrown away, so that the answer still reaches the caller. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | BodyProblem> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request) {
      if (!Buffer.isBuffer(part)) continue;
      size += part.length;
      if (size <= limitBytes) parts.push(part);
    }
  } catch {
    return { type: 'BodyCut' };
  }
  return size > limitBytes ? { type: 'BodyTooLarge', limitBytes } : Buffer.concat(parts, size);
}

/** Sends a whole answer at once. */
export function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Sends a value as JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(
    response,
    status,
    { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    JSON.stringify(body),
  );
}

/** Sends lines of JSON one after the other at the reader's pace, so that a long list is never held as one text. */
export async function sendLines(response: ServerResponse, lines: Iterable<unknown>): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'cache-control': 'no-store',
  });
  for (const line of lines) {
    if (response.destroyed) return;
    if (!response.write(`${JSON.stringify(line)}\n`)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
