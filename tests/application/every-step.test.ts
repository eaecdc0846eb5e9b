// An order is run through again and again. Each time one call of one step goes wrong in one way, or every step is done
// twice; the process goes on as it would, and in the end nothing may be charged twice, held for nobody or told twice.
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mail } from '../../application/ports/mailer.js';
import type { Phase } from '../../domain/order/phase.js';
import { expectCleanSlate } from '../support/order/books.js';
import { everyFault, type Fault, faultsAt } from '../support/order/faults.js';
import { paymentKeyOf } from '../support/ids.js';
import { intercepted } from '../support/order/port-calls.js';
import { type EngineOptions, runProcess } from '../support/order/process-engine.js';
import { type Circumstances, createWorld } from '../support/order/world.js';

type Ending = {
  readonly name: string;
  readonly circumstances: Circumstances;
  readonly end: Phase;
  readonly calls: number;
};

const endings: readonly Ending[] = [
  { name: 'fulfilled', circumstances: {}, end: 'Completed', calls: 40 },
  {
    name: 'declined and given up',
    circumstances: { decline: { class: 'funds', code: 'insufficient_funds' } },
    end: 'Cancelled',
    calls: 24,
  },
  { name: 'out of stock', circumstances: { cakeStands: 1 }, end: 'Rejected', calls: 11 },
  { name: 'sign-in revoked', circumstances: { revoked: true }, end: 'Rejected', calls: 7 },
];

/** Runs the process of a new order and answers with the port calls it took and the phase it ended in. */
const play = async (
  circumstances: Circumstances,
  ends: readonly Phase[],
  faults: ReadonlyMap<number, Fault> = new Map(),
  cancellation: { readonly call: number; readonly tell: boolean } | null = null,
  runs: EngineOptions['runs'] = 'once',
) => {
  const world = await createWorld(circumstances);
  const plan = faultsAt(faults, async (call) => {
    if (call === cancellation?.call) await world.cancel(cancellation.tell);
  });
  const { death, calls, through } = plan;
  await runProcess(world, { ports: intercepted(world.ports, through), death, runs });
  const phase = await expectCleanSlate(world, ends, faults.size > 1);
  return { calls, phase, world };
};

const numbersTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Does a check for every call, and says of which one it failed. */
const forEachCall = async (count: number, check: (call: number) => Promise<unknown>): Promise<void> => {
  for (const call of numbersTo(count)) {
    try {
      await check(call);
    } catch (problem) {
      throw new Error(`at call ${call}`, { cause: problem });
    }
  }
};

describe.each(endings)('an order that is $name', ({ circumstances, end, calls: least }) => {
  it(`ends ${end} when nothing goes wrong`, async () => {
    const { calls, world } = await play(circumstances, [end]);
    expect(calls.length).toBeGreaterThanOrEqual(least);
    const doubts = (await world.events()).filter(({ type }) => type === 'NotificationPossiblySent');
    expect(doubts).toStrictEqual([]);
  });

  it.each(everyFault)('ends the same when any one call %s', async (fault) => {
    const { calls } = await play(circumstances, [end]);
    await forEachCall(calls.length, (call) => play(circumstances, [end], new Map([[call, fault]])));
  });

  it('ends the same when every step is done twice', async () => {
    await play(circumstances, [end], new Map(), null, 'twice');
  });

  it('ends the same when every step is done twice at the same time', async () => {
    await play(circumstances, [end], new Map(), null, 'side by side');
  });

  it('ends the same when several calls go wrong', async () => {
    const { calls } = await play(circumstances, [end]);
    const aFault = fc.tuple(fc.nat(calls.length * 2), fc.constantFrom(...everyFault));
    await fc.assert(
      fc.asyncProperty(fc.array(aFault, { minLength: 2, maxLength: 6 }), async (faults) => {
        await play(circumstances, [end], new Map(faults));
      }),
      { numRuns: 60 },
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
    await expect(expectCleanSlate(world, ['Completed'])).rejects.toThrow(
      'expected 2 to be less than or equal to 1',
    );
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

describe('an order whose steps are done twice at the same time', () => {
  it('ends the same, however the two take turns', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...endings),
        async (scheduler, { circumstances, end }) => {
          const world = await createWorld(circumstances);
          const ports = intercepted(world.ports, (name, call) => async () => {
            await scheduler.schedule(Promise.resolve(), name);
            return call();
          });
          await scheduler.waitFor(runProcess(world, { ports, runs: 'side by side' }));
          await expectCleanSlate(world, [end]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe.each([
  { tell: true, how: 'the process hears of it' },
  { tell: false, how: 'nobody tells the process' },
])('an order that is cancelled, and $how', ({ tell }) => {
  it('is cancelled with nothing kept, or fulfilled when it was too late, at any moment', async () => {
    const ends: Phase[] = [];
    const { calls } = await play({}, ['Completed']);
    await forEachCall(calls.length, async (call) => {
      const { phase } = await play({}, ['Completed', 'Cancelled'], new Map(), { call, tell });
      ends.push(phase);
    });
    expect(new Set(ends)).toStrictEqual(new Set(['Cancelled', 'Completed']));
    // Once it was too late it stays too late.
    const firstLate = ends.indexOf('Completed');
    expect(ends.slice(firstLate).filter((phase) => phase === 'Cancelled')).toStrictEqual([]);
  });

  it('is rejected or cancelled when it could not be fulfilled anyway', async () => {
    for (const { circumstances, end } of endings.slice(1)) {
      const { calls } = await play(circumstances, [end]);
      await forEachCall(calls.length, (call) =>
        play(circumstances, ['Rejected', 'Cancelled'], new Map(), { call, tell }),
      );
    }
  });

  it('ends as cleanly when the worker that is under way dies', async () => {
    // From the reservation of the goods to the answer of the card: what the worker did is known to nobody.
    for (const call of [6, 7, 8, 9, 10, 11, 12, 13]) {
      for (const later of [1, 2, 3, 4]) {
        const faults = new Map<number, Fault>([[call + later, 'caller dies after']]);
        await play({}, ['Cancelled'], faults, { call, tell });
      }
    }
  });

  it('ends as cleanly when a call goes wrong as well', async () => {
    const { calls } = await play({}, ['Completed']);
    const aCall = fc.nat(calls.length - 1);
    await fc.assert(
      fc.asyncProperty(aCall, aCall, fc.constantFrom(...everyFault), async (call, offset, fault) => {
        const faults = new Map([[call + (offset % 12), fault]]);
        await play({}, ['Completed', 'Cancelled'], faults, { call, tell });
      }),
      { numRuns: 200 },
    );
  });
});
