// Stories that nobody thought of: whatever can happen to an order happens in any order, with calls that go wrong and time
// that passes. After each thing the books are looked at; in the end the order ends. A story that goes wrong is shortened
// and told as a timeline: when, who, what.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as E from 'fp-ts/lib/Either.js';
import type { PaymentGateway } from '../../application/ports/payment-gateway.js';
import { everyFault } from '../support/order/faults.js';
import { deedsOf, type StoryPlay, storyOf, tellTimeline } from '../support/order/stories/story-deeds.js';

/** What the test knows of the order without looking: whether it has ended. */
type Model = { ended: boolean };

const commandOf = (who: string, what: string, run: (play: StoryPlay) => Promise<boolean>) => ({
  check: (model: Readonly<Model>): boolean => !model.ended,
  run: async (model: Model, play: StoryPlay): Promise<void> => {
    model.ended = await run(play);
    await play.lookAtBooks();
  },
  toString: (): string => `${who} ${what}`,
});

const deedCommands = deedsOf.map(({ who, what, run }) => fc.constant(commandOf(who, what, run)));
const faultCommands = everyFault.map((fault) =>
  fc.constant(commandOf('next call', fault, async (play) => play.spoil(fault))),
);
const onward = [1, 3, 8].map((rounds) =>
  fc.constant(commandOf('process', `goes on ${String(rounds)}`, (play) => play.goOn(rounds))),
);
/** Steps of the process come three times as often as anything else, or no story would get anywhere. */
const anyCommand = [...onward, ...onward, ...onward, ...deedCommands, ...faultCommands];

const cards = [
  ...['visa', 'visa', 'chargeDeclinedInsufficientFunds', 'chargeDeclinedStolenCard', 'cvcCheckFail'],
  ...['threeDSecure2Required', 'captureDeclined', 'pendingRefund'],
] as const;

const circumstances = fc.record({
  card: fc.constantFrom(...cards).map((name) => `pm_card_${name}`),
  picks: fc.constantFrom('all', 'all', 'one short', 'nothing'),
  reservationSeconds: fc.constantFrom(7 * 86_400, 30 * 3_600),
  notices: fc.constantFrom('lost', 'delivered', 'twice', 'backwards'),
});

const storiesHold = (change: (gateway: PaymentGateway) => PaymentGateway = (gateway) => gateway) =>
  fc.asyncProperty(
    circumstances,
    fc.commands(anyCommand, { maxCommands: 40, size: 'max' }),
    async (around, commands) => {
      const play = await storyOf(around, change);
      try {
        await fc.asyncModelRun(() => ({ model: { ended: false }, real: play }), commands);
        await play.finish();
      } catch (cause) {
        const what = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
        throw new Error(`${tellTimeline(play, around)}\n${String(what)}`, { cause });
      }
    },
  );

describe('any story', () => {
  it('ends with balanced books', { timeout: 60_000 }, async () => {
    await fc.assert(storiesHold(), { numRuns: 150 });
  });

  it('that goes wrong is told as a short timeline', { timeout: 60_000 }, async () => {
    // Planted: a void that is only said to be one.
    const careless = (gateway: PaymentGateway): PaymentGateway => ({
      ...gateway,
      voidReservation: () => async () => E.right('voided'),
    });
    const found = await fc.check(storiesHold(careless), { numRuns: 200, seed: 1 });
    expect(found.failed).toBe(true);
    const error = found.errorInstance;
    const told = error instanceof Error ? error.message.split('\n') : [];
    // Time, who, what; and at the end what was wrong.
    expect(told.at(-1)).toContain('money still held');
    const timeline = told.slice(1, -1);
    expect(timeline.length).toBeLessThanOrEqual(60);
    // Shrunk to what matters: the process and the order go on by themselves, and little is done to them.
    const done = timeline.filter(
      (line) => !/ {2}(process|order) /.test(line) && !line.includes('releases the hold'),
    );
    expect(done.length).toBeLessThanOrEqual(4);
    for (const line of timeline) expect(line).toMatch(/^ {2}\+\d{1,3}d \d\d:\d\d:\d\d {2}\S+ +\S/);
  });
});
