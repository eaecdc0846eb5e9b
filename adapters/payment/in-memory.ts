// A card processor in this process, for simulations: it keeps the same promises about keys, attempts and expiry as
// Stripe's, its ledger is the truth that the books are compared with, and it goes wrong only when it is told to.
import * as E from 'fp-ts/lib/Either.js';
import type {
  ChargeResult,
  GatewayError,
  PaymentGateway,
  ReservationRequest,
  ReservationResult,
} from '../../application/ports/payment-gateway.js';
import type { OrderId } from '../../domain/ids.js';
import { hasPassed, type Instant, plusSeconds } from '../../domain/instant.js';
import type { Money } from '../../domain/money.js';
import type { PaymentMethodToken, Reservation } from '../../domain/payment.js';
import { declineOf } from './decline-classes.js';
import { nothingHappened, outcomeUnknown } from './stripe-errors.js';

/** One movement of money, as the processor's own books have it. */
export type GatewayLedgerLine = {
  readonly kind: 'reserved' | 'declined' | 'captured' | 'released';
  readonly at: Instant;
  readonly orderId: OrderId;
  readonly reference: string;
  readonly amount: Money;
};

/** Which calls can go wrong. */
export type GatewayCall = 'reserve' | 'findReservation' | 'charge' | 'findCharge' | 'voidReservation';

/** `unreachable`: nothing is done; `reply_lost`: all is done and nobody hears of it; `timed_out`: neither. */
export type GatewayFault = 'unreachable' | 'reply_lost' | 'timed_out';

/** Settings of the processor. `faultOf` is asked once for each call; null lets it be. */
export type InMemoryGatewayOptions = {
  readonly now: () => Instant;
  /** How long money is held; seven days unless told. */
  readonly reservationSeconds?: number;
  readonly faultOf?: (call: GatewayCall) => GatewayFault | null;
};

/** The gateway with its processor's ledger, oldest line first. */
export type InMemoryGateway = PaymentGateway & { readonly ledger: () => readonly GatewayLedgerLine[] };

type Intent = {
  readonly reservation: Omit<Reservation, 'attempt'>;
  readonly orderId: OrderId;
  readonly attempt: number;
  status: 'held' | 'captured' | 'gone';
  captured: Money | null;
};
type Answer<Result> = E.Either<GatewayError, Result>;
type Reply<Result> = { readonly body: string; readonly at: Instant; readonly answer: Answer<Result> };

/** Stripe forgets a key after a day; it is then a new request. */
const keySeconds = 24 * 60 * 60;

