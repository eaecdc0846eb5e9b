// Brings any order to an end, the shortest way: what is open is answered, then it is shipped or cancelled.
import * as E from 'fp-ts/lib/Either.js';
import type { OrderCommand } from '../../../../domain/order/commands.js';
import { decide } from '../../../../domain/order/decide.js';
import type { OrderEvent } from '../../../../domain/order/events.js';
import { evolve } from '../../../../domain/order/evolve.js';
import type { PlacedOrder } from '../../../../domain/order/order.js';
import { finalPhases, phaseOf } from '../../../../domain/order/phase.js';
import { refundableAmount } from '../../../../domain/order/rules/kept-money.js';
import * as the from '../../../support/examples.js';
import { instantOf } from '../../../support/ids.js';
import * as more from '../../../support/order/payment-examples.js';
import { closingCommands } from '../../../support/order/random-commands.js';

const waysOut = (order: PlacedOrder, milliseconds: number): readonly OrderCommand[] => {
  const at = instantOf(milliseconds);
  const refundId = `operator-${String(order.refunds.length)}`;
  return [
    { ...the.complete, at },
    { ...the.cancel, at, by: 'operator' },
    { ...the.recordDeclined, at, attempt: order.tries.length },
    { ...the.recordChargeFailed, at, attempt: order.chargeAttempts },
    ...closingCommands(order, milliseconds),
    // A refund that failed is an operator's to repeat.
    ...(order.lifecycle.stage === 'cancelling'
      ? [{ ...more.refund(refundId, refundableAmount(order)), at }]
      : []),
  ];
};

/** The facts that end the order; as many as it takes, and none for an order that has ended. Gives up after 60. */
export const endedFacts = (start: PlacedOrder, milliseconds: number): readonly OrderEvent[] => {
  const facts: OrderEvent[] = [];
  let order = start;
  while (!finalPhases.has(phaseOf(order)) && facts.length < 60) {
    const known = order;
    const added = waysOut(known, milliseconds)
      .map((command) => decide(known, command))
      .flatMap((decision) => (E.isRight(decision) && decision.right.length > 0 ? [decision.right] : []))[0];
    if (added === undefined) break;
    facts.push(...added);
    const next = added.reduce(evolve, known);
    if (next.type === 'no_order') break;
    order = next;
  }
  return facts;
};
