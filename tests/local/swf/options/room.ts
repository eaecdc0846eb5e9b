import { SWFClient, type SWFServiceException } from '@aws-sdk/client-swf';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { onTestFinished } from 'vitest';
import {
  startSwfLocal,
  type SwfLocal,
  type SwfLocalOptions,
} from '../../../../infrastructure/local/swf/server.js';
import { virtualClock, type VirtualClock } from '../support/virtual-clock.js';

/** The account that the server under test stands in. */
export const account = '123456789012';
/** The region that clients address unless told otherwise. */
export const region = 'eu-west-2';

/** A server with options, in memory under a virtual clock unless told otherwise; it goes with the test. */
export async function serverWith(
  options: Partial<SwfLocalOptions> = {},
): Promise<{ server: SwfLocal; clock: VirtualClock; url: string }> {
  const clock = virtualClock();
  const server = await startSwfLocal({ port: 0, dataDirectory: null, clock, ...options });
  onTestFinished(() => server.close());
  return { server, clock, url: server.url };
}

/** A client of one caller; it goes with the test. */
export function clientAs(
  url: string,
  accessKeyId: string,
  settings: { region?: string; maxAttempts?: number; retryMode?: string } = {},
): SWFClient {
  const client = new SWFClient({
    endpoint: url,
    region,
    credentials: { accessKeyId, secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
    ...settings,
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** The refusal of a call, as the SDK tells it; fails when the call succeeds. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ name: string; message: string; status: number }> {
  const outcome = await call.then(
    () => 'done' as const,
    (error: unknown) => error,
  );
  if (!isServiceError(outcome)) throw new Error(`no refusal: ${String(outcome)}`);
  return { name: outcome.name, message: outcome.message, status: outcome.$metadata.httpStatusCode ?? 0 };
}

function isServiceError(value: unknown): value is SWFServiceException {
  return value instanceof Error && '$metadata' in value;
}
