import * as E from 'fp-ts/lib/Either.js';
import type { PickedLine } from '../../fulfilment.js';
import { add, type Money, type MoneyProblem, multiply, sum, zero } from '../../money.js';
import type { OrderPlaced } from '../events.js';
import type { PlacedOrder } from '../order.js';

/**
 * What the customer owes for what was packed: packed quantity × unit price of each line, plus the whole delivery
 * charge with the parcel. Nothing is due, delivery included, when no unit was packed.
 */
export const amountDue = (
  terms: OrderPlaced,
  lines: readonly PickedLine[],
): E.Either<MoneyProblem, Money> => {
  const pickedByLine = new Map(lines.map(({ lineNumber, picked }) => [lineNumber, picked]));
  const amounts: Money[] = [];
  for (const line of terms.lines) {
    const amount = multiply(line.unitPrice, pickedByLine.get(line.lineNumber) ?? 0);
    if (E.isLeft(amount)) return amount;
    amounts.push(amount.right);
  }
  const goods = sum(amounts, terms.currency);
  if (E.isLeft(goods)) return goods;
  return goods.right.minor === 0 ? E.right(zero(terms.currency)) : add(goods.right, terms.delivery);
};

/** What the order owes as far as it is known: the total until the goods are picked, then what was picked of it. */
export const amountOwed = ({ terms, fulfilment }: PlacedOrder): E.Either<MoneyProblem, Money> =>
  fulfilment.status === 'waiting' ? E.right(terms.total) : amountDue(terms, fulfilment.lines);
