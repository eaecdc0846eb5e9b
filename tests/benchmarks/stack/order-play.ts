// Plays orders as `npm run orders` does, with a clock at the customer's side.
import * as t from 'io-ts';
import { openPool } from '../../../infrastructure/database/pool.js';
import type { StackSecrets } from '../../../infrastructure/local/stack/secrets.js';
import type { RunningStack } from '../../../infrastructure/local/stack/stack-file.js';
import { startFloorCrew } from '../../../infrastructure/orders/floor-crew.js';
import { createFollower, type Follower } from '../../../infrastructure/orders/follow-order.js';
import { generatedInvoices } from '../../../infrastructure/orders/invoices/generated-invoices.js';
import { readGroundTruths } from '../../../infrastructure/orders/books/ground-truths.js';
import { type ApiClient, createApiClient } from '../../../infrastructure/orders/http-client.js';
import type { Invoice } from '../../../infrastructure/orders/invoices/invoices.js';
import { type Played, playInvoice, type Stage } from '../../../infrastructure/orders/play-invoice.js';
import { type Difference, reconcile, areSettled } from '../../../infrastructure/orders/books/reconcile.js';
import { createShoppers } from '../../../infrastructure/orders/people/shoppers.js';
import { receiveStock } from '../../../infrastructure/orders/stock-receipt.js';
import type { Scope } from '../../../infrastructure/process/scope.js';

/** An order as its customer saw it, in milliseconds. */
export type TimedOrder = {
  readonly orderId: string;
  /** The call POST /orders. */
  readonly placed: number;
  /** From that call to the order's last status. */
  readonly ended: number;
};

/** The orders between two moments of a play, and what was measured at both. */
export type Window<Reading> = {
  readonly orders: readonly TimedOrder[];
  readonly seconds: number;
  /** Customers who registered in between; each costs two password hashes. */
  readonly registrations: number;
  readonly before: Reading;
  readonly after: Reading;
};

const patienceSeconds = 60;
const crewSize = 8;
const Placed = t.type({ orderId: t.string });

type Clock = {
  registrations: number;
  readonly placing: Map<string, { readonly began: number; readonly milliseconds: number }>;
  readonly ended: Map<string, number>;
};

/** The same caller; the time of each order's placing is kept. */
const timed = (web: ApiClient, clock: Clock): ApiClient => ({
  ...web,
  call: async (call) => {
    const began = performance.now();
    const answer = await web.call(call);
    if (call.path === '/customers' && answer.status === 201) clock.registrations += 1;
    if (call.path === '/orders' && answer.status === 201 && Placed.is(answer.body)) {
      clock.placing.set(answer.body.orderId, { began, milliseconds: performance.now() - began });
    }
    return answer;
  },
});

const timedFollower = (follower: Follower, clock: Clock): Follower => ({
  ...follower,
  untilFinal: async (orderId, token, deadline) => {
    const status = await follower.untilFinal(orderId, token, deadline);
    clock.ended.set(orderId, performance.now());
    return status;
  },
});

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resume) => setTimeout(resume, Math.max(0, milliseconds)));

