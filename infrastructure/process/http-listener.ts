import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A listening HTTP server. `close` lets requests in work end, for at most a few seconds. */
export type HttpListener = { readonly port: number; readonly close: () => Promise<void> };

/** A port that cannot be listened on, in words for the person who chose it. */
export class PortUnavailable extends Error {
  constructor(
    readonly port: number,
    readonly settingName: string,
    readonly code: string,
  ) {
    super(
      code === 'EADDRINUSE'
        ? `port ${String(port)} is taken by another program; set ${settingName} to a free one`
        : `port ${String(port)} cannot be listened on (${code}); set ${settingName} to another one`,
    );
  }
}

const graceMilliseconds = 3_000;

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });

/** Listens on a port with time-outs that slow clients cannot stretch. Rejects with `PortUnavailable`. */
export const listen = (
  handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  { host, port, settingName }: { readonly host: string; readonly port: number; readonly settingName: string },
): Promise<HttpListener> =>
  new Promise((resolve, reject) => {
    const timeouts = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 };
    const state = { closing: false };
    const server = createServer(timeouts, (request, response) => {
      // A kept connection would go on bringing requests for as long as the server waits for its end.
      if (state.closing) response.setHeader('connection', 'close');
      handler(request, response).catch(() => response.destroy());
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new PortUnavailable(port, settingName, error.code ?? error.message)),
    );
    server.listen(port, host, () => {
      const address = server.address();
      const listening = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        port: listening,
        close: () => {
          state.closing = true;
          return closeServer(server);
        },
      });
    });
  });
