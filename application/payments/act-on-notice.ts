import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Instant } from '../../domain/instant.js';
import type { OrderCommand } from '../../domain/order/commands.js';
import { type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import type { CardPolicy } from '../../domain/payment.js';
import { situationOf } from '../../domain/process/situation.js';
import { handleOrderCommand, loadOrder, type OrderPorts } from '../handle-order-command.js';
import type { OrderProcesses } from '../ports/workflow/order-processes.js';
import type { PaymentGateway, ProcessorDispute, ReservationState } from '../ports/payment-gateway.js';
import type { NoticeSubject, PaymentNotice } from '../ports/payment-notices.js';
import { isAmountWrong, recordReservation } from './record-outcomes.js';

// A notice says where to look, not what is true: the processor is asked, and its answer is stored by the same commands
// that store the answers to our own calls. So notices may come early, late, twice, in any order, or not at all.

/** What acting on a notice needs. */
export type NoticePorts = OrderPorts & {
  readonly gateway: PaymentGateway;
  readonly orderProcesses: Pick<OrderProcesses, 'tell'>;
};

/** A notice that cannot be acted on now; it is kept and tried again. */
export type NoticeProblem = { readonly type: 'notice_not_acted_on'; readonly reason: string };

/** What a notice came to; `nothing`: the order knew it already, or it is of no interest. */
export type NoticeOutcome = 'recorded' | 'nothing';

type Found = E.Either<NoticeProblem, OrderCommand | null>;

const notNow = (reason: string): E.Either<NoticeProblem, never> =>
  E.left({ type: 'notice_not_acted_on', reason });

const raiseAlarm = ({ observer }: NoticePorts, order: PlacedOrder, what: string): void =>
  observer.observe({ type: 'alarm', orderId: order.terms.orderId, what });

/** A reservation that is not held any more: let go by us, or at its end. */
const commandForEnded = (order: PlacedOrder, attempt: number, at: Instant): OrderCommand => {
  const unwanted = order.surplus.some((reservation) => reservation.attempt === attempt);
  return unwanted || order.lifecycle.stage === 'cancelling'
    ? { type: 'RecordReservationVoid', at, attempt }
    : { type: 'RecordReservationExpiry', at, attempt };
};

const isKnownAsHeld = ({ payment, surplus }: PlacedOrder, attempt: number): boolean =>
  reservationOf(payment)?.attempt === attempt ||
  surplus.some((reservation) => reservation.attempt === attempt);

const isCharged = ({ payment }: PlacedOrder, attempt: number): boolean =>
  payment.status === 'charged' && payment.reservation.attempt === attempt;

const chargeFact = async (ports: NoticePorts, order: PlacedOrder): Promise<Found> => {
  const { payment } = order;
  if (payment.status !== 'charging') return E.right(null);
  const found = await ports.gateway.findCharge(payment.reservation.reference)();
  if (E.isLeft(found)) return notNow(found.left.type);
  if (found.right === null) return E.right(null);
  const { attempt } = payment.request;
  return E.right({ type: 'RecordCharge', at: ports.system.now(), attempt, outcome: found.right });
};

const fromState = async (
  ports: NoticePorts,
  policy: { readonly cardPolicy: CardPolicy },
  order: PlacedOrder,
  attempt: number,
  state: ReservationState,
): Promise<Found> => {
  const { payment } = order;
  const awaited =
    (payment.status === 'reserving' || payment.status === 'authenticating') &&
    payment.request.attempt === attempt;
  if (awaited) return E.right(recordReservation(ports, policy, attempt, state));
  if (payment.status === 'charging' && payment.reservation.attempt === attempt)
    return chargeFact(ports, order);
  if (state.type === 'ended') return E.right(commandForEnded(order, attempt, ports.system.now()));
  if (state.type === 'reserved' && !isKnownAsHeld(order, attempt) && payment.status !== 'voided') {
    raiseAlarm(ports, order, `money is held under attempt ${String(attempt)}, which the order does not know`);
  }
  return E.right(null);
};

const refundFact = async (ports: NoticePorts, order: PlacedOrder, number: number): Promise<Found> => {
  const refund = order.refunds.find((candidate) => candidate.number === number);
  const reference = reservationOf(order.payment)?.reference;
  if (refund === undefined || reference === undefined) return notNow('refund_unknown');
  const found = await ports.gateway.findRefund(reference, number)();
  if (E.isLeft(found)) return notNow(found.left.type);
  const outcome = found.right;
  if (outcome === null || outcome.type === 'pending') return E.right(null);
  if (outcome.type === 'failed' && refund.status === 'refunded') {
    raiseAlarm(ports, order, `refund ${refund.refundId} failed after it had been made`);
  }
  const { refundId } = refund;
  return E.right({ type: 'RecordRefund', at: ports.system.now(), refundId, outcome });
};

/** What a notice is about, with the order it concerns: a dispute's is known to the processor only. */
export type OrderSubject =
  | Extract<NoticeSubject, { readonly type: 'reservation' | 'refund' }>
  | ({ readonly type: 'dispute' } & ProcessorDispute);

const subjectOf = async (
  { gateway }: NoticePorts,
  subject: NoticeSubject,
): Promise<E.Either<NoticeProblem, OrderSubject | null>> => {
  if (subject.type === 'other') return E.right(null);
  if (subject.type !== 'dispute') return E.right(subject);
  const found = await gateway.findDispute(subject.reference)();
  if (E.isLeft(found)) return notNow(found.left.type);
  return E.right(found.right === null ? null : { type: 'dispute', ...found.right });
};

/**
 * The command that stores what is true at the processor about one reservation, refund or dispute of an order; null when
 * there is nothing to store.
 */
export const readBack = async (
  ports: NoticePorts,
  policy: { readonly cardPolicy: CardPolicy },
  order: PlacedOrder,
  subject: OrderSubject,
): Promise<Found> => {
  switch (subject.type) {
    case 'reservation': {
      const { orderId, attempt } = subject;
      if (attempt > order.tries.length) return notNow('attempt_unknown');
      // Most notices of an order come after its charge, and nothing about that reservation can be new then.
      if (isCharged(order, attempt)) return E.right(null);
      const found = await ports.gateway.findReservation(orderId, attempt)();
      if (E.isLeft(found)) return notNow(found.left.type);
      if (found.right === null) return notNow('reservation_not_visible');
      return fromState(ports, policy, order, attempt, found.right);
    }
    case 'refund':
      return refundFact(ports, order, subject.number);
    case 'dispute': {
      const { reference, amount, reason } = subject;
      if (!order.disputed) raiseAlarm(ports, order, `the customer disputes the charge: ${reason}`);
      return E.right({ type: 'RecordDispute', at: ports.system.now(), reference, amount, reason });
    }
  }
};

/**
 * Acts on a genuine notice of the card processor: reads back what is true, stores it with the order and tells the
 * order's process. Repeats change nothing. A notice about an order that is not there (yet) is a problem, never dropped.
 */
export const actOnNotice =
  (ports: NoticePorts, policy: { readonly cardPolicy: CardPolicy }) =>
  ({ subject, noticeId }: PaymentNotice): TE.TaskEither<NoticeProblem, NoticeOutcome> =>
  async () => {
    const about = await subjectOf(ports, subject);
    if (E.isLeft(about)) return about;
    if (about.right === null) return E.right('nothing');
    const { orderId } = about.right;
    const loaded = await loadOrder(ports)(orderId)();
    if (E.isLeft(loaded)) return notNow(loaded.left.type);
    const order = loaded.right;
    if (order.type === 'no_order') return notNow('order_unknown');
    const command = await readBack(ports, policy, order, about.right);
    if (E.isLeft(command)) return command;
    if (command.right === null) return E.right('nothing');
    const context = {
      actor: { type: 'worker', name: 'payment-notices' },
      correlationId: noticeId,
    } as const;
    const handled = await handleOrderCommand(ports)(orderId, command.right, context, order)();
    if (E.isLeft(handled)) {
      if (handled.left.type !== 'refused') return notNow(handled.left.type);
      const { refusal } = handled.left;
      if (!isAmountWrong(refusal)) return E.right('nothing');
      raiseAlarm(ports, order, `a notice of the card processor does not fit: ${refusal.type}`);
      return E.right('nothing');
    }
    const { order: changed, added } = handled.right;
    if (changed.type === 'no_order' || added.length === 0) return E.right('nothing');
    const told = await ports.orderProcesses.tell(orderId, situationOf(changed))();
    return E.isLeft(told) ? notNow(told.left.reason) : E.right('recorded');
  };
