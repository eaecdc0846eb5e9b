import type { NotificationKind } from '../order/events.js';
import type { Phase } from '../order/phase.js';
import { defaultSettings, floorSeconds, holdSeconds, stepSeconds } from './limits.js';
import type { StepName } from './steps.js';

// The whole life of an order on one page: for every phase what it means, what lets an order go on from it, who is
// waited for and until when, how it is undone, and which mails it may send. The rules themselves are in domain/order
// and wanted.ts; tests hold this page against them, and the diagram of ARCHITECTURE.md is drawn from it.

/** Who has to do something for an order to go on. */
export type AwaitedParty = 'workers' | 'processor' | 'customer' | 'floor' | 'operator' | 'nobody';

/** When the next fact is due at the latest, under which limit, and what happens then. */
export type PhaseDeadline = {
  readonly limit: string;
  /** As shipped; what is a setting of the shop may differ. */
  readonly seconds: number;
  readonly then: string;
};

/** All there is to say about one phase. */
export type PhaseRule = {
  readonly meaning: string;
  /** What must be true for the order to go forward from here. */
  readonly guard: string;
  /** The steps that the process may ask for in this phase, mails apart. */
  readonly steps: readonly StepName[];
  /** Who is waited for, the usual one first. */
  readonly awaits: readonly AwaitedParty[];
  readonly deadline: PhaseDeadline | null;
  /** What a cancellation or the end of a deadline gives back. */
  readonly undone: string;
  /** Mails that facts of this phase call for, or that may still be on their way. */
  readonly mails: readonly NotificationKind[];
  /** The phases that can follow. */
  readonly leadsTo: readonly Phase[];
};

/** What becomes of a step that nobody does: it is tried again, and after its limit the order is listed as stuck. */
const worker: PhaseDeadline = {
  limit: 'a step waits 15 minutes for a worker',
  seconds: stepSeconds('AuthenticateCustomer'),
  then: 'tried again with growing waits, and listed as stuck',
};

const floor: PhaseDeadline = {
  limit: 'a day for a task of the floor; after four hours it goes first',
  seconds: floorSeconds,
  then: 'listed as stuck',
};

