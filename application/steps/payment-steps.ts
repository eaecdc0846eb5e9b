import * as E from 'fp-ts/lib/Either.js';
import type { ChargeOutcome, ReservationOutcome } from '../../domain/order/commands.js';
import { type OpenPayment, type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import type { Reservation } from '../../domain/payment.js';
import type { GatewayError } from '../ports/payment-gateway.js';
import { carryOut, notDone, type StepContext, type StepResult, storeFacts } from './step-ports.js';

// Steps of the `payments` workers, the only ones with the card processor's secret. The request is stored first, then
// the processor is called with the stored key, then its answer is stored. A request that an earlier run stored may
// have reached the processor: it is looked up before the call is repeated with the same key.

type Known<Outcome> = E.Either<GatewayError, Outcome>;

const unknownOr = <Outcome extends { readonly type: string }>(
  result: Known<Outcome>,
): E.Either<string, Outcome | { readonly type: 'unknown' }> => {
  if (E.isRight(result)) return result;
  return result.left.type === 'outcome_unknown' ? E.right({ type: 'unknown' }) : E.left(result.left.reason);
};

const reservationOutcome = async (
  { ports, task }: StepContext,
  order: PlacedOrder,
  askedBefore: boolean,
): Promise<E.Either<string, ReservationOutcome>> => {
  const { payment } = order;
  if (payment.status !== 'reserving') return E.left('no_request');
  const { attempt, key, amount } = payment.request;
  if (askedBefore) {
    const found = await ports.gateway.findReservation(task.orderId, attempt)();
    if (E.isLeft(found)) return unknownOr(found);
    if (found.right !== null) return E.right(found.right);
  }
  const { paymentMethod } = payment;
  return unknownOr(
    await ports.gateway.reserve({ orderId: task.orderId, attempt, key, amount, paymentMethod })(),
  );
};

/** Holds the order's total on the card, or finds out what became of an earlier try. */
export const reserveCard = async (context: StepContext): Promise<StepResult> => {
  const { ports, order } = context;
  const command = { type: 'RequestCardReservation', at: ports.system.now() } as const;
  const requested = await storeFacts(context, order, command);
  if (E.isLeft(requested)) return requested;
  const { order: asking, stored } = requested.right;
  if (asking.payment.status !== 'reserving') return E.right(asking);
  const { attempt } = asking.payment.request;
  const outcome = await reservationOutcome(context, asking, !stored);
  if (E.isLeft(outcome)) return notDone(outcome.left);
  const at = ports.system.now();
  return carryOut(context, asking, { type: 'RecordCardReservation', at, attempt, outcome: outcome.right });
};

const chargeOutcome = async (
  { ports }: StepContext,
  reservation: Reservation,
  request: OpenPayment,
  askedBefore: boolean,
): Promise<E.Either<string, ChargeOutcome>> => {
  const { reference } = reservation;
  if (askedBefore) {
    const found = await ports.gateway.findCharge(reference)();
    if (E.isLeft(found)) return unknownOr(found);
    if (found.right !== null) return E.right(found.right);
  }
  const { key, amount } = request;
  return unknownOr(await ports.gateway.charge({ reference, key, amount })());
};

/** Takes what is due for the packed goods, or finds out what became of an earlier try. */
export const chargeCard = async (context: StepContext): Promise<StepResult> => {
  const { ports, order } = context;
  const command = { type: 'RequestCharge', at: ports.system.now() } as const;
  const requested = await storeFacts(context, order, command);
  if (E.isLeft(requested)) return requested;
  const { order: asking, stored } = requested.right;
  const { payment } = asking;
  if (payment.status !== 'charging') return E.right(asking);
  const outcome = await chargeOutcome(context, payment.reservation, payment.request, !stored);
  if (E.isLeft(outcome)) return notDone(outcome.left);
  const { attempt } = payment.request;
  const at = ports.system.now();
  return carryOut(context, asking, { type: 'RecordCharge', at, attempt, outcome: outcome.right });
};

/** Lets the reservation of an order on its way out go. */
export const voidReservation = async (context: StepContext): Promise<StepResult> => {
  const { ports, order } = context;
  const reservation = reservationOf(order.payment);
  if (order.lifecycle.stage !== 'cancelling' || reservation === null) return E.right(order);
  const voided = await ports.gateway.voidReservation(reservation.reference)();
  if (E.isLeft(voided)) return notDone(voided.left.type);
  return carryOut(context, order, { type: 'RecordReservationVoid', at: ports.system.now() });
};
