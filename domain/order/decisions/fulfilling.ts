import { type PickedLine, heaviestParcelGrams } from '../../fulfilment.js';
import { hasPassed, plusSeconds } from '../../instant.js';
import type {
  RecordDelivery,
  RecordPack,
  RecordPick,
  RecordPutBack,
  RecordShipment,
  ReleaseToWarehouse,
} from '../commands.js';
import type { PlacedOrder } from '../order.js';
import { accept, alreadyDone, type Decision, type Refusal, refuse, refuseInPhase } from '../refusal.js';

// What people do with the goods, and the one rule above all: nothing leaves the building uncharged.

/** Hands the order to the warehouse once goods and money are held for long enough and the grace period is over. */
export const releaseToWarehouse = (order: PlacedOrder, command: ReleaseToWarehouse): Decision => {
  const { lifecycle, payment, stock, holds } = order;
  if (lifecycle.stage === 'released' || lifecycle.stage === 'completed') return alreadyDone;
  if (lifecycle.stage !== 'validated' || payment.status !== 'reserved' || stock.status !== 'committed') {
    return refuseInPhase(order, command);
  }
  if (holds.size > 0) return refuse({ type: 'on_hold', reasons: [...holds] });
  const until = plusSeconds(payment.at, command.graceSeconds);
  if (!hasPassed(until, command.at)) return refuse({ type: 'grace_not_over', until });
  const { captureBefore } = payment.reservation;
  if (hasPassed(captureBefore, plusSeconds(command.at, command.pickSeconds))) {
    return refuse({ type: 'reservation_expired', captureBefore });
  }
  return accept({ type: 'ReleasedToWarehouse', at: command.at });
};

const pickProblem = (order: PlacedOrder, lines: readonly PickedLine[]): Refusal | null => {
  const ordered = new Map(order.terms.lines.map((line) => [line.lineNumber, line.quantity]));
  const seen = new Set<number>();
  for (const { lineNumber, picked, short, shortReason } of lines) {
    const quantity = ordered.get(lineNumber);
    if (quantity === undefined) return { type: 'pick_line_unknown', lineNumber };
    if (seen.has(lineNumber)) return { type: 'pick_line_repeated', lineNumber };
    seen.add(lineNumber);
    const whole = Number.isInteger(picked) && Number.isInteger(short) && picked >= 0 && short >= 0;
    if (!whole || picked + short !== quantity) {
      return { type: 'picked_quantity_wrong', lineNumber, ordered: quantity };
    }
    if (short > 0 && shortReason === null) return { type: 'short_reason_missing', lineNumber };
  }
  const missing = order.terms.lines.find(({ lineNumber }) => !seen.has(lineNumber));
  if (missing !== undefined) return { type: 'pick_line_missing', lineNumber: missing.lineNumber };
  return null;
};

/**
 * Every ordered line with what was found of it: never more than ordered, a shortage only with its reason. An order of
 * which nothing was found is cancelled.
 */
export const recordPick = (order: PlacedOrder, command: RecordPick): Decision => {
  if (order.fulfilment.status !== 'waiting') return alreadyDone;
  if (order.lifecycle.stage !== 'released') return refuseInPhase(order, command);
  const problem = pickProblem(order, command.lines);
  if (problem !== null) return refuse(problem);
  const { at, lines, pickedBy } = command;
  const picked = { type: 'Picked', at, lines, pickedBy } as const;
  return lines.some((line) => line.picked > 0)
    ? accept(picked)
    : accept(picked, { type: 'CancellationRequested', at, by: 'checkout', reason: 'out_of_stock' });
};

/** The picked goods in their parcels, numbered from 1, each with a weight. */
export const recordPack = (order: PlacedOrder, command: RecordPack): Decision => {
  const { status } = order.fulfilment;
  if (status === 'packed' || status === 'shipped') return alreadyDone;
  if (order.lifecycle.stage !== 'released' || status !== 'picked') return refuseInPhase(order, command);
  const valid = command.parcels.every(
    ({ parcelNumber, weightGrams }, index) =>
      parcelNumber === index + 1 &&
      Number.isInteger(weightGrams) &&
      weightGrams > 0 &&
      weightGrams <= heaviestParcelGrams,
  );
  if (!valid || command.parcels.length === 0) return refuse({ type: 'parcels_invalid' });
  return accept({ type: 'Packed', at: command.at, parcels: command.parcels, packedBy: command.packedBy });
};

/** Parcels handed to the carrier. Refused while the charge is not stored or a hold stands. */
export const recordShipment = (order: PlacedOrder, command: RecordShipment): Decision => {
  if (order.fulfilment.status === 'shipped') return alreadyDone;
  if (order.lifecycle.stage !== 'released' || order.fulfilment.status !== 'packed') {
    return refuseInPhase(order, command);
  }
  if (order.payment.status !== 'charged') return refuse({ type: 'not_charged' });
  if (order.holds.size > 0) return refuse({ type: 'on_hold', reasons: [...order.holds] });
  return accept({
    type: 'Shipped',
    at: command.at,
    handover: command.handover,
    shippedBy: command.shippedBy,
  });
};

/** The carrier delivered the parcels. */
export const recordDelivery = (order: PlacedOrder, command: RecordDelivery): Decision => {
  const { fulfilment } = order;
  if (fulfilment.status !== 'shipped') return refuseInPhase(order, command);
  return fulfilment.deliveredAt === null ? accept({ type: 'Delivered', at: command.at }) : alreadyDone;
};

/** The goods of an order on its way out are back in their bins. */
export const recordPutBack = (order: PlacedOrder, command: RecordPutBack): Decision => {
  const { status } = order.fulfilment;
  if (status === 'put_back') return alreadyDone;
  const offTheShelf = status === 'picked' || status === 'packed';
  if (order.lifecycle.stage !== 'cancelling' || !offTheShelf) return refuseInPhase(order, command);
  return accept({ type: 'GoodsPutBack', at: command.at, putBackBy: command.putBackBy });
};
