// The whole checkout in virtual time, on a seed: roles die, answers are lost, come late or twice, shoppers change their
// minds. Afterwards all books must agree. SIMULATION_SEED repeats a run; a failure names its seed.
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inMemoryCustomers, plainPasswords } from '../../adapters/customers/in-memory.js';
import type { PaymentGateway } from '../../application/ports/payment-gateway.js';
import { opening } from '../support/examples.js';
import { customerIdNumbered, paymentKeyOf } from '../support/ids.js';
import { createCheckout, type Plant } from './checkout.js';
import { callCrew, fillShelves, letShoppersIn } from './people.js';
import { reconcile } from './reconciliation.js';
import { setTraps } from './traps.js';

const seed = Number(process.env['SIMULATION_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const faultSeconds = 3_600;
const mostSeconds = 5 * 86_400;

let releaseTraps = (): void => undefined;
beforeEach(() => {
  releaseTraps = setTraps();
});
afterEach(() => releaseTraps());

const simulate = async (ofSeed: number, orders: number, badInThousand: number, plant: Plant = {}) => {
  const checkout = createCheckout(ofSeed, badInThousand, plant);
  const { scheduler, service, weather, views, eventStore, answerOf, defects } = checkout;
  await fillShelves(checkout);
  checkout.startRoles();
  const shoppers = letShoppersIn(checkout, orders);
  callCrew(checkout, 12);
  scheduler.later(faultSeconds * 1000, () => {
    weather.badInThousand = 0;
  });
  const areAllDone = (): boolean =>
    defects.length > 0 ||
    (shoppers.finished === orders &&
      service.startedCount() >= shoppers.placed.size &&
      service.openCount() === 0);
  await scheduler.runUntil(areAllDone, mostSeconds);
  // Nothing is open any more; zombies finish and the views catch up.
  const quiet = scheduler.now() + 300_000;
  await scheduler.runUntil(() => scheduler.now() >= quiet, mostSeconds);
  if (defects.length > 0) throw new Error('somebody stumbled', { cause: defects[0] });
  const last = answerOf(await eventStore.readAll(null, 1_000_000)()).next;
  expect(answerOf(await views.position()())).toBe(last);
  const balance = await reconcile(checkout, shoppers);
  return { ...balance, checkout, shoppers, digest: scheduler.digest() };
};

describe(`a simulation with seed ${seed}`, () => {
  it('of 1,000 orders balances all books', { timeout: 120_000 }, async () => {
    const { differences, phases, checkout, shoppers } = await simulate(seed, 1_000, 20);
    expect({ seed, differences }).toStrictEqual({ seed, differences: [] });
    expect(shoppers.placed.size + shoppers.refused.size).toBe(1_000);
    for (const phase of ['Completed', 'Rejected', 'Cancelled'] as const) {
      expect(phases.get(phase) ?? 0).toBeGreaterThan(10);
    }
    // Blind spots would make this prove less than it says.
    const seen = [...checkout.weather.seen.keys()];
    for (const outcome of ['fails', 'answer lost', 'answer late', 'twice', 'dies before', 'dies after']) {
      expect(seen.filter((key) => key.endsWith(` ${outcome}`)).length).toBeGreaterThan(5);
    }
    for (const role of ['decider', 'orders', 'payments', 'mail', 'starter', 'projector', 'floor']) {
      const deaths = seen.filter((key) => key.startsWith(role) && / dies (before|after)$/.test(key));
      expect([role, deaths.length > 0]).toStrictEqual([role, true]);
    }
  });

  it('runs the same way twice', { timeout: 60_000 }, async () => {
    const first = await simulate(seed, 60, 20);
    const second = await simulate(seed, 60, 20);
    expect(second.digest).toBe(first.digest);
    const other = await simulate(seed + 1, 60, 20);
    expect(other.digest).not.toBe(first.digest);
  });
});

describe('a planted bug is found', () => {
  it('when every call to the card processor has a key of its own', { timeout: 60_000 }, async () => {
    let calls = 0;
    const gateway = (sound: PaymentGateway): PaymentGateway => ({
      ...sound,
      findReservation: () => async () => E.right(null),
      reserve: (request) =>
        sound.reserve({
          ...request,
          key: paymentKeyOf(`${request.orderId}:reserve:${1 + ((calls += 1) % 9_000)}`),
        }),
    });
    const { differences } = await simulate(7, 100, 30, { gateway });
    expect(differences.some((line) => line.endsWith('money is still held'))).toBe(true);
  });

  it('when a reservation is not really let go', { timeout: 60_000 }, async () => {
    const gateway = (sound: PaymentGateway): PaymentGateway => ({
      ...sound,
      voidReservation: () => async () => E.right('voided'),
    });
    const { differences } = await simulate(7, 100, 0, { gateway });
    expect(differences.some((line) => line.endsWith('money is still held'))).toBe(true);
  });
});

describe('inside a simulation', () => {
  it('an adapter that asks the machine for chance is stopped', async () => {
    const settings = { idleSeconds: 1, lifeSeconds: 1, pauseSchedule: [1], failuresForgottenSeconds: 1 };
    const careless = inMemoryCustomers(
      plainPasswords,
      (count) => new Uint8Array(count).fill(Math.random()),
      settings,
    );
    const account = { customerId: customerIdNumbered(1), email: 'ada@example.com', name: 'Ada' };
    const registered = await careless.register(account, 'password', opening)();
    expect(E.isRight(registered)).toBe(true);
    await expect(careless.signIn(account.email, 'password', opening)()).rejects.toThrow(
      'asked of the machine',
    );
  });
});
