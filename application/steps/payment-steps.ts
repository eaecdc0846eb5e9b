import * as E from 'fp-ts/lib/Either.js';
import { hasPassed, plusSeconds } from '../../domain/instant.js';
import type { ChargeOutcome, ReservationOutcome } from '../../domain/order/commands.js';
import { type OpenPayment, type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import type { Reservation } from '../../domain/payment.js';
import { unknownOr } from '../payments/outcomes.js';
import { recordReservation } from '../payments/record-outcomes.js';
import {
  carryOut,
  notDone,
  type StepContext,
  type StepResult,
  storeFacts,
  tellOfUnknown,
} from './step-ports.js';

// Steps of the `payments` workers, the only ones with the card processor's secret. The request is stored first, then
// the processor is called with the stored key, then its answer is stored. A request that an earlier run stored may
// have reached the processor: it is looked up before the call is repeated with the same key.

const reservationOutcome = async (
  { ports, policy, task }: StepContext,
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
  const { orderId } = task;
  const returnUrl = `${policy.publicUrl}/orders/${orderId}`;
  return unknownOr(
    await ports.gateway.reserve({ orderId, attempt, key, amount, paymentMethod, returnUrl })(),
  );
};

/** A reservation that outlived its time by our clock: let go for certain, and stored as ended. */
const endReservation = async (context: StepContext, reservation: Reservation): Promise<StepResult> => {
  const { ports, order } = context;
  const { attempt, reference } = reservation;
  const voided = await ports.gateway.voidReservation(reference)();
  if (E.isLeft(voided)) return notDone(voided.left.type);
  if (voided.right === 'charged') return notDone('charged_outside_the_order');
  return carryOut(context, order, { type: 'RecordReservationExpiry', at: ports.system.now(), attempt });
};

const expiredReservation = ({ order, ports }: StepContext): Reservation | null => {
  const { payment } = order;
  const reservation = payment.status === 'charged' ? null : reservationOf(payment);
  const idle = payment.status !== 'reserving' && payment.status !== 'charging';
  const passed = reservation !== null && hasPassed(reservation.captureBefore, ports.system.now());
  return idle && passed ? reservation : null;
};

/**
 * Holds what the order owes on the card, or finds out what became of an earlier try. With a reservation in hand it is
 * the renewal of that one. `number` is that of the try, so that a run that comes late makes no other.
 */
export const reserveCard = async (context: StepContext, number: number): Promise<StepResult> => {
  const { ports, policy, order } = context;
  const expired = expiredReservation(context);
  if (expired !== null && order.payment.status === 'reserved') return endReservation(context, expired);
  // An earlier run of this step stored the result and its answer was lost: the next try is another step, in its time.
  if (number <= order.tries.length && order.payment.status !== 'reserving') return E.right(order);
  const at = ports.system.now();
  const { renewMarginSeconds: marginSeconds } = policy.settings;
  const command =
    order.payment.status === 'reserved'
      ? ({ type: 'RenewReservation', at, marginSeconds } as const)
      : ({ type: 'RequestCardReservation', at } as const);
  const requested = await storeFacts(context, order, command);
  if (E.isLeft(requested)) return requested;
  const { order: asking, stored } = requested.right;
  if (asking.payment.status !== 'reserving') return E.right(asking);
  const { attempt } = asking.payment.request;
  const outcome = await reservationOutcome(context, asking, !stored);
  if (E.isLeft(outcome)) return notDone(outcome.left);
  const result = tellOfUnknown(context, outcome.right);
  return carryOut(context, asking, recordReservation(ports, policy, attempt, result));
};

/**
 * Reads back what became of a payment that waits for the customer, should the processor's notice be lost; one that
 * waited too long is ended. Also of a reservation in hand that nobody could renew.
 */
export const lookUpPayment = async (context: StepContext): Promise<StepResult> => {
  const { ports, policy, task, order } = context;
  const { payment } = order;
  const expired = expiredReservation(context);
  // In force still: the process learns where the order stands, and asks again later.
  if (payment.status === 'declined') {
    return expired === null ? E.right(order) : endReservation(context, expired);
  }
  if (payment.status !== 'authenticating') return E.right(order);
  const { attempt } = payment.request;
  const found = await ports.gateway.findReservation(task.orderId, attempt)();
  if (E.isLeft(found)) return notDone(found.left.type);
  if (found.right !== null && found.right.type !== 'authentication_required') {
    return carryOut(context, order, recordReservation(ports, policy, attempt, found.right));
  }
  const deadline = plusSeconds(payment.at, policy.settings.challengeSeconds);
  if (!hasPassed(deadline, ports.system.now())) return notDone('customer_at_the_bank');
  const voided = await ports.gateway.voidReservation(payment.challenge.reference)();
  if (E.isLeft(voided)) return notDone(voided.left.type);
  return carryOut(context, order, recordReservation(ports, policy, attempt, { type: 'ended' }));
};

/** A charge of an order on its way out that surely was not made: the reservation goes instead. */
const preventCharge = async (
  { ports }: StepContext,
  reference: string,
): Promise<E.Either<string, ChargeOutcome>> => {
  const voided = await ports.gateway.voidReservation(reference)();
  if (E.isLeft(voided)) return unknownOr(voided);
  return voided.right === 'charged'
    ? E.left('charged_meanwhile')
    : E.right({ type: 'failed', decline: { class: 'policy', code: 'order_cancelled' } });
};

const chargeOutcome = async (
  context: StepContext,
  order: PlacedOrder,
  reservation: Reservation,
  request: OpenPayment,
  askedBefore: boolean,
): Promise<E.Either<string, ChargeOutcome>> => {
  const { gateway } = context.ports;
  const { reference } = reservation;
  if (askedBefore) {
    const found = await gateway.findCharge(reference)();
    if (E.isLeft(found)) return unknownOr(found);
    if (found.right !== null) return E.right(found.right);
    if (order.lifecycle.stage === 'cancelling') return preventCharge(context, reference);
  }
  const { key, amount } = request;
  return unknownOr(await gateway.charge({ reference, key, amount })());
};

/** Takes what is due for the packed goods, or finds out what became of an earlier try; `number` is that of the try. */
export const chargeCard = async (context: StepContext, number: number): Promise<StepResult> => {
  const { ports, order } = context;
  const expired = expiredReservation(context);
  if (expired !== null && order.lifecycle.stage === 'released') return endReservation(context, expired);
  if (number <= order.chargeAttempts && order.payment.status !== 'charging') return E.right(order);
  const command = { type: 'RequestCharge', at: ports.system.now() } as const;
  const requested = await storeFacts(context, order, command);
  if (E.isLeft(requested)) return requested;
  const { order: asking, stored } = requested.right;
  const { payment } = asking;
  if (payment.status !== 'charging') return E.right(asking);
  const outcome = await chargeOutcome(context, asking, payment.reservation, payment.request, !stored);
  if (E.isLeft(outcome)) return notDone(outcome.left);
  const { attempt } = payment.request;
  const at = ports.system.now();
  const result = tellOfUnknown(context, outcome.right);
  return carryOut(context, asking, { type: 'RecordCharge', at, attempt, outcome: result });
};

const referenceOf = (order: PlacedOrder, attempt: number): string | null => {
  const { payment, surplus } = order;
  const unwanted = surplus.find((reservation) => reservation.attempt === attempt);
  if (unwanted !== undefined) return unwanted.reference;
  if (order.lifecycle.stage !== 'cancelling') return null;
  if (payment.status === 'authenticating') return payment.challenge.reference;
  const reservation = reservationOf(payment);
  return reservation?.attempt === attempt ? reservation.reference : null;
};

/** Lets a reservation go that nobody wants any more, or that of an order on its way out. */
export const voidReservation = async (context: StepContext, attempt: number): Promise<StepResult> => {
  const { ports, order } = context;
  const reference = referenceOf(order, attempt);
  if (reference === null) return E.right(order);
  const voided = await ports.gateway.voidReservation(reference)();
  if (E.isLeft(voided)) return notDone(voided.left.type);
  if (voided.right === 'charged') return notDone('charged_outside_the_order');
  return carryOut(context, order, { type: 'RecordReservationVoid', at: ports.system.now(), attempt });
};
