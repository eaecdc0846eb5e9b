// Every way an order can go, as circumstances and what people do, with the end that it must come to.
import type { PlacedOrder } from '../../../../domain/order/order.js';
import type { Phase } from '../../../../domain/order/phase.js';
import type { EngineOptions } from '../process-engine.js';
import type { People } from './people.js';
import type { Deed } from './people.js';
import type { Circumstances } from '../world.js';

/** One way of an order. `calls`: port calls that it takes at least when nothing goes wrong. */
export type Story = {
  readonly name: string;
  readonly circumstances: Circumstances;
  readonly end: Phase;
  readonly calls: number;
  readonly notices?: EngineOptions['notices'];
};

const deed = (
  what: string,
  when: (order: PlacedOrder) => boolean,
  how: (people: People) => Promise<unknown>,
): Deed => ({ what, when, how });

const isAskedForCard = ({ payment }: PlacedOrder): boolean =>
  (payment.status === 'declined' || payment.status === 'charge_failed') && !payment.trouble.answered;
const waitsForBank = ({ payment }: PlacedOrder): boolean => payment.status === 'authenticating';
const isPicked = ({ fulfilment }: PlacedOrder): boolean => fulfilment.status === 'picked';
const isPacked = ({ fulfilment }: PlacedOrder): boolean => fulfilment.status === 'packed';
const isCharged = ({ payment }: PlacedOrder): boolean => payment.status === 'charged';

const otherCard = deed('names another card', isAskedForCard, (people) =>
  people.nameCard('pm_card_mastercard'),
);
const confirms = deed('confirms at the bank', waitsForBank, (people) => people.answerBank(true));
const cancels = (when: (order: PlacedOrder) => boolean): Deed =>
  deed('cancels', when, (people) => people.cancel(true));
const isCompleted = ({ lifecycle }: PlacedOrder): boolean => lifecycle.stage === 'completed';
const isShipped = ({ fulfilment }: PlacedOrder): boolean => fulfilment.status === 'shipped';

const hour = 3_600;

