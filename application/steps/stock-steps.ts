import * as E from 'fp-ts/lib/Either.js';
import { plusSeconds } from '../../domain/instant.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { LineUnits } from '../ports/stock.js';
import { carryOut, notDone, type StepContext, type StepResult } from './step-ports.js';

// Steps of the `orders` workers that move goods in the stock ledger. The ledger knows repeats by the order's id.

/** Units that a picker did not find: nobody sells them before somebody counts. */
export const missingUnits = ({ fulfilment }: PlacedOrder): readonly LineUnits[] =>
  fulfilment.status === 'waiting'
    ? []
    : fulfilment.lines.flatMap(({ lineNumber, short }) => (short > 0 ? [{ lineNumber, units: short }] : []));

/** Holds the goods. If the order was cancelled in the meantime, what was taken is given back at once. */
export const reserveStock = async (context: StepContext): Promise<StepResult> => {
  const { ports, policy, task, order } = context;
  if (order.lifecycle.stage !== 'validated' || order.stock.status !== 'none') return E.right(order);
  const at = ports.system.now();
  const until = plusSeconds(at, policy.stockHoldSeconds);
  const outcome = await ports.stock.reserve(task.orderId, order.terms.lines, until, at)();
  if (E.isLeft(outcome)) return notDone(outcome.left.type);
  const command = { type: 'RecordStockReservation', at, outcome: outcome.right } as const;
  const recorded = await carryOut(context, order, command);
  if (E.isLeft(recorded)) return recorded;
  const { status } = recorded.right.stock;
  if (status === 'reserved' || status === 'committed') return recorded;
  const released = await ports.stock.release(task.orderId, [])();
  return E.isLeft(released) ? notDone(released.left.type) : recorded;
};

/** Makes the hold last for as long as the customer may name another card, with a minute to spare. */
export const extendStock = async (context: StepContext): Promise<StepResult> => {
  const { ports, policy, task, order } = context;
  if (order.lifecycle.stage !== 'validated' || order.stock.status !== 'reserved') return E.right(order);
  const at = ports.system.now();
  const until = plusSeconds(
    at,
    Math.max(policy.settings.payAgainSeconds, policy.settings.challengeSeconds) + 60,
  );
  const outcome = await ports.stock.reserve(task.orderId, order.terms.lines, until, at)();
  if (E.isLeft(outcome)) return notDone(outcome.left.type);
  // Goods that were lost meanwhile are missed when the hold is to become permanent.
  if (outcome.right.type === 'unavailable') return notDone('goods_lost');
  return carryOut(context, order, { type: 'RecordStockReservation', at, outcome: outcome.right });
};

/** Makes the hold permanent. */
export const commitStock = async (context: StepContext): Promise<StepResult> => {
  const { ports, task, order } = context;
  if (order.lifecycle.stage !== 'validated' || order.stock.status !== 'reserved') return E.right(order);
  const at = ports.system.now();
  const outcome = await ports.stock.commit(task.orderId, at)();
  if (E.isLeft(outcome)) return notDone(outcome.left.type);
  return carryOut(context, order, { type: 'RecordStockCommitment', at, outcome: outcome.right });
};

/** Gives the goods of an order on its way out back. */
export const releaseStock = async (context: StepContext): Promise<StepResult> => {
  const { ports, task, order } = context;
  const { stage } = order.lifecycle;
  if (stage !== 'cancelling' && stage !== 'rejected') return E.right(order);
  const released = await ports.stock.release(task.orderId, missingUnits(order))();
  if (E.isLeft(released)) return notDone(released.left.type);
  return carryOut(context, order, { type: 'RecordStockRelease', at: ports.system.now() });
};

/** Books the shipped units out of the ledger and completes the order. */
export const completeOrder = async (context: StepContext): Promise<StepResult> => {
  const { ports, task, order } = context;
  const { fulfilment } = order;
  if (order.lifecycle.stage === 'completed' || fulfilment.status !== 'shipped') return E.right(order);
  const shipped = fulfilment.lines.map(({ lineNumber, picked }) => ({ lineNumber, units: picked }));
  const settled = await ports.stock.settle(task.orderId, shipped, missingUnits(order))();
  if (E.isLeft(settled)) return notDone(settled.left.type);
  return carryOut(context, order, { type: 'CompleteOrder', at: ports.system.now() });
};