/** Opens a play against a running stack; everything it opens ends with the scope. */
export const openPlay = async (running: RunningStack, secrets: StackSecrets, scope: Scope) => {
  const client = (url: string): ApiClient => {
    const api = createApiClient(url, patienceSeconds);
    scope.onRelease(async () => api.close());
    return api;
  };
  const [floor, admin] = [client(running.floorUrl), client(running.adminUrl)];
  const [processor, mailbox] = [client(running.processorUrl), client(running.mailboxUrl)];
  const follower = createFollower(running.webUrl);
  scope.onRelease(async () => follower.close());
  const database = openPool({ url: running.ordersDatabaseUrl, max: 2, applicationName: 'benchmark' });
  scope.onRelease(database.close);
  const clock: Clock = { registrations: 0, placing: new Map(), ended: new Map() };
  const web = timed(client(running.webUrl), clock);
  const crew = await startFloorCrew(admin, floor, secrets.operatorKey, crewSize);
  const played: Played[] = [];

  const stageOf = (source: string): Stage => ({
    web,
    follower: timedFollower(follower, clock),
    shoppers: createShoppers(web),
    storefront: secrets.storefront,
    source,
    paymentMethod: 'pm_card_visa',
    finalWithinSeconds: patienceSeconds,
    desk: { admin, operatorKey: secrets.operatorKey },
  });

  const play = async (stage: Stage, invoice: Invoice): Promise<string | null> => {
    const item = await playInvoice(stage, invoice);
    played.push(item);
    return item.type === 'ordered' ? item.orderId : null;
  };

  const timesOf = (orderId: string): TimedOrder => {
    const placing = clock.placing.get(orderId);
    const ended = clock.ended.get(orderId);
    if (placing === undefined || ended === undefined) throw new Error(`order ${orderId} was not timed`);
    return { orderId, placed: placing.milliseconds, ended: ended - placing.began };
  };

  const prepare = async (source: string, count: number, seed: number): Promise<readonly Invoice[]> => {
    const invoices = generatedInvoices(count, seed);
    await receiveStock(admin, secrets.operatorKey, source, invoices);
    return invoices;
  };

  /** All customers registered and signed in, a few at a time. */
  const signInAll = async ({ shoppers }: Stage, invoices: readonly Invoice[]): Promise<void> => {
    const references = new Set(invoices.map(({ customer }) => customer ?? ''));
    references.delete('');
    const queue = references[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      for (let next = queue.next(); next.done !== true; next = queue.next()) {
        await shoppers.tokenOf(next.value);
      }
    };
    await Promise.all(Array.from({ length: 4 }, lane));
  };

  return {
    /** The orders database. */
    pool: database.pool,

    /**
     * Keeps `inFlight` orders under way. After `warmUp` ended orders the window opens, after `orders` more it closes; the
     * rest is played to its end uncounted. `read` is called at both moments.
     */
    steadily: async <Reading>(options: {
      readonly source: string;
      readonly seed: number;
      readonly inFlight: number;
      readonly warmUp: number;
      readonly orders: number;
      /** Whether customers register and sign in before, or with their first order as in `npm run orders`. */
      readonly signedInBefore: boolean;
      readonly read: () => Promise<Reading>;
    }): Promise<Window<Reading>> => {
      const { source, inFlight, warmUp, orders, read } = options;
      const stage = stageOf(source);
      // One invoice in twelve is refused.
      const invoices = await prepare(source, Math.ceil((warmUp + orders + inFlight) * 1.3), options.seed);
      if (options.signedInBefore) await signInAll(stage, invoices);
      const moments: Array<{
        readonly at: number;
        readonly registrations: number;
        readonly reading: Promise<Reading>;
      }> = [];
      const mark = (): void => {
        const { registrations } = clock;
        moments.push({ at: performance.now(), registrations, reading: read() });
      };
      const counted: string[] = [];
      let ended = 0;
      const queue = invoices[Symbol.iterator]();
      const lane = async (): Promise<void> => {
        for (let next = queue.next(); next.done !== true && moments.length < 2; next = queue.next()) {
          const orderId = await play(stage, next.value);
          if (orderId === null) continue;
          ended += 1;
          if (ended > warmUp && ended <= warmUp + orders) counted.push(orderId);
          if (ended === warmUp || ended === warmUp + orders) mark();
        }
      };
      await Promise.all(Array.from({ length: inFlight }, lane));
      const [opened, closed] = moments;
      if (opened === undefined || closed === undefined) throw new Error(`only ${String(ended)} orders ended`);
      return {
        orders: counted.map(timesOf),
        seconds: (closed.at - opened.at) / 1000,
        registrations: closed.registrations - opened.registrations,
        before: await opened.reading,
        after: await closed.reading,
      };
    },

    /** Begins an order every so often, however long the others take; customers are signed in before. */
    atRate: async (options: {
      readonly source: string;
      readonly seed: number;
      readonly perSecond: number;
      readonly seconds: number;
    }): Promise<readonly TimedOrder[]> => {
      const stage = stageOf(options.source);
      const invoices = await prepare(options.source, options.perSecond * options.seconds, options.seed);
      await signInAll(stage, invoices);
      const began = performance.now();
      const under: Array<Promise<string | null>> = [];
      for (const [index, invoice] of invoices.entries()) {
        await pause(began + (index * 1000) / options.perSecond - performance.now());
        under.push(play(stage, invoice));
      }
      const orderIds = await Promise.all(under);
      return orderIds.filter((orderId) => orderId !== null).map(timesOf);
    },

    /** Lets the crew finish and compares the books of everybody about all orders played. */
    reconciled: async (): Promise<readonly Difference[]> => {
      await crew.stop();
      const orderIds = played.flatMap((item) => (item.type === 'ordered' ? [item.orderId] : []));
      const sources = { pool: database.pool, processor, mailbox, swfUrl: running.swfUrl };
      const patience = performance.now() + 15_000;
      for (;;) {
        const truths = await readGroundTruths(sources, orderIds);
        if (areSettled(truths) || performance.now() > patience) return reconcile(played, truths);
        await pause(200);
      }
    },
  };
};

/** A play against a running stack. */
export type OrderPlay = Awaited<ReturnType<typeof openPlay>>;