/** Every phase, in the order in which an order can pass through them. */
export const lifecycle: Readonly<Record<Phase, PhaseRule>> = {
  Placed: {
    meaning: 'the order is stored; nobody has checked it',
    guard: 'the sign-in is the customer’s own, fresh and not revoked, and the account is not locked',
    steps: ['AuthenticateCustomer'],
    awaits: ['workers'],
    deadline: worker,
    undone: 'nothing is held',
    mails: [],
    leadsTo: ['Authenticated', 'Rejected', 'Cancelled'],
  },
  Authenticated: {
    meaning: 'the customer is who they say',
    guard: 'every article is sold, the country served, the currency taken and the total below its limit',
    steps: ['ValidateOrder'],
    awaits: ['workers'],
    deadline: worker,
    undone: 'nothing is held',
    mails: [],
    leadsTo: ['Validated', 'Rejected', 'Cancelled'],
  },
  Validated: {
    meaning: 'the order can be fulfilled as far as rules can tell',
    guard: 'all its goods are in stock',
    steps: ['ReserveStock'],
    awaits: ['workers'],
    deadline: worker,
    undone: 'ReleaseStock',
    mails: [],
    leadsTo: ['StockHeld', 'Rejected', 'Cancelling'],
  },
  StockHeld: {
    meaning: 'the goods are held; the card is being asked',
    guard: 'no attempt is open or unknown, an attempt is left, and the card was not refused for good',
    steps: ['ReserveCard', 'VoidReservation'],
    awaits: ['processor', 'workers'],
    deadline: {
      limit: 'a lost answer is looked up after 5 s, 1 min, 5 min and 1 h',
      seconds: stepSeconds('ReserveCard'),
      then: 'looked up daily, and listed as stuck',
    },
    undone: 'the outcome is found out, VoidReservation, then ReleaseStock',
    mails: [],
    leadsTo: ['Confirmed', 'AwaitingPayment', 'OnHold', 'Cancelling'],
  },
  AwaitingPayment: {
    meaning: 'the card did not give the money, or its bank asks the customer to confirm',
    guard: 'another card or a confirmation in time, and an attempt is left',
    steps: ['LookUpPayment', 'ReserveCard', 'ExtendStock', 'GiveUpPayment', 'VoidReservation'],
    awaits: ['customer', 'workers'],
    deadline: {
      limit: 'payAgainSeconds for another card, challengeSeconds for the bank',
      seconds: defaultSettings.payAgainSeconds,
      then: 'cancelled: payment not completed',
    },
    undone: 'VoidReservation of what is still held, then ReleaseStock',
    mails: ['payment_needed', 'order_confirmed'],
    leadsTo: ['StockHeld', 'Confirmed', 'OnHold', 'Cancelling'],
  },
  Confirmed: {
    meaning: 'goods and money are held; the customer may change their mind',
    guard: 'the grace is over, nothing holds the order, and the reservation lasts until the goods are picked',
    steps: ['CommitStock', 'ReleaseToWarehouse', 'ReserveCard', 'VoidReservation'],
    awaits: ['workers'],
    deadline: {
      limit: 'graceSeconds',
      seconds: defaultSettings.graceSeconds,
      then: 'handed to the warehouse',
    },
    undone: 'VoidReservation, then ReleaseStock',
    mails: ['order_confirmed'],
    leadsTo: ['Released', 'OnHold', 'AwaitingPayment', 'Cancelling'],
  },
  OnHold: {
    meaning: 'a person, or the money of an order already confirmed, holds it; nothing leaves the building',
    guard: 'every hold is released and the money is there again',
    steps: [
      ...(['Pick', 'Pack', 'CommitStock', 'ChargeCard', 'ReserveCard'] as const),
      ...(['LookUpPayment', 'GiveUpPayment', 'GiveUpShipment', 'VoidReservation'] as const),
    ],
    awaits: ['operator', 'customer', 'floor', 'workers'],
    deadline: {
      limit: 'a day for a person; payAgainLaterSeconds for another card',
      seconds: holdSeconds,
      then: 'listed as stuck; without another card cancelled',
    },
    undone: 'as in the phase it was held in',
    mails: ['payment_needed', 'order_confirmed'],
    leadsTo: [
      ...(['AwaitingPayment', 'Confirmed', 'Released', 'Picked', 'Packed', 'Charged'] as const),
      'Cancelling',
    ],
  },
  Released: {
    meaning: 'the warehouse has the order; nobody has picked it',
    guard: 'every line is picked, or short with a reason',
    steps: ['Pick', 'ReserveCard', 'VoidReservation'],
    awaits: ['floor'],
    deadline: floor,
    undone: 'the floor’s task is withdrawn, VoidReservation, then ReleaseStock',
    mails: ['order_confirmed'],
    leadsTo: ['Picked', 'OnHold', 'Cancelling'],
  },
  Picked: {
    meaning: 'the goods lie in a tote',
    guard: 'the parcels are weighed and closed',
    steps: ['Pack', 'ReserveCard', 'VoidReservation'],
    awaits: ['floor'],
    deadline: floor,
    undone: 'VoidReservation and PutBack, then ReleaseStock',
    mails: ['order_confirmed'],
    leadsTo: ['Packed', 'OnHold', 'Cancelling'],
  },
  Packed: {
    meaning: 'the parcel is closed, so its amount is known and is charged',
    guard: 'nothing holds the order; the reservation stands and covers what was packed',
    steps: ['ChargeCard', 'ReserveCard', 'VoidReservation'],
    awaits: ['processor', 'workers'],
    deadline: {
      limit: 'a lost answer is looked up after 5 s, 1 min, 5 min and 1 h',
      seconds: stepSeconds('ChargeCard'),
      then: 'looked up daily, and listed as stuck',
    },
    undone: 'VoidReservation and PutBack, then ReleaseStock',
    mails: ['order_confirmed'],
    leadsTo: ['Charged', 'OnHold', 'Cancelling'],
  },
  Charged: {
    meaning: 'the money was taken; the parcel waits for its carrier',
    guard: 'nothing holds the order; the carrier has the parcel',
    steps: ['Ship', 'GiveUpShipment', 'VoidReservation', 'RefundCard'],
    awaits: ['floor'],
    deadline: {
      limit: 'unshippedSeconds; after half of it people are called',
      seconds: defaultSettings.unshippedSeconds,
      then: 'cancelled: the money is refunded and the goods are put back',
    },
    undone: 'RefundCard and PutBack, then ReleaseStock',
    mails: ['order_confirmed', 'order_refunded'],
    leadsTo: ['Shipped', 'OnHold', 'Cancelling'],
  },
  Shipped: {
    meaning: 'the carrier has the parcel',
    guard: 'charged and shipped',
    steps: ['CompleteOrder', 'VoidReservation', 'RefundCard'],
    awaits: ['workers'],
    deadline: worker,
    undone: 'not at all; a return is offered, and money goes back as a refund',
    mails: ['order_shipped', 'order_confirmed', 'order_refunded'],
    leadsTo: ['Completed'],
  },
  Completed: {
    meaning: 'charged and shipped; what can still come is a delivery, a refund, a dispute or a returned mail',
    guard: 'the end',
    steps: ['VoidReservation', 'RefundCard'],
    awaits: ['nobody', 'processor', 'operator'],
    deadline: null,
    undone: 'a refund, never above what was charged',
    mails: ['order_shipped', 'order_confirmed', 'order_refunded'],
    leadsTo: [],
  },
  Rejected: {
    meaning: 'the order could not be taken; nothing was held on the card',
    guard: 'the end',
    steps: ['ReleaseStock'],
    awaits: ['nobody'],
    deadline: null,
    undone: 'ReleaseStock of what was held in part',
    mails: ['order_rejected'],
    leadsTo: [],
  },
  Cancelling: {
    meaning: 'the order is on its way out; what it holds is given back',
    guard: 'no money and no goods are out: voided or refunded, put back and released',
    steps: [
      ...(['ReserveCard', 'ChargeCard', 'VoidReservation', 'RefundCard'] as const),
      ...(['PutBack', 'ReleaseStock', 'CancelOrder'] as const),
    ],
    awaits: ['workers', 'processor', 'floor', 'operator'],
    deadline: {
      limit: 'each step its own: 15 minutes for a worker, a day for the floor, a day for a refund',
      seconds: floorSeconds,
      then: 'listed as stuck; a refund that failed is an operator’s to make again',
    },
    undone: 'it is the undoing',
    mails: ['order_refunded'],
    leadsTo: ['Cancelled'],
  },
  Cancelled: {
    meaning: 'nothing is held and nothing was kept',
    guard: 'the end',
    steps: [],
    awaits: ['nobody'],
    deadline: null,
    undone: 'there is nothing left to undo',
    mails: ['order_cancelled', 'order_refunded'],
    leadsTo: [],
  },
};
