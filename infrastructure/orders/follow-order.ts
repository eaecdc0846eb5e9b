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

/** One connection, cut at the deadline or when enough is known: resolves with the last status it brought. */
const listen = (
  url: string,
  token: string,
  agent: Agent,
  since: OrderStatus | null,
  deadline: number,
  isEnough: (status: OrderStatus) => boolean,
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
        for (const status of messages.flatMap(statusesIn)) {
          last = status;
          if (!isEnough(status)) continue;
          sent.destroy();
          done();
          return;
        }
      });
      response.on('end', done).on('error', done).on('close', done);
    });
    sent.on('error', done);
    const cut = setTimeout(() => sent.destroy(), Math.max(0, deadline - Date.now()));
  });

/** Followers of orders over server-sent events; they reconnect and resume for as long as it takes. */
export const createFollower = (webUrl: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  const follow = async (
    orderId: string,
    token: string,
    deadline: number,
    isEnough: (status: OrderStatus) => boolean,
  ): Promise<OrderStatus | null> => {
    const url = `${webUrl}/orders/${orderId}/events`;
    for (let last: OrderStatus | null = null; Date.now() < deadline;) {
      last = await listen(url, token, agent, last, deadline, isEnough);
      if (last !== null && isEnough(last)) return last;
      await sleep(reconnectMilliseconds);
    }
    return null;
  };
  return {
    /** Waits for the order's last status. Null when `deadline` (milliseconds since 1970) came first. */
    untilFinal: (orderId: string, token: string, deadline: number): Promise<OrderStatus | null> =>
      follow(orderId, token, deadline, ({ isFinal }) => isFinal),
    /** Waits until the order has one of these statuses, or its last one. Null when `deadline` came first. */
    untilStatus: (
      orderId: string,
      token: string,
      deadline: number,
      wanted: readonly string[],
    ): Promise<OrderStatus | null> =>
      follow(orderId, token, deadline, ({ status, isFinal }) => isFinal || wanted.includes(status)),
    close: () => agent.destroy(),
  };
};

/** Followers of orders. */
export type Follower = ReturnType<typeof createFollower>;
