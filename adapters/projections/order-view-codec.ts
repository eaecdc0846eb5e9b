import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type OrderView, orderViewOf } from '../../application/read-models/order-view.js';
import { phases } from '../../domain/order/phase.js';
import { malformed, type SchemaProblem } from '../event-schema/problem.js';
import { instant, oneOf, wholeNumber } from '../event-schema/values.js';
import { placedOrder } from './placed-order-codec.js';

// An order view lies in the table as the order and what its events say beside it. The rest of the view follows from
// these and is made again when it is read, so the two cannot disagree.

/** A phase by its name. */
export const phase = oneOf('Phase', ...phases);

const storedView = t.strict({ order: placedOrder, revision: wholeNumber, changedAt: instant }, 'OrderView');

/** What is stored of a view, as JSON can hold it. */
export const encodeOrderView = (view: OrderView): unknown => storedView.encode(view);

/** The view that was stored; a problem, which never quotes it, when it has a form of another version. */
export const decodeOrderView = (stored: unknown): E.Either<SchemaProblem, OrderView> => {
  const view = storedView.decode(stored);
  if (E.isLeft(view)) return E.left(malformed(view.left));
  const { order, revision, changedAt } = view.right;
  return E.right(orderViewOf(order, revision, changedAt));
};
