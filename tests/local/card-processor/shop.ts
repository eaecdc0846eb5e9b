import Stripe from 'stripe';
import type { LocalServer } from '../../../infrastructure/local/http-server.js';
import {
  startCardProcessor,
  type CardProcessorOptions,
} from '../../../infrastructure/local/card-processor/server.js';

/** The secret key of every processor in these tests. */
export const secretKey = 'sk_test_of_the_wire_tests';
/** When the tests' clock starts, milliseconds since 1970. */
export const start = Date.UTC(2026, 0, 5, 9);

/** What the tests read of a ledger line. */
export interface Line {
  readonly kind: string;
  readonly amount: number;
  readonly orderId: string | null;
}

/** A shop with a card processor of its own and the official client connected to it. */
export interface Shop {
  readonly processor: LocalServer;
  readonly stripe: Stripe;
  /** Moves the processor's clock on. */
  readonly pass: (milliseconds: number) => void;
  /** Reserves an amount for an order, with manual capture and the charge shown in full. */
  readonly reserve: (
    order: string,
    card?: string,
    amount?: number,
    idempotencyKey?: string,
  ) => Promise<Stripe.Response<Stripe.PaymentIntent>>;
  readonly ledger: () => Promise<readonly Line[]>;
  /** Asks for a fault; throws when the processor does not take it. */
  readonly fault: (wish: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Posts JSON to one of the processor's own paths; the status and what was answered. */
  readonly tell: (path: string, wish?: unknown) => Promise<Told>;
}

/** The answer of a path that is not the API's. */
export interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Opens a shop; without a data directory its processor keeps everything in memory. */
export async function openShop(
  dataDirectory: string | null = null,
  options: Partial<CardProcessorOptions> = {},
): Promise<Shop> {
  let now = start;
  const processor = await startCardProcessor({
    port: 0,
    dataDirectory,
    secretKey,
    clock: () => now,
    webhookTimes: { firstWaitMilliseconds: 10, answerWithinMilliseconds: 5_000 },
    ...options,
  });
  const stripe = clientOf(processor);
  return {
    processor,
    stripe,
    pass: (milliseconds) => {
      now += milliseconds;
    },
    reserve: (order, card = 'pm_card_visa', amount = 3564, idempotencyKey) =>
      stripe.paymentIntents.create(
        {
          amount,
          currency: 'gbp',
          payment_method: card,
          allowed_payment_method_types: ['card'],
          capture_method: 'manual',
          confirm: true,
          metadata: { order_id: order },
          expand: ['latest_charge'],
        },
        idempotencyKey === undefined ? {} : { idempotencyKey },
      ),
    ledger: async () => {
      const response = await fetch(`${processor.url}/_ledger`);
      const body: { entries: Line[] } = await response.json();
      return body.entries.map(({ kind, amount, orderId }) => ({ kind, amount, orderId }));
    },
    fault: async (wish) => {
      const response = await fetch(`${processor.url}/_faults`, {
        method: 'POST',
        body: JSON.stringify(wish),
      });
      if (response.status !== 201) throw new Error(`the fault was refused: ${await response.text()}`);
    },
    tell: async (path, wish = {}) => {
      const response = await fetch(`${processor.url}${path}`, { method: 'POST', body: JSON.stringify(wish) });
      const body: Record<string, unknown> = await response.json();
      return { status: response.status, body };
    },
  };
}

/** The official client for a processor, without repeats of its own except the one after a cut connection. */
export function clientOf(server: LocalServer, key = secretKey): Stripe {
  return new Stripe(key, {
    host: '127.0.0.1',
    port: server.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** The error that a call ends with; throws when it succeeds. */
export async function refusalOf(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome: unknown = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  if (outcome instanceof Stripe.errors.StripeError) return outcome;
  throw new Error(`expected an error of the API, got ${String(outcome)}`);
}

/** The latest charge of an intent; throws when it was not expanded. */
export function chargeOf(intent: Stripe.PaymentIntent): Stripe.Charge {
  const charge = intent.latest_charge;
  if (charge === null || typeof charge === 'string') throw new Error('the charge was not expanded');
  return charge;
}