// The test cards that decline, by the end of their names; `pm_card_decline_<code>` declines with any code.
const declining: ReadonlyMap<string, string> = new Map([
  ['chargeDeclined', 'generic_decline'],
  ['chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ['chargeDeclinedLostCard', 'lost_card'],
  ['chargeDeclinedStolenCard', 'stolen_card'],
  ['chargeDeclinedExpiredCard', 'expired_card'],
  ['chargeDeclinedIncorrectCvc', 'incorrect_cvc'],
  ['chargeDeclinedProcessingError', 'processing_error'],
  ['authenticationRequired', 'authentication_required'],
]);

/** The code with which a card declines; null for one that approves. */
const declineCodeOf = (card: PaymentMethodToken): string | null => {
  const name = /^pm_card_(?:visa_)?(.+)$/.exec(card)?.[1];
  if (name === undefined) return 'payment_method_unusable';
  return declining.get(name) ?? /^decline_(\w+)$/.exec(name)?.[1] ?? null;
};

/** Opens a processor that holds no money yet. Calls take effect at once, when their task is run. */
export function inMemoryGateway(options: InMemoryGatewayOptions): InMemoryGateway {
  const { now, reservationSeconds = 7 * 24 * 60 * 60, faultOf = () => null } = options;
  const intents = new Map<string, Intent>();
  const declines = new Map<string, ReservationResult>();
  const reserved = new Map<string, Reply<ReservationResult>>();
  const charged = new Map<string, Reply<ChargeResult>>();
  const lines: GatewayLedgerLine[] = [];
  let references = 0;

  const book = (
    kind: GatewayLedgerLine['kind'],
    orderId: OrderId,
    reference: string,
    amount: Money,
  ): void => {
    lines.push({ kind, at: now(), orderId, reference, amount });
  };
  const release = (intent: Intent): void => {
    intent.status = 'gone';
    book('released', intent.orderId, intent.reservation.reference, intent.reservation.amount);
  };
  const expire = (): void => {
    for (const intent of intents.values()) {
      if (intent.status === 'held' && hasPassed(intent.reservation.captureBefore, now())) release(intent);
    }
  };

  function hold({ orderId, attempt, amount, paymentMethod }: ReservationRequest): ReservationResult {
    const reference = `pi_${String((references += 1))}`;
    const code = declineCodeOf(paymentMethod);
    if (code !== null) {
      const result = { type: 'declined', decline: declineOf(code) } as const;
      if (code !== 'payment_method_unusable') {
        declines.set(`${orderId} ${String(attempt)}`, result);
        book('declined', orderId, reference, amount);
      }
      return result;
    }
    const reservation = {
      reference,
      amount,
      captureBefore: plusSeconds(now(), reservationSeconds),
      card: { brand: 'visa', lastFour: '4242' },
      addressCheck: 'unchecked',
      securityCodeCheck: 'pass',
    } as const;
    intents.set(reference, { reservation, orderId, attempt, status: 'held', captured: null });
    book('reserved', orderId, reference, amount);
    return { type: 'reserved', reservation };
  }

  /** The first answer under a key, for as long as the key is known; under other parameters it is refused. */
  function underKey<Result>(
    replies: Map<string, Reply<Result>>,
    key: string,
    body: string,
    effect: () => Answer<Result>,
  ): Answer<Result> {
    const known = replies.get(key);
    if (known !== undefined && !hasPassed(plusSeconds(known.at, keySeconds), now())) {
      return known.body === body ? known.answer : E.left(nothingHappened('key_used_otherwise'));
    }
    const answer = effect();
    replies.set(key, { body, at: now(), answer });
    return answer;
  }

  function reserve(request: ReservationRequest): Answer<ReservationResult> {
    const body = JSON.stringify([request.orderId, request.attempt, request.amount, request.paymentMethod]);
    return underKey(reserved, request.key, body, () => E.right(hold(request)));
  }

  function findReservation(orderId: OrderId, attempt: number): Answer<ReservationResult | null> {
    const tried = [...intents.values()].filter((one) => one.orderId === orderId && one.attempt === attempt);
    const live = tried.find(({ status }) => status !== 'gone');
    if (live !== undefined) return E.right({ type: 'reserved', reservation: live.reservation });
    if (tried.length > 0) return E.right({ type: 'declined', decline: declineOf('reservation_gone') });
    return E.right(declines.get(`${orderId} ${String(attempt)}`) ?? null);
  }

  function findCharge(reference: string): Answer<ChargeResult | null> {
    const intent = intents.get(reference);
    if (intent === undefined) return E.left(nothingHappened('reservation_unknown'));
    const { captured } = intent;
    return E.right(
      captured === null ? null : { type: 'charged', amount: captured, reference: `ch_${reference}` },
    );
  }

  function take(reference: string, amount: Money): Answer<ChargeResult> {
    const intent = intents.get(reference);
    if (intent === undefined) return E.left(nothingHappened('reservation_unknown'));
    if (intent.status === 'gone') return E.right({ type: 'failed', decline: declineOf('reservation_gone') });
    if (intent.status === 'held') {
      const held = intent.reservation.amount;
      const fits = amount.currency === held.currency && amount.minor > 0 && amount.minor <= held.minor;
      if (!fits) return E.left(nothingHappened('amount_not_reserved'));
      intent.status = 'captured';
      intent.captured = amount;
      book('captured', intent.orderId, reference, amount);
      const rest = { minor: held.minor - amount.minor, currency: held.currency };
      if (rest.minor > 0) book('released', intent.orderId, reference, rest);
    }
    return E.right({ type: 'charged', amount: intent.captured ?? amount, reference: `ch_${reference}` });
  }

  const charge = ({
    reference,
    key,
    amount,
  }: Parameters<PaymentGateway['charge']>[0]): Answer<ChargeResult> =>
    underKey(charged, key, JSON.stringify([reference, amount]), () => take(reference, amount));

  function voidReservation(reference: string): Answer<'voided'> {
    const intent = intents.get(reference);
    if (intent === undefined) return E.left(nothingHappened('reservation_unknown'));
    if (intent.status === 'captured') return E.left(nothingHappened('already_captured'));
    if (intent.status === 'held') release(intent);
    return E.right('voided');
  }

  const calling =
    <Result>(call: GatewayCall, effect: () => Answer<Result>) =>
    async (): Promise<Answer<Result>> => {
      const fault = faultOf(call);
      if (fault === 'unreachable') return E.left(nothingHappened('unreachable'));
      const failure = call === 'findReservation' || call === 'findCharge' ? nothingHappened : outcomeUnknown;
      if (fault === 'timed_out') return E.left(failure('timed_out'));
      expire();
      const answer = effect();
      return fault === 'reply_lost' ? E.left(failure('reply_lost')) : answer;
    };

  return {
    reserve: (request) => calling('reserve', () => reserve(request)),
    findReservation: (orderId, attempt) =>
      calling('findReservation', () => findReservation(orderId, attempt)),
    charge: (request) => calling('charge', () => charge(request)),
    findCharge: (reference) => calling('findCharge', () => findCharge(reference)),
    voidReservation: (reference) => calling('voidReservation', () => voidReservation(reference)),
    ledger: () => {
      expire();
      return [...lines];
    },
  };
}
