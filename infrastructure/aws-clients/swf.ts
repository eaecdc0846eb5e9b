// Connections to Amazon SWF. A poll holds its connection for a minute, so polls and other calls get an agent each: a
// sign of life that waited for a free connection would come too late.
import { SWFClient } from '@aws-sdk/client-swf';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

// The pinned client announces on every start that its later releases will need a newer Node; the pin is our answer.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Where SWF is and as whom to call it. Without `endpoint`: AWS; without `credentials`: the SDK's own chain. */
export type SwfConnection = {
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Most connections of the pollers' client, so also most polls that are open at once. */
  readonly maxSockets: number;
};

/** The two clients of one process; `close` ends both and whatever is still under way. */
export type SwfClients = {
  readonly poller: SWFClient;
  readonly caller: SWFClient;
  readonly close: () => void;
};

const callerSockets = 50;
/** SWF holds a poll for 60 s; what takes longer is lost. */
const pollMilliseconds = 75_000;
const callMilliseconds = 5_000;

const open = (
  { endpoint, region, credentials }: SwfConnection,
  requestTimeout: number,
  maxSockets: number,
  maxAttempts: number,
): SWFClient => {
  const client = new SWFClient({
    region,
    maxAttempts,
    // The same few commands are sent thousands of times; their middleware need not be put together anew each time.
    cacheMiddleware: true,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets }),
      httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets }),
    }),
  });
  // It walks every history for a log that nobody keeps.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
};

/**
 * Opens the clients; nothing is sent yet. The poller does not repeat a failed poll by itself: the loops wait and poll
 * again. The caller repeats once, which every call of ours allows.
 */
export const openSwfClients = (connection: SwfConnection): SwfClients => {
  const poller = open(connection, pollMilliseconds, connection.maxSockets, 1);
  const caller = open(connection, callMilliseconds, callerSockets, 2);
  return {
    poller,
    caller,
    close: () => {
      poller.destroy();
      caller.destroy();
    },
  };
};
