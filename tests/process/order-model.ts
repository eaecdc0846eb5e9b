// The real order, driven by the steps of its process as the workers drive it, with an outside world made of luck: what
// the issuer says, whether goods are there, whether the bank confirms. What a step's worker does beyond that has its own
// tests (tests/application).
import * as E from 'fp-ts/lib/Either.js';
import { hasPassed, type Instant, plusSeconds } from '../../domain/instant.js';
import type { ChargeOutcome, OrderCommand, ReservationOutcome } from '../../domain/order/commands.js';
import { decide } from '../../domain/order/decide.js';
import { evolve, fold } from '../../domain/order/evolve.js';
import { type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import { openRefunds } from '../../domain/order/rules/kept-money.js';
import { amountOwed } from '../../domain/order/rules/totals.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import { type Situation, situationOf } from '../../domain/process/situation.js';
import type { Step } from '../../domain/process/steps.js';
import * as the from '../support/examples.js';
import { paymentMethodOf } from '../support/ids.js';

/** How a step's outside world answers: 0 is the good way, everything else is one of the bad ones. */
export type Luck = number;

/** An order and the time. */
export type OrderModel = {
  readonly order: PlacedOrder;
  readonly now: Instant;
  readonly settings: ProcessSettings;
  /** Is shown the order after every command that changed it. */
  readonly watch?: (order: PlacedOrder, now: Instant) => void;
};

const placedOrder = (): PlacedOrder => {
  const order = fold([the.placed]);
  if (order.type === 'placed_order') return order;
  throw new Error('the example is no order');
};

/** The situation of an order that was placed and not touched since. */
export const newOrder: Situation = situationOf(placedOrder());

/** An order that was placed and not touched since, at the time of the opening. */
export const newModel = (settings: ProcessSettings): OrderModel => ({
  order: placedOrder(),
  now: the.opening,
  settings,
});

/** The order after a command; the same order when it was refused or done before. */
const after = (model: OrderModel, command: OrderCommand): OrderModel => {
  const decided = decide(model.order, command);
  if (E.isLeft(decided) || decided.right.length === 0) return model;
  const order = decided.right.reduce<ReturnType<typeof evolve>>(evolve, model.order);
  if (order.type !== 'placed_order') return model;
  model.watch?.(order, model.now);
  return { ...model, order };
};

const reservationSeconds = 7 * 86_400;

const reservationOutcome = ({ order, now }: OrderModel, luck: Luck): ReservationOutcome => {
  const { payment } = order;
  const isAsked = payment.status === 'reserving' || payment.status === 'authenticating';
  const amount = isAsked ? payment.request.amount : order.terms.total;
  const reservation = {
    ...the.heldMoney,
    amount,
    reference: `pi_${String(order.tries.length)}`,
    captureBefore: plusSeconds(now, reservationSeconds),
  };
  switch (luck % 8) {
    case 1:
      return { type: 'declined', decline: { class: 'funds', code: 'insufficient_funds' } };
    case 2:
      return { type: 'unknown' };
    case 3:
      return { type: 'declined', decline: { class: 'soft', code: 'issuer_not_available' } };
    case 4:
      return {
        type: 'authentication_required',
        challenge: { reference: reservation.reference, url: 'https://bank.example/challenge' },
      };
    case 5:
      return { type: 'declined', decline: { class: 'hard', code: 'stolen_card' } };
    case 6:
      return { type: 'reserved', reservation: { ...reservation, securityCodeCheck: 'fail' } };
    default:
      return { type: 'reserved', reservation };
  }
};

const cardPolicy = { refuseFailedAddressCheck: true, refuseFailedSecurityCodeCheck: true };

const recordReservation = (model: OrderModel, outcome: ReservationOutcome): OrderModel => {
  const { order, now } = model;
  return after(model, {
    type: 'RecordCardReservation',
    at: now,
    attempt: order.tries.length,
    outcome,
    cardPolicy,
  });
};

const endIfExpired = (model: OrderModel): OrderModel => {
  const { order, now } = model;
  const reservation = order.payment.status === 'charged' ? null : reservationOf(order.payment);
  if (reservation === null || !hasPassed(reservation.captureBefore, now)) return model;
  return after(model, { type: 'RecordReservationExpiry', at: now, attempt: reservation.attempt });
};

const reserveCard = (model: OrderModel, luck: Luck): OrderModel => {
  const ended = model.order.payment.status === 'reserved' ? endIfExpired(model) : model;
  if (ended !== model) return ended;
  const { now: at, settings } = model;
  const asked =
    model.order.payment.status === 'reserved'
      ? after(model, { type: 'RenewReservation', at, marginSeconds: settings.renewMarginSeconds })
      : after(model, { type: 'RequestCardReservation', at });
  return asked.order.payment.status === 'reserving'
    ? recordReservation(asked, reservationOutcome(asked, luck))
    : asked;
};

const lookUpPayment = (model: OrderModel, luck: Luck): OrderModel => {
  const { order, now, settings } = model;
  const { payment } = order;
  if (payment.status !== 'authenticating') return endIfExpired(model);
  const late = hasPassed(plusSeconds(payment.at, settings.challengeSeconds), now);
  if (luck % 4 === 1 && !late) return model;
  const outcome = luck % 4 === 0 ? reservationOutcome(model, 0) : ({ type: 'ended' } as const);
  return recordReservation(model, outcome);
};

const chargeOutcome = ({ order }: OrderModel, luck: Luck): ChargeOutcome => {
  const due = amountOwed(order);
  switch (luck % 6) {
    case 1:
      return { type: 'failed', decline: { class: 'funds', code: 'insufficient_funds' } };
    case 2:
      return { type: 'unknown' };
    case 3:
      return { type: 'failed', decline: { class: 'soft', code: 'processing_error' } };
    case 4:
      return { type: 'reservation_expired' };
    default:
      return E.isRight(due) ? { type: 'charged', amount: due.right, reference: 'ch_1' } : { type: 'unknown' };
  }
};

const chargeCard = (model: OrderModel, luck: Luck): OrderModel => {
  const ended = model.order.lifecycle.stage === 'released' ? endIfExpired(model) : model;
  if (ended !== model) return ended;
  const asked = after(model, { type: 'RequestCharge', at: model.now });
  return asked.order.payment.status === 'charging'
    ? after(asked, {
        type: 'RecordCharge',
        at: asked.now,
        attempt: asked.order.chargeAttempts,
        outcome: chargeOutcome(asked, luck),
      })
    : asked;
};

const refundCard = (model: OrderModel, number: number, luck: Luck): OrderModel => {
  const refund = openRefunds(model.order).find((candidate) => candidate.number === number);
  if (refund === undefined) return model;
  const { refundId, amount } = refund;
  const outcome =
    luck % 3 === 1
      ? ({ type: 'unknown' } as const)
      : ({ type: 'refunded', amount, reference: 're_1' } as const);
  return after(model, { type: 'RecordRefund', at: model.now, refundId, outcome });
};

const pickCommand = ({ order, now: at }: OrderModel, luck: Luck): OrderCommand => ({
  type: 'RecordPick',
  at,
  pickedBy: 'Ada',
  lines: order.terms.lines.map(({ lineNumber, quantity }) => {
    const short = luck % 5 === 1 && lineNumber === 1 ? 1 : luck % 5 === 2 ? quantity : 0;
    const shortReason = short > 0 ? ('not_in_bin' as const) : null;
    return { lineNumber, picked: quantity - short, short, shortReason };
  }),
});

const sendMail = (model: OrderModel, step: Extract<Step, { readonly name: 'SendMail' }>): OrderModel => {
  const { mail: kind, factRevision } = step;
  const at = model.now;
  const asked = after(model, { type: 'RequestNotification', at, kind, factRevision });
  const outcome = { type: 'sent', messageId: 'message-1' } as const;
  return after(asked, { type: 'RecordNotification', at, kind, factRevision, outcome });
};

/** The order after a step was run on it. Run twice it changes nothing the second time. */
export const orderAfter = (model: OrderModel, step: Step, luck: Luck): OrderModel => {
  const { now: at, settings } = model;
  switch (step.name) {
    case 'AuthenticateCustomer':
      return after(model, {
        type: 'AuthenticateCustomer',
        at,
        evidence: luck % 4 === 1 ? null : the.evidence,
      });
    case 'ValidateOrder':
      return after(model, { type: 'ValidateOrder', at, policy: the.policy });
    case 'ReserveStock':
    case 'ExtendStock': {
      if (step.name === 'ReserveStock' && model.order.stock.status !== 'none') return model;
      const seconds = step.name === 'ReserveStock' ? 900 : settings.payAgainSeconds + 60;
      const outcome =
        luck % 4 === 1 && step.name === 'ReserveStock'
          ? ({ type: 'unavailable', lines: [{ lineNumber: 1, available: 0 }] } as const)
          : ({ type: 'reserved', until: plusSeconds(at, seconds) } as const);
      return after(model, { type: 'RecordStockReservation', at, outcome });
    }
    case 'ReserveCard':
      return reserveCard(model, luck);
    case 'LookUpPayment':
      return lookUpPayment(model, luck);
    case 'CommitStock':
      return after(model, { type: 'RecordStockCommitment', at, outcome: { type: 'committed' } });
    case 'ReleaseToWarehouse': {
      const { graceSeconds, pickSeconds } = settings;
      return after(model, { type: 'ReleaseToWarehouse', at, graceSeconds, pickSeconds });
    }
    case 'Pick':
      return after(model, pickCommand(model, luck));
    case 'Pack':
      return after(model, { ...the.pack, at });
    case 'ChargeCard':
      return chargeCard(model, luck);
    case 'Ship':
      return after(model, { ...the.ship, at });
    case 'GiveUpShipment':
      return after(model, { type: 'GiveUpShipment', at, unshippedSeconds: settings.unshippedSeconds });
    case 'CompleteOrder':
      return after(model, { type: 'CompleteOrder', at });
    case 'GiveUpPayment':
      return after(model, { type: 'GiveUpPayment', at, payAgain: settings });
    case 'VoidReservation':
      return after(model, { type: 'RecordReservationVoid', at, attempt: step.number });
    case 'RefundCard':
      return refundCard(model, step.number, luck);
    case 'PutBack':
      return after(model, { type: 'RecordPutBack', at, putBackBy: 'Ada' });
    case 'ReleaseStock':
      return after(model, { type: 'RecordStockRelease', at });
    case 'CancelOrder':
      return after(model, { type: 'CancelOrder', at });
    case 'SendMail':
      return sendMail(model, step);
  }
};

/** What somebody outside the process does: cancels, names another card, confirms with the bank, holds or releases. */
export const orderAfterOutsider = (model: OrderModel, deed: number): OrderModel => {
  const { order, now: at, settings } = model;
  switch (deed % 4) {
    case 0:
      return after(model, { type: 'RequestCancellation', at, by: 'customer' });
    case 1: {
      const paymentMethod = paymentMethodOf(`pm_card_${String(order.tries.length)}`);
      return after(model, { type: 'ReplacePaymentMethod', at, paymentMethod, payAgain: settings });
    }
    case 2:
      return order.payment.status === 'authenticating'
        ? recordReservation(model, reservationOutcome(model, 0))
        : model;
    default:
      return after(model, { type: 'PlaceHold', at, reason: 'fraud', by: 'Olga' });
  }
};

/** The order without holds. */
export const orderReleased = (model: OrderModel): OrderModel =>
  after(model, { type: 'ReleaseHold', at: model.now, reason: 'fraud', by: 'Olga' });
