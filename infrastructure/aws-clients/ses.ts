// The connection to Amazon SES, for the mail workers alone.
import { SESClient } from '@aws-sdk/client-ses';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

// The pinned client announces on every start that its later releases will need a newer Node; the pin is our answer.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Where SES is and as whom to call it. Without `endpoint`: AWS; without `credentials`: the SDK's own chain. */
export type SesConnection = {
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How long an answer may take, in milliseconds; 10 s unless told. */
  readonly timeoutMilliseconds?: number;
};

/** Opens the client; nothing is sent yet. It never repeats a call: SES would deliver the mail twice. */
export const openSesClient = (connection: SesConnection): SESClient => {
  const { endpoint, region, credentials, timeoutMilliseconds } = connection;
  return new SESClient({
    region,
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: timeoutMilliseconds ?? 10_000,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 50 }),
      httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 50 }),
    }),
  });
};
