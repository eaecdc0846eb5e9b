// The people of the warehouse around one order: they work as soon as they are asked, again when their report failed,
// and know where the goods really are.
import * as E from 'fp-ts/lib/Either.js';
import { handleOrderCommand, loadOrder } from '../../../../application/handle-order-command.js';
import type { System } from '../../../../application/ports/system.js';
import type { StepPorts } from '../../../../application/steps/step-ports.js';
import type { Instant } from '../../../../domain/instant.js';
import type { OrderCommand } from '../../../../domain/order/commands.js';
import type { PlacedOrder } from '../../../../domain/order/order.js';
import { type Situation, situationOf } from '../../../../domain/process/situation.js';
import type { FloorStepName } from '../../../../domain/process/steps.js';
import * as the from '../../examples.js';

/** What a picker finds: everything, one unit of the first line too few, or nothing at all. */
export type Picks = 'all' | 'one short' | 'nothing';

/** Where the goods of the order really are. */
export type Goods = 'on the shelf' | 'off the shelf' | 'with the carrier';

const shortOf = (picks: Picks, lineNumber: number, quantity: number): number => {
  if (picks === 'nothing') return quantity;
  return picks === 'one short' && lineNumber === 1 ? 1 : 0;
};

const floorCommand = (order: PlacedOrder, step: FloorStepName, picks: Picks, at: Instant): OrderCommand => {
  if (step === 'Pack') return { ...the.pack, at };
  if (step === 'Ship') return { ...the.ship, at };
  if (step === 'PutBack') return { type: 'RecordPutBack', at, putBackBy: 'Ada' };
  const lines = order.terms.lines.map(({ lineNumber, quantity }) => {
    const short = shortOf(picks, lineNumber, quantity);
    const shortReason = short > 0 ? ('not_in_bin' as const) : null;
    return { lineNumber, picked: quantity - short, short, shortReason };
  });
  return { type: 'RecordPick', at, lines, pickedBy: 'Ada' };
};

const goodsAfter: Readonly<Record<FloorStepName, Goods>> = {
  Pick: 'off the shelf',
  Pack: 'off the shelf',
  Ship: 'with the carrier',
  PutBack: 'on the shelf',
};

const statusAfter = { Pick: 'picked', Pack: 'packed', Ship: 'shipped', PutBack: 'put_back' } as const;

/** The floor; `work` does a step and answers where the order then stands. What the order refuses is left alone. */
export const createFloor = (system: System, picks: Picks) => {
  let goods: Goods = 'on the shelf';
  const work = async (through: StepPorts, step: FloorStepName): Promise<Situation> => {
    for (let attempts = 1; attempts <= 20; attempts += 1) {
      const loaded = await loadOrder(through)(the.orderId)();
      if (E.isRight(loaded) && loaded.right.type === 'placed_order') {
        const command = floorCommand(loaded.right, step, picks, system.now());
        const context = { actor: { type: 'floor', name: 'Ada' } as const, correlationId: the.orderId };
        const handled = await handleOrderCommand(through)(the.orderId, command, context)();
        const result = E.isRight(handled) ? handled.right : handled.left;
        if ('order' in result && result.order.type === 'placed_order') {
          const nothing = step === 'Pick' && picks === 'nothing';
          // A late report of work that was done before moves nothing.
          const isNow = result.order.fulfilment.status === statusAfter[step];
          if (E.isRight(handled) && isNow && !nothing) goods = goodsAfter[step];
          return situationOf(result.order);
        }
      }
      await system.wait(60_000)();
    }
    throw new Error(`the floor cannot ${step}`);
  };
  return { work, goods: (): Goods => goods };
};
