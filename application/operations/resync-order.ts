import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderEvent } from '../../domain/order/events.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { CardPolicy } from '../../domain/payment.js';
import { type OrderSubject, readBack } from '../payments/act-on-notice.js';
import { isAmountWrong } from '../payments/record-outcomes.js';
import type { PaymentGateway } from '../ports/payment-gateway.js';
import {
  answerTo,
  informProcess,
  orderOf,
  type RemedyAnswer,
  type RemedyCall,
  type RemedyError,
  type RemedyPorts,
  settle,
  type Settled,
} from './remedy.js';

/** What resyncing needs beside every remedy's ports. */
export type ResyncPorts = RemedyPorts & { readonly gateway: PaymentGateway; readonly cardPolicy: CardPolicy };

/** Everything the processor can be asked about an order: each try to hold money, and each refund. */
const subjectsOf = ({ terms: { orderId }, tries, refunds }: PlacedOrder): readonly OrderSubject[] => [
  ...tries.map(({ attempt }) => ({ type: 'reservation', orderId, attempt }) as const),
  ...refunds.map(({ number }) => ({ type: 'refund', orderId, number }) as const),
];

/** The processor has never heard of it, so there is nothing to store. */
const unheardOf: ReadonlySet<string> = new Set([
  'attempt_unknown',
  'reservation_not_visible',
  'refund_unknown',
]);

const storeTruth = async (
  ports: ResyncPorts,
  call: RemedyCall,
  order: PlacedOrder,
  subject: OrderSubject,
): Promise<E.Either<RemedyError, Settled>> => {
  const found = await readBack(ports, ports, order, subject);
  if (E.isLeft(found)) {
    const { reason } = found.left;
    return unheardOf.has(reason)
      ? E.right({ order, added: [] })
      : E.left({ type: 'processor_not_read', reason });
  }
  if (found.right === null) return E.right({ order, added: [] });
  const settled = await settle(ports, call, order, found.right);
  if (E.isRight(settled) || settled.left.type !== 'refused') return settled;
  // What does not fit the order any more is old news; an amount that differs is for a person.
  return isAmountWrong(settled.left.refusal) ? settled : E.right({ order, added: [] });
};

/**
 * Reads back from the card processor what became of every reservation, the charge and every refund, and stores what is
 * true by the same commands that the processor's notices go through.
 */
export const resyncOrder =
  (ports: ResyncPorts) =>
  (call: RemedyCall): TE.TaskEither<RemedyError, RemedyAnswer> =>
  async () => {
    const known = await orderOf(ports, call);
    if (E.isLeft(known)) return known;
    let order = known.right;
    const facts: Array<OrderEvent['type']> = [];
    for (const subject of subjectsOf(order)) {
      const settled = await storeTruth(ports, call, order, subject);
      if (E.isLeft(settled)) return settled;
      order = settled.right.order;
      facts.push(...settled.right.added.map(({ type }) => type));
    }
    if (facts.length === 0) return answerTo(ports, call, 'resync', order, []);
    const informed = await informProcess(ports, call, order);
    if (E.isLeft(informed)) return informed;
    return answerTo(ports, call, 'resync', order, [{ type: 'facts', facts }, informed.right]);
  };
