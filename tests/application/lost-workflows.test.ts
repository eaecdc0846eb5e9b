// The workflow is lost in the middle and begun anew from the order's stream: the order finishes, and the processor's
// books are what they would have been.
import { describe, expect, it } from 'vitest';
import { situationOf } from '../../domain/process/situation.js';
import { orderId } from '../support/examples.js';
import { expectCleanSlate } from '../support/order/books.js';
import { forEach, numbersTo, play } from '../support/order/stories/plays.js';
import { createEngine } from '../support/order/process-engine.js';
import { stories } from '../support/order/stories/stories.js';
import { createWorld, right, type World } from '../support/order/world.js';

const processorsBooks = async ({ processor: { gateway } }: World) => ({
  // In any order: a renewal may come before or after the end of the reservation that it replaces.
  movements: gateway
    .ledger()
    .map(({ kind, reference, amount }) => `${reference} ${kind} ${String(amount.minor)}`)
    .sort(),
  payments: right('payments', await gateway.paymentsOf(orderId)()),
});

describe.each(stories)('an order that is $name, whose workflow is lost', (story) => {
  it('ends the same with unchanged books, whenever that happens', { timeout: 60_000 }, async () => {
    const whole = await play(story);
    const books = await processorsBooks(whole.world);
    expect(whole.decisions).toBeGreaterThan(1);
    await forEach(numbersTo(whole.decisions + 1), async (restartAt) => {
      const { world } = await play(story, { restartAt });
      expect(await processorsBooks(world)).toStrictEqual(books);
    });
  });

  it('ends the same when it is lost again and again', async () => {
    const { decisions } = await play(story);
    await play(story, { restartAt: Math.floor(decisions / 2), runs: 'side by side', notices: 'twice' });
  });
});

describe('a process whose order was finished by another', () => {
  it('ends too, although a timer of its own still runs', async () => {
    const world = await createWorld({ ships: false });
    const late = createEngine(world, { ports: world.ports });
    const isCharged = async (): Promise<boolean> => (await world.order()).payment.status === 'charged';
    while (!(await isCharged())) await late.round();
    // It waits for the carrier, or for the time to give up.
    await late.round();
    await createEngine({ ...world, ships: true }, { ports: world.ports }).runToEnd();
    world.told.push(situationOf(await world.order()));
    // It withdraws what it had asked the floor for, and ends.
    expect([await late.round(), await late.round()]).toStrictEqual(['going', 'ended']);
    await expectCleanSlate(world, ['Completed']);
  });
});
