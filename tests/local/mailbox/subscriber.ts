// A subscriber to a topic's notices: takes every POST down, and answers as it is told.
import { createServer } from 'node:http';
import { listen } from '../../../infrastructure/local/http-server.js';
import { readBody } from '../../../infrastructure/local/http-server.js';

/** The fields of a notice that tests look at. */
export type Envelope = Readonly<
  Record<
    | 'Type'
    | 'MessageId'
    | 'TopicArn'
    | 'Message'
    | 'Timestamp'
    | 'SignatureVersion'
    | 'Signature'
    | 'SigningCertURL',
    string
  >
> &
  Readonly<Partial<Record<'Subject' | 'Token' | 'SubscribeURL' | 'UnsubscribeURL', string>>>;

/** One POST as it came. */
export type Received = {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly envelope: Envelope;
};

/** A subscriber under test. */
export type Subscriber = {
  readonly url: string;
  /** Every POST so far, in the order of arrival. */
  readonly received: readonly Received[];
  /** Resolves when so many POSTs have come and were answered. */
  readonly count: (wanted: number) => Promise<void>;
  /** The statuses of the next answers; 200 after them. */
  readonly answer: (...statuses: readonly number[]) => void;
  readonly close: () => Promise<void>;
};

/** Starts a subscriber; unless told otherwise it confirms every subscription that it is asked to. */
export async function openSubscriber(options: { readonly confirms?: boolean } = {}): Promise<Subscriber> {
  const received: Received[] = [];
  const waiting: { readonly wanted: number; readonly resolve: () => void }[] = [];
  let statuses: readonly number[] = [];
  const server = await listen({
    port: 0,
    handle: async (request, response) => {
      const bytes = await readBody(request, 1_000_000);
      const body = Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '';
      const envelope: Envelope = JSON.parse(body);
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const [status = 200, ...later] = statuses;
      statuses = later;
      if (status === 200 && envelope.SubscribeURL !== undefined && (options.confirms ?? true))
        await fetch(envelope.SubscribeURL);
      response.writeHead(status).end();
      received.push({ body, headers, envelope });
      for (const { wanted, resolve } of waiting) if (received.length >= wanted) resolve();
    },
  });
  return {
    url: `${server.url}/hooks/mail`,
    received,
    count: (wanted) =>
      new Promise((resolve) => {
        if (received.length >= wanted) resolve();
        else waiting.push({ wanted, resolve });
      }),
    answer: (...next) => {
      statuses = next;
    },
    close: server.close,
  };
}

/** An address where nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
}