/** Every story. */
export const stories: readonly Story[] = [
  { name: 'fulfilled', circumstances: {}, end: 'Completed', calls: 40 },
  {
    name: 'declined and given up',
    circumstances: { card: 'pm_card_chargeDeclinedInsufficientFunds' },
    end: 'Cancelled',
    calls: 24,
  },
  { name: 'out of stock', circumstances: { cakeStands: 1 }, end: 'Rejected', calls: 11 },
  { name: 'sign-in revoked', circumstances: { revoked: true }, end: 'Rejected', calls: 7 },
  {
    name: 'declined and paid with another card',
    circumstances: { card: 'pm_card_chargeDeclinedStolenCard', deeds: [otherCard] },
    end: 'Completed',
    calls: 45,
  },
  {
    name: 'declined softly and asked again',
    circumstances: {
      issuer: (asked, turn) =>
        asked === 'reserve' && turn <= 2 ? { type: 'decline', code: 'issuer_not_available' } : null,
    },
    end: 'Completed',
    calls: 45,
  },
  {
    name: 'confirmed at the bank, told by a notice only',
    circumstances: { card: 'pm_card_threeDSecure2Required', deeds: [confirms] },
    notices: 'delivered',
    end: 'Completed',
    calls: 45,
  },
  {
    name: 'confirmed at the bank, and the notice is lost',
    circumstances: { card: 'pm_card_threeDSecure2Required', deeds: [confirms] },
    end: 'Completed',
    calls: 45,
  },
  {
    name: 'not confirmed at the bank',
    circumstances: {
      card: 'pm_card_threeDSecure2Required',
      deeds: [deed('fails at the bank', waitsForBank, (people) => people.answerBank(false))],
    },
    end: 'Cancelled',
    calls: 25,
  },
  {
    name: 'left alone at the bank',
    circumstances: { card: 'pm_card_threeDSecure2Required' },
    end: 'Cancelled',
    calls: 25,
  },
  {
    name: 'refused by our own rules and paid with another card',
    circumstances: { card: 'pm_card_cvcCheckFail', deeds: [otherCard] },
    end: 'Completed',
    calls: 48,
  },
  { name: 'picked one unit short', circumstances: { picks: 'one short' }, end: 'Completed', calls: 40 },
  { name: 'not found on the shelf at all', circumstances: { picks: 'nothing' }, end: 'Cancelled', calls: 35 },
  {
    name: 'held by an operator until its reservation is renewed',
    circumstances: {
      deeds: [
        deed(
          'places a hold',
          ({ stock }) => stock.status === 'committed',
          (people) => people.hold('address'),
        ),
        deed(
          'releases the hold',
          ({ tries, holds }) => tries.length >= 2 && holds.size > 0,
          (people) => people.release('address'),
        ),
      ],
    },
    end: 'Completed',
    calls: 48,
  },
  {
    name: 'held when packed, and released',
    circumstances: {
      reservationSeconds: 20 * hour,
      deeds: [
        deed('places a hold', isPicked, (people) => people.hold('fraud')),
        deed(
          'releases the hold',
          ({ tries, holds }) => tries.length >= 2 && holds.size > 0,
          (people) => people.release('fraud'),
        ),
      ],
    },
    end: 'Completed',
    calls: 45,
  },
  {
    name: 'charged when its reservation has just ended',
    circumstances: {
      issuer: (asked, turn) => (asked === 'charge' && turn === 1 ? { type: 'expire' } : null),
    },
    end: 'Completed',
    calls: 45,
  },
  {
    name: 'charged softly in vain, and again',
    circumstances: {
      issuer: (asked, turn) =>
        asked === 'charge' && turn === 1 ? { type: 'decline', code: 'processing_error' } : null,
    },
    end: 'Completed',
    calls: 43,
  },
  {
    name: 'charged in vain and paid with another card',
    circumstances: { card: 'pm_card_captureDeclined', deeds: [otherCard] },
    end: 'Completed',
    calls: 48,
  },
  {
    name: 'charged in vain and given up',
    circumstances: { card: 'pm_card_captureDeclined' },
    end: 'Cancelled',
    calls: 45,
  },
  {
    name: 'cancelled while it is picked',
    circumstances: { deeds: [cancels(isPicked)] },
    end: 'Cancelled',
    calls: 40,
  },
  {
    name: 'cancelled when it is packed',
    circumstances: { deeds: [cancels(isPacked)] },
    end: 'Cancelled',
    calls: 40,
  },
  {
    name: 'cancelled when it is charged',
    circumstances: { ships: false, deeds: [cancels(isCharged)] },
    end: 'Cancelled',
    calls: 45,
  },
  {
    name: 'cancelled when it is charged, with a slow bank',
    circumstances: { card: 'pm_card_pendingRefund', ships: false, deeds: [cancels(isCharged)] },
    notices: 'delivered',
    end: 'Cancelled',
    calls: 45,
  },
  {
    name: 'cancelled when it is charged, its refund fails and an operator makes another',
    circumstances: {
      ships: false,
      issuer: (asked, turn) =>
        asked === 'refund' && turn === 1 ? { type: 'decline', code: 'lost_or_stolen_card' } : null,
      deeds: [
        cancels(isCharged),
        deed(
          'gives the money back',
          ({ refunds }) => refunds.some(({ status }) => status === 'failed'),
          (people) => people.refund('operator-1', 4_580),
        ),
      ],
    },
    end: 'Cancelled',
    calls: 50,
  },
  {
    name: 'charged and never handed to the carrier',
    circumstances: { ships: false },
    end: 'Cancelled',
    calls: 45,
  },
  {
    name: 'refunded in part while it is shipped',
    circumstances: {
      deeds: [
        deed('gives money back', isCharged, (people) => people.refund('operator-1', 300)),
        deed('gives more money back', isShipped, (people) => people.refund('operator-2', 200)),
      ],
    },
    end: 'Completed',
    calls: 50,
  },
  {
    name: 'cancelled at the bank',
    circumstances: { card: 'pm_card_threeDSecure2Required', deeds: [cancels(waitsForBank)] },
    end: 'Cancelled',
    calls: 22,
  },
  {
    name: 'asked to be cancelled too late',
    circumstances: { deeds: [cancels(isShipped), cancels(isCompleted)] },
    end: 'Completed',
    calls: 40,
  },
];
