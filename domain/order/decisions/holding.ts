import type { PlaceHold, ReleaseHold } from '../commands.js';
import type { PlacedOrder } from '../order.js';
import { finalPhases, phaseOf } from '../phase.js';
import { accept, alreadyDone, type Decision, refuseInPhase } from '../refusal.js';

// Reasons to wait for a person. Several hold an order at once, each by itself; none undoes anything.

/** Nothing is charged and nothing leaves the building until the hold is released; what is on the floor is picked on. */
export const placeHold = (order: PlacedOrder, command: PlaceHold): Decision => {
  const { at, reason, by } = command;
  if (order.holds.has(reason)) return alreadyDone;
  const { stage } = order.lifecycle;
  const open =
    stage === 'placed' || stage === 'authenticated' || stage === 'validated' || stage === 'released';
  if (!open || phaseOf(order) === 'Shipped') return refuseInPhase(order, command);
  return accept({ type: 'HoldPlaced', at, reason, by });
};

/** Takes one reason away; the order goes on when none is left. A hold of an order that has ended changes nothing any more. */
export const releaseHold = (order: PlacedOrder, command: ReleaseHold): Decision => {
  const { at, reason, by } = command;
  if (!order.holds.has(reason)) return alreadyDone;
  return finalPhases.has(phaseOf(order))
    ? refuseInPhase(order, command)
    : accept({ type: 'HoldReleased', at, reason, by });
};
