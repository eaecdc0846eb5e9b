import type { System } from '../../application/ports/system.js';
import type { Instant } from '../../domain/instant.js';
import { commandIdNumbered, instantOf } from '../support/ids.js';

/** A system whose waits are over at once and move its clock on. `waits` are their lengths in milliseconds. */
export type VirtualSystem = System & { readonly waits: readonly number[] };

/** A virtual system that begins at an instant. `onWait` is called before each wait, with its number from 1. */
export const virtualSystem = (
  start: Instant = instantOf(1_767_603_600_000),
  onWait: (count: number) => void = () => undefined,
): VirtualSystem => {
  const waits: number[] = [];
  let now = start;
  let ids = 0;
  return {
    waits,
    now: () => now,
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    newCommandId: () => commandIdNumbered((ids += 1)),
    wait: (milliseconds) => async () => {
      waits.push(milliseconds);
      now = instantOf(now + Math.round(milliseconds));
      onWait(waits.length);
    },
  };
};
