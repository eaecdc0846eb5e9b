// The card processor's books and the mail service's outbox, kept apart from the code under test: what they say happened
// is what happened.
import * as E from 'fp-ts/lib/Either.js';
import type { Mail, Mailer } from '../../../application/ports/mailer.js';
import type {
  ChargeResult,
  PaymentGateway,
  ReservationResult,
} from '../../../application/ports/payment-gateway.js';
import type { OrderId } from '../../../domain/ids.js';
import { type Instant, plusSeconds } from '../../../domain/instant.js';
import type { Money } from '../../../domain/money.js';
import type { Decline } from '../../../domain/payment.js';

/** One attempt to hold money on a card, and what became of it. */
export type LedgerEntry = {
  readonly orderId: OrderId;
  readonly attempt: number;
  readonly key: string;
  readonly reference: string;
  readonly amount: Money;
  readonly openedAt: Instant;
  readonly decline: Decline | null;
  /** `live`: the order could still take it. */
  status: 'live' | 'voided' | 'charged' | 'declined';
  charged: Money | null;
};

/** A card processor in memory with its books. Another key is another attempt, whoever asks: each holds money. */
export type CardLedger = { readonly gateway: PaymentGateway; readonly entries: readonly LedgerEntry[] };

const reservationResult = ({ decline, reference, amount, openedAt }: LedgerEntry): ReservationResult =>
  decline !== null
    ? { type: 'declined', decline }
    : {
        type: 'reserved',
        reservation: {
          reference,
          amount,
          captureBefore: plusSeconds(openedAt, 7 * 86_400),
          card: { brand: 'visa', lastFour: '4242' },
          addressCheck: 'pass',
          securityCodeCheck: 'pass',
        },
      };

const chargeResult = ({ reference, charged }: LedgerEntry): ChargeResult | null =>
  charged === null ? null : { type: 'charged', amount: charged, reference: `ch_${reference}` };

/** `declineOf` says, when a reservation is asked for, whether the issuer refuses it. */
export const cardLedger = (
  now: () => Instant,
  declineOf: (orderId: OrderId) => Decline | null,
): CardLedger => {
  const entries: LedgerEntry[] = [];
  const byReference = (reference: string): LedgerEntry | undefined =>
    entries.find((entry) => entry.reference === reference);

  const gateway: PaymentGateway = {
    reserve:
      ({ orderId, attempt, key, amount }) =>
      async () => {
        const known = entries.find((entry) => entry.key === key);
        if (known !== undefined) return E.right(reservationResult(known));
        const decline = declineOf(orderId);
        const entry: LedgerEntry = {
          ...{ orderId, attempt, key, amount, decline, openedAt: now(), charged: null },
          reference: `pi_${entries.length + 1}`,
          status: decline === null ? 'live' : 'declined',
        };
        entries.push(entry);
        return E.right(reservationResult(entry));
      },
    findReservation: (orderId, attempt) => async () => {
      const entry = entries.find((known) => known.orderId === orderId && known.attempt === attempt);
      return E.right(entry === undefined ? null : reservationResult(entry));
    },
    charge:
      ({ reference, amount }) =>
      async () => {
        const entry = byReference(reference);
        const made = entry === undefined ? null : chargeResult(entry);
        if (made !== null) return E.right(made);
        if (entry?.status !== 'live' || amount.minor > entry.amount.minor) {
          return E.right({ type: 'failed', decline: { class: 'hard', code: 'not_capturable' } });
        }
        Object.assign(entry, { status: 'charged', charged: amount });
        return E.right({ type: 'charged', amount, reference: `ch_${reference}` });
      },
    findCharge: (reference) => async () => {
      const entry = byReference(reference);
      return E.right(entry === undefined ? null : chargeResult(entry));
    },
    voidReservation: (reference) => async () => {
      const entry = byReference(reference);
      if (entry?.status === 'charged') return E.left({ type: 'nothing_happened', reason: 'charged before' });
      if (entry?.status === 'live') entry.status = 'voided';
      return E.right('voided');
    },
  };
  return { gateway, entries };
};

/** A mail service in memory: it accepts everything, repeats included, and keeps it. */
export const outbox = (): { readonly mailer: Mailer; readonly accepted: readonly Mail[] } => {
  const accepted: Mail[] = [];
  const mailer: Mailer = {
    send: (mail) => async () => {
      accepted.push(mail);
      return E.right({ messageId: `message-${accepted.length}` });
    },
  };
  return { mailer, accepted };
};
