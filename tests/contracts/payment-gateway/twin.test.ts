// Simulations trust the processor in memory to behave as Stripe's does. So both live through the same stories, and must
// answer alike at every step and have the same books at the end.
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inMemoryGateway, type InMemoryGateway } from '../../../adapters/payment/in-memory.js';
import { stripeGateway } from '../../../adapters/payment/stripe.js';
import type { PaymentGateway } from '../../../application/ports/payment-gateway.js';
import { startCardProcessor } from '../../../infrastructure/local/card-processor/server.js';
import { openPaymentClient } from '../../../infrastructure/payment-client.js';
import { currencyOf, newOrderId, paymentKeyOf, paymentMethodOf } from '../../support/ids.js';
import { afterNoon } from '../samples.js';
import { day } from './bench.js';

const cards = [
  ...['pm_card_visa', 'pm_card_avsFail', 'pm_card_visa_chargeDeclinedLostCard', 'pm_unknown'],
  ...['pm_card_authenticationRequired', 'pm_card_captureDeclined'],
  ...['pm_card_authenticationRequiredChargeDeclinedInsufficientFunds'],
  ...['pm_card_refundFail', 'pm_card_pendingRefund', 'pm_card_pendingRefundFail'],
];
const attempt = fc.integer({ min: 1, max: 2 });
const number = fc.integer({ min: 1, max: 3 });
const minor = fc.constantFrom(1, 500, 2000, 3564, 4000);
const step = fc.oneof(
  fc.record({ call: fc.constant('reserve' as const), attempt, card: fc.constantFrom(...cards) }),
  fc.record({ call: fc.constant('confirm' as const), attempt, passed: fc.boolean() }),
  fc.record({ call: fc.constant('charge' as const), attempt, number, minor }),
  fc.record({ call: fc.constant('void' as const), attempt }),
  fc.record({ call: fc.constant('refund' as const), attempt, number, minor }),
  fc.record({ call: fc.constant('expire' as const), attempt }),
  fc.record({ call: fc.constant('forget' as const) }),
  fc.record({ call: fc.constant('pass' as const), seconds: fc.constantFrom(1, 3600, day, 7 * day) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A gateway and the people around its processor; references are remembered by attempt. */
type World = {
  readonly gateway: PaymentGateway;
  readonly confirm: (reference: string, passed: boolean) => Promise<void>;
  readonly expire: (reference: string) => Promise<void>;
  readonly forget: () => Promise<void>;
  readonly books: (orderId: string) => Promise<readonly string[]>;
};

const memoryWorld = (gateway: InMemoryGateway): World => ({
  gateway,
  confirm: async (reference, passed) => gateway.answerChallenge(reference, passed),
  expire: async (reference) => gateway.expireReservation(reference),
  forget: async () => gateway.forgetKeys(),
  books: async (orderId) =>
    gateway
      .ledger()
      .filter((line) => line.orderId === orderId)
      .map(({ kind, amount }) => `${kind} ${amount.minor}`),
});

const wireWorld = (url: string, gateway: PaymentGateway): World => {
  const post = async (path: string, wish: object): Promise<void> => {
    await (await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(wish) })).text();
  };
  return {
    gateway,
    confirm: (reference, passed) => post('/_control/challenges', { intent: reference, passed }),
    expire: (reference) => post('/_control/reservations/expire', { intent: reference }),
    forget: () => post('/_control/keys/forget', {}),
    books: async (orderId) => {
      const response = await fetch(`${url}/_ledger?order_id=${orderId}`);
      const { entries }: { entries: { kind: string; amount: number }[] } = await response.json();
      return entries.map(({ kind, amount }) => `${kind} ${amount}`);
    },
  };
};

/** What a story looks like from outside; names that processors choose, and their words for errors, are left out. */
async function lived(world: World, story: readonly Step[], pass: (seconds: number) => void) {
  const { gateway } = world;
  const orderId = newOrderId();
  const told: unknown[] = [];
  const tell = (outcome: E.Either<{ readonly type: string }, unknown>): void => {
    const answer = E.isLeft(outcome) ? outcome.left.type : outcome.right;
    const isNamed = (name: string): boolean => ['reference', 'url', 'lastFour'].includes(name);
    told.push(
      JSON.parse(JSON.stringify(answer), (name, value: unknown) => (isNamed(name) ? 'named' : value)),
    );
  };
  const referenceOf = async (wanted: number): Promise<string> => {
    const known = await gateway.paymentsOf(orderId)();
    if (E.isLeft(known)) throw new Error(known.left.reason);
    return known.right.find((payment) => payment.attempt === wanted)?.reference ?? 'pi_none';
  };
  const amountOf = (units: number) => ({ minor: units, currency: currencyOf('GBP') });
  const returnUrl = 'https://shop.example/back';
  for (const one of story) {
    switch (one.call) {
      case 'reserve': {
        const key = paymentKeyOf(`${orderId}:reserve:${one.attempt}`);
        const request = { orderId, attempt: one.attempt, key, amount: amountOf(3564), returnUrl };
        tell(await gateway.reserve({ ...request, paymentMethod: paymentMethodOf(one.card) })());
        tell(await gateway.findReservation(orderId, one.attempt)());
        // Stripe tells moments in seconds, so what happened in the same one has no order.
        pass(1);
        break;
      }
      case 'confirm':
        await world.confirm(await referenceOf(one.attempt), one.passed);
        tell(await gateway.findReservation(orderId, one.attempt)());
        break;
      case 'charge': {
        const reference = await referenceOf(one.attempt);
        const key = paymentKeyOf(`${orderId}:charge:${one.number}`);
        tell(await gateway.charge({ reference, key, amount: amountOf(one.minor) })());
        tell(await gateway.findCharge(reference)());
        break;
      }
      case 'void':
        tell(await gateway.voidReservation(await referenceOf(one.attempt))());
        break;
      case 'refund': {
        const reference = await referenceOf(one.attempt);
        const key = paymentKeyOf(`${orderId}:refund:${one.number}`);
        const amount = amountOf(one.minor);
        tell(await gateway.refund({ orderId, number: one.number, key, amount, reference })());
        break;
      }
      case 'expire':
        await world.expire(await referenceOf(one.attempt));
        break;
      case 'forget':
        await world.forget();
        break;
      case 'pass':
        pass(one.seconds);
        break;
    }
  }
  const payments = await gateway.paymentsOf(orderId)();
  tell(payments);
  const books = await world.books(orderId);
  return { told, books: [...books].sort() };
}

it('the processor in memory and the one behind the protocol live through a story alike', async () => {
  const secretKey = 'sk_test_of_the_twins';
  let now = 0;
  const pass = (seconds: number): void => {
    now += seconds;
  };
  const clock = () => afterNoon(now);
  const processor = await startCardProcessor({ port: 0, dataDirectory: null, secretKey, clock });
  const client = openPaymentClient({ url: processor.url, secretKey });
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (story) => {
        let then = now;
        const gateway = inMemoryGateway({ now: () => afterNoon(then) });
        const wire = await lived(wireWorld(processor.url, stripeGateway(client.stripe)), story, pass);
        const memory = await lived(memoryWorld(gateway), story, (seconds) => {
          then += seconds;
        });
        expect(memory.told).toEqual(wire.told);
        expect(memory.books).toEqual(wire.books);
      }),
      { numRuns: 40 },
    );
  } finally {
    client.close();
    await processor.close();
  }
}, 60_000);
