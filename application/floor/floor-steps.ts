import { absurd } from '../../domain/brand.js';
import { isOffTheShelf } from '../../domain/order/decisions/closing.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { FloorStepName } from '../../domain/process/steps.js';
import type { FloorLine } from './floor-ports.js';

// How the steps of the floor follow from where an order stands.

/** Whether the order still waits for this step of the floor. Goods go back when an order on its way out was picked. */
export const isStepAwaited = (order: PlacedOrder, step: FloorStepName): boolean => {
  const { stage } = order.lifecycle;
  if (step === 'PutBack') return stage === 'cancelling' && isOffTheShelf(order);
  if (stage !== 'released') return false;
  const awaited = {
    ...{ waiting: 'Pick', picked: 'Pack', packed: 'Ship' },
    ...{ shipped: null, put_back: null },
  } as const;
  return awaited[order.fulfilment.status] === step;
};

/** Whether the step's fact is stored. Of goods that were put back nobody can say whether they had been packed. */
export const isStepDone = (order: PlacedOrder, step: FloorStepName): boolean => {
  const { status } = order.fulfilment;
  switch (step) {
    case 'Pick':
      return status !== 'waiting';
    case 'Pack':
      return status === 'packed' || status === 'shipped';
    case 'Ship':
      return status === 'shipped';
    case 'PutBack':
      return status === 'put_back';
    default:
      return absurd(step);
  }
};

/**
 * The lines that a step is about, each with its units: as ordered for the pick, later as picked. A line of which
 * nothing was found is not packed and not put back.
 */
export const linesOf = (
  { terms, fulfilment }: PlacedOrder,
  step: FloorStepName,
): ReadonlyArray<Omit<FloorLine, 'bin' | 'scanned'>> => {
  const picked = fulfilment.status === 'waiting' || step === 'Pick' ? null : fulfilment.lines;
  return terms.lines.flatMap(({ lineNumber, code, description, quantity }) => {
    const found = picked?.find((line) => line.lineNumber === lineNumber)?.picked ?? 0;
    const units = picked === null ? quantity : found;
    return units > 0 ? [{ lineNumber, code, description, quantity: units }] : [];
  });
};

/** Whether the order was cancelled, or is being: whoever picks, packs or ships it must stop. */
export const isOnItsWayOut = ({ lifecycle: { stage } }: PlacedOrder): boolean =>
  stage === 'cancelling' || stage === 'cancelled';
