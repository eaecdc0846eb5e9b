import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

const Status = t.type({ revision: t.number, status: t.string, isFinal: t.boolean });

/** A status of an order as its followers are told it. */
export type OrderStatus = t.TypeOf<typeof Status>;

const reconnectMilliseconds = 300;

const statusesIn = (message: string): readonly OrderStatus[] =>
  message
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .flatMap((line) => {
      const decoded = Status.decode(JSON.parse(line.slice('data: '.length)));
      return E.isRight(decoded) ? [decoded.right] : [];
    });

/** One connection, cut at the deadline: resolves with the last status it brought, final or not. */
const listen = (
  url: string,
  token: string,
  agent: Agent,
  since: OrderStatus | null,
  deadline: number,
): Promise<OrderStatus | null> =>
  new Promise((resolve) => {
    let last = since;
    let pending = '';
    const done = (): void => {
      clearTimeout(cut);
      resolve(last);
    };
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(since === null ? {} : { 'last-event-id': String(since.revision) }),
    };
    const sent = get(url, { headers, agent }, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => {
        pending += text;
        const messages = pending.split('\n\n');
        pending = messages.pop() ?? '';
        for (const status of messages.flatMap(statusesIn)) last = status;
      });
      response.on('end', done).on('error', done).on('close', done);
    });
    sent.on('error', done);
    const cut = setTimeout(() => sent.destroy(), Math.max(0, deadline - Date.now()));
  });

/** Followers of orders over server-sent events; they reconnect and resume for as long as it takes. */
export const createFollower = (webUrl: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  return {
    /** Waits for the order's last status. Null when `deadline` (milliseconds since 1970) came first. */
    untilFinal: async (orderId: string, token: string, deadline: number): Promise<OrderStatus | null> => {
      let last: OrderStatus | null = null;
      while (Date.now() < deadline) {
        last = await listen(`${webUrl}/orders/${orderId}/events`, token, agent, last, deadline);
        if (last?.isFinal === true) return last;
        await sleep(reconnectMilliseconds);
      }
      return null;
    },
    close: () => agent.destroy(),
  };
};

/** Followers of orders. */
export type Follower = ReturnType<typeof createFollower>;
