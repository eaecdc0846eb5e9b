// A story played from its beginning to its end, with whatever goes wrong on the way; the books are checked afterwards.
import { expect } from 'vitest';
import type { Phase } from '../../../../domain/order/phase.js';
import { stepKey } from '../../../../domain/process/steps.js';
import { expectCleanSlate } from '../books.js';
import { type Fault, faultsAt } from '../faults.js';
import { intercepted } from '../port-calls.js';
import { createEngine, type EngineOptions } from '../process-engine.js';
import type { Story } from './stories.js';
import { createWorld } from '../world.js';

/** What goes otherwise than in the story. */
export type Mishaps = {
  /** Faults by the number of the port call, from 0. */
  readonly faults?: ReadonlyMap<number, Fault>;
  /** The customer cancels before this port call; `tell`: the process hears of it. */
  readonly cancellation?: { readonly call: number; readonly tell: boolean } | null;
  /** The workflow is lost after so many decisions. */
  readonly restartAt?: number;
  readonly ends?: readonly Phase[];
} & Pick<EngineOptions, 'runs' | 'notices' | 'diesBeforeReply'>;

/** One port call of a play, and the step in whose run it was made; null outside of any run. */
export type PlayedCall = { readonly name: string; readonly step: string | null };

const mostRounds = 600;

const usualEnds = new Map<Story, number>();
/** One mishap may cost a run's time-out and the wait after it, the longest of which is that for a carrier. */
const mostDelaySeconds = 4.5 * 3_600;

/** After a single fault the order ends hardly later than it would have. */
const expectTimely = (story: Story, { faults, cancellation, restartAt }: Mishaps, endedAt: number): void => {
  const count = faults?.size ?? 0;
  if (count === 0 && cancellation === undefined && restartAt === undefined) usualEnds.set(story, endedAt);
  const usual = usualEnds.get(story);
  if (count !== 1 || cancellation !== undefined || usual === undefined) return;
  expect((endedAt - usual) / 1000, 'seconds late').toBeLessThanOrEqual(mostDelaySeconds);
};

/** Plays a story and checks the books; throws when they do not balance. */
export const play = async (story: Story, mishaps: Mishaps = {}) => {
  const { faults = new Map(), cancellation = null, ends = [story.end], restartAt, ...how } = mishaps;
  const world = await createWorld(story.circumstances);
  let step: string | null = null;
  const calls: PlayedCall[] = [];
  const plan = faultsAt(faults, async (call) => {
    calls.push({ name: plan.calls[call] ?? '', step });
    if (call === cancellation?.call) await world.cancel(cancellation.tell);
  });
  const { death, through } = plan;
  const engine = createEngine(world, {
    ...{ ports: intercepted(world.ports, through), death, notices: story.notices ?? 'lost', ...how },
    onRun: (run) => {
      step = run === null ? null : stepKey(run.step);
    },
  });
  let decisions = 0;
  while (decisions < mostRounds && (restartAt === undefined || decisions < restartAt)) {
    if ((await engine.round()) === 'ended') break;
    decisions += 1;
  }
  if (restartAt !== undefined) engine.restart();
  const facts = await engine.runToEnd();
  const phase = await expectCleanSlate(world, ends, faults.size > 1);
  expectTimely(story, mishaps, world.system.now());
  return { calls, facts, phase, world, decisions };
};

const reading = /\.(read|find\w+|withdrawn|evidenceOf|snapshot|paymentsOf)$/;

/** The faults that make a difference for a call: of a question it does not matter how its answer was lost. */
export const faultsOf = (name: string): readonly Fault[] =>
  reading.test(name)
    ? ['fails', 'caller dies before']
    : ['fails', 'answer lost', 'caller dies before', 'caller dies after'];

/** Does a check for each of these, and says of which one it failed. */
export const forEach = async <Item>(
  items: readonly Item[],
  check: (item: Item) => Promise<unknown>,
): Promise<void> => {
  for (const item of items) {
    try {
      await check(item);
    } catch (problem) {
      throw new Error(`at ${JSON.stringify(item)}`, { cause: problem });
    }
  }
};

/** The numbers from 0 to `count` - 1. */
export const numbersTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index);
