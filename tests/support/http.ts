// Serving an application on a free port, and calling it as any program would.
import { createServer } from 'node:http';

/** An application that is served until closed. */
export type Served = { readonly url: string; readonly close: () => Promise<void> };

/** Serves an application on a free port of this machine. */
export const serve = (app: {
  readonly callback: () => Parameters<typeof createServer>[1];
}): Promise<Served> =>
  new Promise((resolve, reject) => {
    const server = createServer(app.callback());
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({
        url: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });

/** An answer with its body as text and, if it is JSON, as a value that tests can look into. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
};

/** A call; `body` is sent as JSON, `text` as it is. */
export type HttpCall = {
  readonly body?: unknown;
  readonly text?: string | Uint8Array<ArrayBuffer>;
  readonly token?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const recordOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
};

/** The headers of a call. */
const headersOf = ({ body, token, key, headers }: HttpCall): Readonly<Record<string, string>> => ({
  ...(body !== undefined && { 'Content-Type': 'application/json' }),
  ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  ...(key !== undefined && { 'Idempotency-Key': key }),
  ...headers,
});

/** Calls `METHOD /path` under an address. */
export const caller =
  (url: string) =>
  async (target: string, call: HttpCall = {}): Promise<HttpAnswer> => {
    const [method = 'GET', path = '/'] = target.split(' ');
    const sent = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const answer = await fetch(url + path, {
      method,
      headers: headersOf(call),
      ...(sent !== undefined && { body: sent }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: recordOf(text) };
  };

/** One server-sent event: its fields, joined. Comments have none. */
export type SentEvent = { readonly id: string | null; readonly data: Readonly<Record<string, unknown>> };

const eventOf = (message: string): readonly SentEvent[] => {
  const field = (name: string): string | null =>
    message
      .split('\n')
      .find((row) => row.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? null;
  const data = field('data');
  return data === null ? [] : [{ id: field('id'), data: recordOf(data) }];
};

/** A stream of server-sent events that is read one by one. */
export type EventReader = {
  readonly status: number;
  readonly headers: Headers;
  /** The next event; null when the stream has ended. */
  readonly next: () => Promise<SentEvent | null>;
  readonly leave: () => void;
};

/** Opens a stream of server-sent events. */
export async function openEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  const leaving = new AbortController();
  const answer = await fetch(url, { headers, signal: leaving.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const queue: SentEvent[] = [];
  let rest = '';
  const next = async (): Promise<SentEvent | null> => {
    for (;;) {
      const ready = queue.shift();
      if (ready !== undefined) return ready;
      const read = await reader?.read();
      if (read === undefined || read.done) return null;
      const messages = (rest + read.value).split('\n\n');
      rest = messages.pop() ?? '';
      queue.push(...messages.flatMap(eventOf));
    }
  };
  return { status: answer.status, headers: answer.headers, next, leave: () => leaving.abort() };
}
