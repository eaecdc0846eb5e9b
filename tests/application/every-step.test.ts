// Every story is played again and again. Each time one call of one step goes wrong in one way, or every step is done
// twice; the process goes on as it would, and in the end nothing may be charged twice, held for nobody or told twice.
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mail } from '../../application/ports/mail/mailer.js';
import { expectCleanSlate } from '../support/order/books.js';
import { everyFault, type Fault } from '../support/order/faults.js';
import { paymentKeyOf } from '../support/ids.js';
import { faultsOf, forEach, play } from '../support/order/stories/plays.js';
import { intercepted } from '../support/order/port-calls.js';
import { runProcess } from '../support/order/process-engine.js';
import { stories } from '../support/order/stories/stories.js';
import { createWorld } from '../support/order/world.js';

const [fulfilled] = stories;
if (fulfilled === undefined) throw new Error('there are no stories');
const spine = await play(fulfilled);

/** The call from which on a story is its own: before it, its calls are those of the one that goes well. */
const firstOwnCall = (names: readonly string[]): number => {
  const different = names.findIndex((name, index) => name !== spine.calls[index]?.name);
  return different < 0 ? Math.floor(names.length / 2) : different;
};

describe.each(stories)('an order that is $name', (story) => {
  const { end, calls: least, circumstances } = story;

  it(`ends ${end} when nothing goes wrong`, async () => {
    const { calls, world } = await play(story);
    expect(calls.length).toBeGreaterThanOrEqual(least);
    expect(world.deedsLeft()).toStrictEqual([]);
    const doubts = (await world.events()).filter(({ type }) => type === 'NotificationPossiblySent');
    expect(doubts).toStrictEqual([]);
  });

  it('ends the same when any one call goes wrong in any way', { timeout: 60_000 }, async () => {
    const { calls } = await play(story);
    const names = calls.map(({ name }) => name);
    const first = story === fulfilled ? 0 : firstOwnCall(names);
    const mishaps = names.flatMap((name, call) => {
      // Elsewhere than in the first story, a question whose worker died is like one that failed.
      const faults =
        story !== fulfilled && faultsOf(name).length === 2 ? faultsOf(name).slice(0, 1) : faultsOf(name);
      return call < first ? [] : faults.map((fault) => ({ call, name, fault }));
    });
    expect(mishaps.length).toBeGreaterThan(0);
    await forEach(mishaps, ({ call, fault }) => play(story, { faults: new Map([[call, fault]]) }));
  });

  it('ends the same when every step is done twice, one after the other or at the same time', async () => {
    await play(story, { runs: 'twice' });
    await play(story, { runs: 'side by side' });
  });

  it('ends the same when notices come, come twice, or come in another order', async () => {
    await forEach(['delivered', 'twice', 'backwards'] as const, async (notices) => play(story, { notices }));
    await play(story, { notices: 'twice', runs: 'side by side' });
  });

  it('ends the same when several calls go wrong', { timeout: 60_000 }, async () => {
    const { calls } = await play(story);
    const aFault = fc.tuple(fc.nat(calls.length * 2), fc.constantFrom(...everyFault));
    await fc.assert(
      fc.asyncProperty(fc.array(aFault, { minLength: 2, maxLength: 6 }), async (faults) => {
        await play(story, { faults: new Map<number, Fault>(faults), notices: 'delivered' });
      }),
      { numRuns: 12 },
    );
  });

  it('ends the same when its steps are done twice at the same time, however the two take turns', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = await createWorld(circumstances);
        const ports = intercepted(world.ports, (name, call) => async () => {
          await scheduler.schedule(Promise.resolve(), name);
          return call();
        });
        await scheduler.waitFor(runProcess(world, { ports, runs: 'side by side', notices: 'delivered' }));
        await expectCleanSlate(world, [end]);
      }),
      { numRuns: 4 },
    );
  });
});

describe('the books', () => {
  it('find out a payment key that is made anew for every call', async () => {
    const world = await createWorld();
    const { gateway } = world.ports;
    let calls = 0;
    const reserve: typeof gateway.reserve = (request) =>
      gateway.reserve({ ...request, key: paymentKeyOf(`${request.orderId}:reserve:${(calls += 1)}`) });
    const forgetful = { ...gateway, reserve, findReservation: () => async () => E.right(null) };
    let lost = 0;
    const ports = intercepted({ ...world.ports, gateway: forgetful }, (name, call, errors) => async () => {
      const answer = await call();
      if (name !== 'gateway.reserve' || lost > 0) return answer;
      lost += 1;
      return E.left(errors.lost);
    });
    await runProcess(world, { ports });
    await expect(expectCleanSlate(world, ['Completed'])).rejects.toThrow('money still held');
  });

  it('find out a mail that is sent by two runs at the same time', async () => {
    const world = await createWorld();
    const { mailer } = world.ports;
    const twice = {
      send: (mail: Mail) => async () => {
        const first = await mailer.send(mail)();
        return E.isRight(first) ? mailer.send(mail)() : first;
      },
    };
    await runProcess(world, { ports: { ...world.ports, mailer: twice } });
    await expect(expectCleanSlate(world, ['Completed'])).rejects.toThrow(
      'expected 2 to be less than or equal to 1',
    );
  });
});
