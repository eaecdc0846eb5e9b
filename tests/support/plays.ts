// Plays of made-up orders against a stack, with something happening in the middle.
import { playOrders, type PlayOptions } from '../../infrastructure/orders/player.js';
import { generatedFile } from '../../infrastructure/orders/invoices/generated-invoices.js';
import type { Summary } from '../../infrastructure/orders/summary.js';
import type { StackSecrets } from '../../infrastructure/local/stack/secrets.js';
import type { RunningStack } from '../../infrastructure/local/stack/stack-file.js';

/** The stack to play against. */
export type Played = { readonly running: RunningStack; readonly secrets: StackSecrets };

/** What a test decides about a play; everything else is the same for all. */
export type PlaySettings = {
  readonly orders: number;
  readonly seed: number;
  readonly patienceSeconds: number;
  /** Called after each order that came to its end, with how many have. */
  readonly onOrder?: (done: number) => void;
  /** Whether the cancellations of the made-up file are played too. */
  readonly cancellations?: boolean;
} & Partial<Pick<PlayOptions, 'concurrency' | 'paymentMethod' | 'declineEvery' | 'shortPickEvery'>>;

/** Plays made-up orders and answers the reconciled summary. */
export const playMadeUp = (stack: Played, settings: PlaySettings): Promise<Summary> => {
  const { orders, seed, patienceSeconds, onOrder } = settings;
  const state = { done: 0 };
  const file = generatedFile(orders, seed);
  const cancellations = settings.cancellations === true ? file.cancellations : [];
  return playOrders(
    stack.running,
    stack.secrets,
    { orders: file.orders, cancellations },
    {
      source: `made-up-${String(seed)}`,
      concurrency: settings.concurrency ?? 16,
      crewSize: 4,
      paymentMethod: settings.paymentMethod ?? 'pm_card_visa',
      declineEvery: settings.declineEvery ?? null,
      shortPickEvery: settings.shortPickEvery ?? null,
      patienceSeconds,
      progress: () => ({
        step: () => {
          state.done += 1;
          onOrder?.(state.done);
        },
        end: () => undefined,
      }),
    },
  );
};

/** Something to be done once that many orders have come to their end. */
export type Happening = { readonly after: number; readonly act: () => Promise<void> };

/**
 * Happenings in the course of a play: hand over `onOrder`, and let the play race with `failed`, which rejects when one of
 * them goes wrong. `ended` answers how many came up, when all of those are done.
 */
export const happeningsOf = (happenings: readonly Happening[]) => {
  const underWay: Promise<void>[] = [];
  let fail: (failure: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  return {
    failed,
    onOrder: (done: number): void => {
      for (const { after, act } of happenings) {
        if (after !== done) continue;
        const acting = act();
        acting.catch(fail);
        underWay.push(acting);
      }
    },
    ended: async (): Promise<number> => (await Promise.all(underWay)).length,
  };
};
