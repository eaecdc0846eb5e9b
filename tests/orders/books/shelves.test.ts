// The shelves of a whole play: what is gone was shipped, what is missing was not found, and nothing stays held.
import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../../domain/order/events.js';
import type { GroundTruths } from '../../../infrastructure/orders/books/ground-truths.js';
import type { Picks } from '../../../infrastructure/orders/books/reconcile.js';
import { shelfDifferences, type Shelves } from '../../../infrastructure/orders/books/shelves.js';
import * as the from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { storedOf } from './stored.js';

const { orderId } = the;

type Level = { readonly onHand: number; readonly held?: number; readonly missing?: number };

const shelvesOf = (hearts: Level, stands: Level, at: number = the.opening): Shelves => {
  const level = (code: typeof the.heartHolders.code, { onHand, held = 0, missing = 0 }: Level) =>
    [code, { code, bin: 'A1', onHand, held, missing }] as const;
  const levels = new Map<string, ReturnType<typeof level>[1]>([
    level(the.heartHolders.code, hearts),
    level(the.cakeStands.code, stands),
  ]);
  return { at, levels };
};

const truthsOf = (events: readonly OrderEvent[], lastStrangerAt = 0): GroundTruths => ({
  ...{ events: new Map([[orderId, storedOf(events)]]), lastStrangerAt },
  ...{ payments: new Map(), mails: new Map(), views: new Map(), holds: new Map() },
  openProcesses: new Set(),
});

const before = shelvesOf({ onHand: 10 }, { onHand: 10 });
const shipped = truthsOf(histories.completed.events);
const none: Picks = new Map();
const told = (after: Shelves, truths: GroundTruths = shipped, picks: Picks = none) =>
  shelfDifferences(before, after, truths, picks)?.map(({ what }) => what) ?? null;

describe('the shelves after a play', () => {
  it('lack what was shipped', () => {
    expect(told(shelvesOf({ onHand: 4 }, { onHand: 8 }))).toStrictEqual([]);
    expect(told(shelvesOf({ onHand: 5 }, { onHand: 8 }))).toStrictEqual([
      'article 85123A: 5 units less on the shelf, 0 more missing, 0 more held; 6 were shipped, 0 not found',
    ]);
  });

  it('lack what people took, whatever is stored, and miss what they did not find', () => {
    const lines = [
      { lineNumber: 1, units: 5 },
      { lineNumber: 2, units: 2 },
    ];
    const picks: Picks = new Map([[orderId, lines]]);
    expect(told(shelvesOf({ onHand: 5, missing: 1 }, { onHand: 8 }), shipped, picks)).toStrictEqual([]);
    expect(told(shelvesOf({ onHand: 4 }, { onHand: 8 }), shipped, picks)).toHaveLength(1);
  });

  it('are as they were after a cancellation, and hold nothing', () => {
    const cancelled = truthsOf(histories.cancelled.events);
    expect(told(shelvesOf({ onHand: 10 }, { onHand: 10 }), cancelled)).toStrictEqual([]);
    expect(told(shelvesOf({ onHand: 10, held: 6 }, { onHand: 10 }), cancelled)).toHaveLength(1);
  });

  it('are as they were when the order had ended before', () => {
    const at = the.after(100_000);
    const same = shelvesOf({ onHand: 4 }, { onHand: 8 }, at);
    expect(shelfDifferences(same, same, shipped, none)).toStrictEqual([]);
  });

  it('tell nothing when an order was under way before, or others ordered meanwhile', () => {
    const after = shelvesOf({ onHand: 4 }, { onHand: 8 });
    const midway = { ...before, at: the.after(600) };
    expect(shelfDifferences(midway, after, shipped, none)).toBeNull();
    const busy = truthsOf(histories.completed.events, the.after(60));
    expect(told(after, busy)).toBeNull();
  });
});
