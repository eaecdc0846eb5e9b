// Every step that is registered is killed at four moments of its first run: before its call of the world, after it,
// after its facts are stored, and before its reply. A new step joins by its name; without a story it fails here.
import { beforeAll, describe, expect, it } from 'vitest';
import { stepNames } from '../../domain/process/steps.js';
import type { Fault } from '../support/order/faults.js';
import { play, type PlayedCall } from '../support/order/stories/plays.js';
import { stories, type Story } from '../support/order/stories/stories.js';

type Played = { readonly story: Story; readonly calls: readonly PlayedCall[] };
const played: Played[] = [];

beforeAll(async () => {
  for (const story of stories) played.push({ story, calls: (await play(story)).calls });
});

const isOf =
  (name: string) =>
  ({ step }: PlayedCall): boolean =>
    step !== null && (step === name || step.startsWith(`${name}.`));

const isEffect = ({ name }: PlayedCall): boolean =>
  !name.startsWith('eventStore.') && !/\.(find\w+|withdrawn|evidenceOf|snapshot)$/.test(name);

/** Positions of the calls of the first run of a step. */
const callsOfStep = ({ calls }: Played, name: string): readonly number[] => {
  const first = calls.findIndex(isOf(name));
  const key = calls[first]?.step;
  const after = calls.findIndex(({ step }, index) => index > first && step !== key);
  return calls.flatMap((_call, index) =>
    index >= first && (after < 0 || index < after) && first >= 0 ? [index] : [],
  );
};

/** The call by which a step changes the world outside the order's stream, or else the one by which it stores its facts. */
const mainCall = (one: Played, positions: readonly number[]): number => {
  const effect = positions.find((index) => {
    const call = one.calls[index];
    return call !== undefined && isEffect(call);
  });
  const append = positions.find((index) => one.calls[index]?.name === 'eventStore.append');
  return effect ?? append ?? positions.at(-1) ?? -1;
};

describe.each(stepNames)('the worker of %s', (name) => {
  const storiesWithIt = (): readonly Played[] => played.filter((one) => callsOfStep(one, name).length > 0);

  const killAt = async (positionOf: (one: Played, positions: readonly number[]) => number, fault: Fault) => {
    const found = storiesWithIt();
    expect(found.length, `stories with ${name}`).toBeGreaterThan(0);
    for (const one of found.slice(0, 3)) {
      const position = positionOf(one, callsOfStep(one, name));
      expect(position).toBeGreaterThanOrEqual(0);
      await play(one.story, { faults: new Map([[position, fault]]) });
    }
  };

  it('may die before its call', async () => killAt(mainCall, 'caller dies before'));

  it('may die after its call', async () => killAt(mainCall, 'caller dies after'));

  it('may die after its facts are stored', async () => {
    const lastAppend = ({ calls }: Played, positions: readonly number[]): number =>
      positions.findLast((index) => calls[index]?.name === 'eventStore.append') ?? positions.at(-1) ?? -1;
    await killAt(lastAppend, 'caller dies after');
  });

  it('may die before its reply', async () => {
    const found = storiesWithIt();
    expect(found.length, `stories with ${name}`).toBeGreaterThan(0);
    for (const { story } of found.slice(0, 3)) {
      let deaths = 0;
      await play(story, {
        diesBeforeReply: ({ step }) => step.name === name && (deaths += 1) === 1,
      });
      expect(deaths).toBeGreaterThan(0);
    }
  });
});
