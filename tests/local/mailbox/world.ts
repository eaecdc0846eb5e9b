// A mailbox of its own for each test, with clients in the real protocol. The clock stands still unless a test moves it.
import {
  SendEmailCommand,
  SESClient,
  SESServiceException,
  type SendEmailCommandInput,
} from '@aws-sdk/client-ses';
import { expect } from 'vitest';
import type { LocalServer } from '../../../infrastructure/local/http-server.js';
import type { ShownMail } from '../../../infrastructure/local/mailbox/browse.js';
import { startMailbox, type MailboxOptions } from '../../../infrastructure/local/mailbox/server.js';

/** When a mailbox's clock starts, in milliseconds since 1970. */
export const start = Date.UTC(2026, 0, 5, 9);

/** A mailbox under test; `now` may be moved. */
export type MailboxUnderTest = {
  now: number;
  readonly server: LocalServer;
  readonly ses: SESClient;
  readonly mails: (query?: string) => Promise<{ mails: ShownMail[]; next: number | null }>;
  /** Posts JSON to a path and answers the status. */
  readonly postJson: (path: string, body: unknown) => Promise<number>;
  readonly close: () => Promise<void>;
};

/** Starts a mailbox, in memory unless told. */
export async function openMailbox(options: Partial<MailboxOptions> = {}): Promise<MailboxUnderTest> {
  const clock = { now: start };
  const server = await startMailbox({ port: 0, dataDirectory: null, clock: () => clock.now, ...options });
  const ses = new SESClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return Object.assign(clock, {
    server,
    ses,
    mails: async (query = '') => {
      const response = await fetch(`${server.url}/api/mails${query}`);
      expect(response.status).toBe(200);
      const body: { mails: ShownMail[]; next: number | null } = await response.json();
      return body;
    },
    postJson: async (path: string, body: unknown) =>
      (await fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(body) })).status,
    close: async () => {
      ses.destroy();
      await server.close();
    },
  });
}

/** The confirmation of an order, with its tags. */
export function confirmation(order: string, change: Partial<SendEmailCommandInput> = {}): SendEmailCommand {
  return new SendEmailCommand({
    Source: 'Shop <orders@shop.example>',
    Destination: { ToAddresses: ['ada@customer.example'] },
    Message: {
      Subject: { Data: `Your order ${order} – £35.64 & more`, Charset: 'UTF-8' },
      Body: {
        Text: { Data: 'Thank you, Zoë.', Charset: 'UTF-8' },
        Html: { Data: '<p>Thank you, <b>Zoë</b>.</p><script>alert(1)</script>', Charset: 'UTF-8' },
      },
    },
    ConfigurationSetName: 'orders',
    Tags: [
      { Name: 'order_id', Value: order },
      { Name: 'kind', Value: 'confirmation' },
      { Name: 'idempotency_key', Value: `${order}-confirmation-1` },
    ],
    ...change,
  });
}

/** The service's refusal of a call; throws when it was not refused. */
export async function refusalOf(work: Promise<unknown>): Promise<SESServiceException> {
  const outcome: unknown = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  if (outcome instanceof SESServiceException) return outcome;
  throw new Error(`expected an error of the service, got ${String(outcome)}`);
}
