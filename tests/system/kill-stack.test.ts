// The power goes in the middle of a play: every process of the stack is killed, its databases' server too. Started again
// on the same folder it goes on, and the player, who only waits and asks again, gets every order to its end.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import {
  roleLogPath,
  type StackPlace,
  stackPlace,
  type StackProcess,
  startStack,
} from '../support/local-stacks.js';
import { happeningsOf, playMadeUp } from '../support/plays.js';

const seed = 11;
const orders = 60;
const killAfter = 15;
const patienceSeconds = 150;
const testMilliseconds = 230_000;

const state: { place?: StackPlace; stack?: StackProcess } = {};

beforeAll(async () => {
  state.place = await stackPlace();
});

afterAll(async () => {
  await state.place?.clear();
});

const place = (): StackPlace => {
  if (state.place === undefined) throw new Error('there is no place for a stack');
  return state.place;
};

it(
  'goes on after kill -9 of the whole stack in the middle of a play, and all books agree',
  async () => {
    onTestFailed(async () => {
      const log = await readFile(roleLogPath(place()), 'utf8').catch(() => '');
      process.stderr.write(`seed ${String(seed)}\n${log.split('\n').slice(-40).join('\n')}\n`);
    });
    const first = await startStack(place());
    const powerCut = happeningsOf([
      {
        after: killAfter,
        act: async () => {
          await first.killAll();
          state.stack = await startStack(place());
        },
      },
    ]);
    const play = playMadeUp(first, { orders, seed, patienceSeconds, onOrder: powerCut.onOrder });
    const summary = await Promise.race([play, powerCut.failed]);
    expect(await powerCut.ended()).toBe(1);
    expect((await first.program.ended).signal).toBe('SIGKILL');
    expect(summary.differences).toEqual([]);
    const shipped = summary.placed + summary.repeated;
    expect(shipped + summary.refused).toBe(orders);
    expect(shipped).toBeGreaterThan(killAfter);
    expect(summary.byStatus).toEqual({ Completed: shipped });
    expect(summary.mails).toBeGreaterThanOrEqual(2 * shipped);
    const ended = await state.stack?.interrupt();
    expect(ended?.code).toBe(0);
  },
  testMilliseconds,
);
