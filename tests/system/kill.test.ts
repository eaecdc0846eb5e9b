// Every role dies without warning in the middle of a play, one after the other, and comes back: the orders come to their
// end all the same, and everybody's books agree. Each role is a process of its own from built output.
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { generatedInvoices } from '../../infrastructure/orders/invoices/generated-invoices.js';
import { happeningsOf, playMadeUp } from '../support/plays.js';
import { type RoleName, roleNames } from '../../infrastructure/roles/names.js';
import { startRoleProcesses } from '../support/role-processes.js';

const seed = 7;
const orders = 60;
const patienceSeconds = 150;
// A step whose worker died is lost to its time-out: 45 s for those that pay, then 5 s to the next run.
const testMilliseconds = 200_000;

type Roles = Awaited<ReturnType<typeof startRoleProcesses>>;

const state: { roles?: Roles } = {};

const roles = (): Roles => {
  if (state.roles === undefined) throw new Error('the roles were not started');
  return state.roles;
};

beforeAll(async () => {
  state.roles = await startRoleProcesses();
  await Promise.all(roleNames.map(roles().start));
});

afterAll(async () => {
  await state.roles?.close();
});

/** The roles in the order in which they die, so many orders apart. */
const victims: readonly RoleName[] = ['decider', 'worker', 'web', 'floor', 'projector', 'starter'];
const firstDeath = 4;
const ordersBetweenDeaths = 5;

describe('kill -9 of each role in the middle of a play', () => {
  it(
    'leaves no order behind, charges nobody twice and loses nothing',
    async () => {
      onTestFailed(() => {
        process.stderr.write(`seed ${String(seed)}\n${roles().logTails(30)}\n`);
      });
      const deaths = happeningsOf(
        victims.map((role, index) => ({
          after: firstDeath + index * ordersBetweenDeaths,
          act: async () => {
            await roles().kill(role);
            await roles().start(role);
          },
        })),
      );
      const play = playMadeUp(roles(), { orders, seed, patienceSeconds, onOrder: deaths.onOrder });
      const summary = await Promise.race([play, deaths.failed]);
      expect(await deaths.ended()).toBe(victims.length);
      expect(summary.differences).toEqual([]);
      expect(summary.placed + summary.repeated + summary.refused).toBe(orders);
      // The answer of a request that was cut off is asked for again, and found.
      const shipped = summary.placed + summary.repeated;
      expect(summary.byStatus).toEqual({ Completed: shipped });
      const refusable = generatedInvoices(orders, seed).filter(({ customer }) => customer === null).length;
      expect(summary.refusedByReason['customer_missing'] ?? 0).toBe(refusable);
      expect(summary.mails).toBeGreaterThanOrEqual(2 * shipped);
    },
    testMilliseconds,
  );

  it('ends each role with exit code 0 when it is asked to', async () => {
    const codes = await Promise.all(roleNames.map(async (role) => [role, await roles().stop(role)] as const));
    expect(codes).toEqual(roleNames.map((role) => [role, 0]));
    // Nothing is logged after that, such as a poll that fails because its connection is closed.
    const lastLines = roles().logTails(1);
    for (const role of roleNames) expect(lastLines).toMatch(new RegExp(`"msg":"${role} stopped"`));
  });
});
