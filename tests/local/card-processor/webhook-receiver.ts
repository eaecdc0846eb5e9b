import { createServer } from 'node:http';
import type Stripe from 'stripe';

/** The secret that the tests' webhooks are signed with. */
export const webhookSecret = 'whsec_of_the_wire_tests';

/** A request as it came in, with its body byte for byte. */
export interface Letter {
  readonly body: Buffer;
  readonly signature: string;
  readonly event: Stripe.Event;
}

/** A shop's address for webhooks. */
export interface Receiver {
  readonly url: string;
  readonly letters: readonly Letter[];
  readonly types: () => readonly string[];
  /** How the next requests are answered, one status each; 200 when there are no more. 0 cuts the connection, -1 never answers. */
  readonly answerWith: (...statuses: readonly number[]) => void;
  /** Resolves when so many requests have come in altogether. */
  readonly arrived: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Listens for webhooks. */
export async function openReceiver(port = 0): Promise<Receiver> {
  const letters: Letter[] = [];
  const answers: number[] = [];
  const waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const event: Stripe.Event = JSON.parse(body.toString('utf8'));
      letters.push({ body, signature: String(request.headers['stripe-signature']), event });
      const status = answers.shift() ?? 200;
      if (status === 0) response.destroy();
      else if (status > 0) response.writeHead(status).end();
      for (const one of [...waiting])
        if (letters.length >= one.count) {
          waiting.delete(one);
          one.resolve();
        }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${bound}/webhooks`,
    letters,
    types: () => letters.map((letter) => letter.event.type),
    answerWith: (...statuses) => {
      answers.push(...statuses);
    },
    arrived: (count) =>
      letters.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.add({ count, resolve });
          }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
