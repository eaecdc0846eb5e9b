// Every command in every state: one row a command, one column a state, one mark an exact outcome. A command or a state
// without its marks does not compile or fails, so that a new one cannot be forgotten.
import { describe, expect, it } from 'vitest';
import type { OrderCommand } from '../../../domain/order/commands.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import type { Refusal } from '../../../domain/order/refusal.js';
import * as the from '../../support/examples.js';
import { given } from '../../support/order/given-when-then.js';
import { histories, type StateName } from '../../support/histories.js';

type Row = {
  readonly command: OrderCommand;
  /** What `+` stands for, and `*`, where a row needs a second outcome. */
  readonly adds: readonly OrderEvent[];
  readonly addsElse?: readonly OrderEvent[];
  readonly marks: string;
};

// The states from left to right.
const states: readonly StateName[] = [
  ...(['none', 'placed', 'authenticated', 'validated'] as const),
  ...(['stockHeld', 'reserving', 'reservationUnknown', 'declined', 'reserved', 'committed'] as const),
  ...(['released', 'picked', 'packed'] as const),
  ...(['charging', 'chargeUnknown', 'chargeFailed', 'charged', 'shipped', 'completed'] as const),
  ...(['rejected', 'outOfStock'] as const),
  ...(['cancellingReserving', 'cancellingCommitted', 'cancellingVoided', 'cancellingFree'] as const),
  'cancelled',
];

//  +  adds its facts     *  adds its other facts     .  done before: adds nothing
//  ?  no such order      w  wrong phase              x  the order is on its way out
//  a  attempt unknown    l  too late to cancel       h  something is still held
//  n  not charged        m  no such mail is due
const rows: Readonly<Record<string, Row>> = {
  PlaceOrder: {
    command: the.place,
    adds: [the.placed],
    marks: '+... ...... ... ...... .. .... .',
  },
  AuthenticateCustomer: {
    command: the.authenticate,
    adds: [the.authenticated],
    marks: '?+.. ...... ... ...... .. xxxx x',
  },
  'AuthenticateCustomer, sign-in revoked': {
    command: the.authenticateRevoked,
    adds: [the.rejected],
    marks: '?+.. ...... ... ...... .. xxxx x',
  },
  ValidateOrder: {
    command: the.validate,
    adds: [the.validated],
    marks: '?w+. ...... ... ...... .. xxxx x',
  },
  'RecordStockReservation, reserved': {
    command: the.recordStock,
    adds: [the.stockReserved],
    marks: '?ww+ ...... ... ...... xx ...x x',
  },
  'RecordStockReservation, unavailable': {
    command: the.recordStockMissing,
    adds: [the.stockUnavailable, the.rejectedForStock],
    marks: '?ww+ ...... ... ...... xx ...x x',
  },
  RequestCardReservation: {
    command: the.requestReservation,
    adds: [the.reservationRequested],
    marks: '?www +..w.. ... ...... xx ..xx x',
  },
  'RecordCardReservation, reserved': {
    command: the.recordReserved,
    adds: [the.reserved],
    marks: '?aaa a++... ... ...... aa +... .',
  },
  'RecordCardReservation, declined': {
    command: the.recordDeclined,
    adds: [the.declined],
    marks: '?aaa a++... ... ...... aa +... .',
  },
  'RecordCardReservation, unknown': {
    command: the.recordReservationUnknown,
    adds: [the.reservationUnknown],
    marks: '?aaa a+.... ... ...... aa +... .',
  },
  'RecordStockCommitment, committed': {
    command: the.recordCommitment,
    adds: [the.stockCommitted],
    marks: '?www +++++. ... ...... xx +..x x',
  },
  'RecordStockCommitment, unavailable': {
    command: the.recordGoodsLost,
    adds: [the.goodsLost, the.cancellationForStock],
    marks: '?www +++++. ... ...... xx ...x x',
  },
  ReleaseToWarehouse: {
    command: the.release,
    adds: [the.released],
    marks: '?www wwwww+ ... ...... xx xxxx x',
  },
  RecordPick: {
    command: the.pick,
    adds: [the.picked],
    marks: '?www wwwwww +.. ...... xx xxxx x',
  },
  RecordPack: {
    command: the.pack,
    adds: [the.packed],
    marks: '?www wwwwww w+. ...... xx xxxx x',
  },
  RequestCharge: {
    command: the.requestCharge,
    adds: [the.chargeRequested],
    addsElse: [{ ...the.chargeRequested, attempt: 2, key: the.secondChargeKey }],
    marks: '?www wwwwww ww+ ..*... xx xxxx x',
  },
  'RecordCharge, charged': {
    command: the.recordCharged,
    adds: [the.charged],
    marks: '?aaa aaaaaa aaa ++.... aa aaaa a',
  },
  'RecordCharge, failed': {
    command: the.recordChargeFailed,
    adds: [the.chargeFailed],
    marks: '?aaa aaaaaa aaa ++.... aa aaaa a',
  },
  'RecordCharge, unknown': {
    command: the.recordChargeUnknown,
    adds: [the.chargeUnknown],
    marks: '?aaa aaaaaa aaa +..... aa aaaa a',
  },
  RecordShipment: {
    command: the.ship,
    adds: [the.shipped],
    marks: '?www wwwwww wwn nnn+.. xx xxxx x',
  },
  CompleteOrder: {
    command: the.complete,
    adds: [the.completed],
    marks: '?www wwwwww www wwww+. xx xxxx x',
  },
  RequestCancellation: {
    command: the.cancel,
    adds: [the.cancellationRequested],
    addsElse: [the.cancellationRequested, the.cancelledAtOnce],
    marks: '?**+ ++++++ +ll llllll ll .... .',
  },
  GiveUpPayment: {
    command: the.giveUp,
    adds: [the.givenUp],
    marks: '?www www+ww www wwwwww xx .... .',
  },
  RecordReservationVoid: {
    command: the.recordVoid,
    adds: [the.voided],
    marks: '?... .ww.ww www wwwwww .. x+.. .',
  },
  RecordStockRelease: {
    command: the.recordStockRelease,
    adds: [the.stockReleased],
    marks: '?... wwwwww www wwwwww .. +++. .',
  },
  CancelOrder: {
    command: the.cancelNow,
    adds: [the.cancelled],
    marks: '?www wwwwww www wwwwww xx hhh+ .',
  },
  'RequestNotification, order_confirmed': {
    command: the.requestMail('order_confirmed'),
    adds: [the.mailRequested('order_confirmed', 5)],
    marks: '?mmm mmmm++ +++ ++++++ mm mxxx x',
  },
  'RequestNotification, order_shipped': {
    command: the.requestMail('order_shipped'),
    adds: [the.mailRequested('order_shipped', 12)],
    marks: '?mmm mmmmmm mmm mmmm++ mm mmmm m',
  },
  'RequestNotification, order_rejected': {
    command: the.requestMail('order_rejected'),
    adds: [the.mailRequested('order_rejected', 1)],
    addsElse: [the.mailRequested('order_rejected', 4)],
    marks: '?mmm mmmmmm mmm mmmmmm +* mmmm m',
  },
  'RequestNotification, order_cancelled': {
    command: the.requestMail('order_cancelled'),
    adds: [the.mailRequested('order_cancelled', 10)],
    marks: '?mmm mmmmmm mmm mmmmmm mm mmmm +',
  },
  'RecordNotification, before any was asked for': {
    command: the.recordMailSent('order_confirmed'),
    adds: [],
    marks: '?mmm mmmmmm mmm mmmmmm mm mmmm m',
  },
};

const refusalOf = (mark: string, command: OrderCommand, state: StateName): Refusal | null => {
  const { phase } = histories[state];
  if (mark === '?') return { type: 'order_unknown' };
  if (phase === null) return null;
  switch (mark) {
    case 'w':
      return { type: 'wrong_phase', command: command.type, phase };
    case 'x':
      return { type: 'order_closing', phase };
    case 'l':
      return { type: 'too_late_to_cancel', phase };
    case 'a':
      return { type: 'attempt_unknown', attempt: 1 };
    case 'h':
      return { type: 'something_still_held' };
    case 'n':
      return { type: 'not_charged' };
    case 'm':
      return { type: 'notification_not_due' };
    default:
      return null;
  }
};

const check = (row: Row, mark: string | undefined, state: StateName): void => {
  const outcome = given(...histories[state].events).when(row.command);
  if (mark === '+') return outcome.then(...row.adds);
  if (mark === '*' && row.addsElse !== undefined) return outcome.then(...row.addsElse);
  if (mark === '.') return outcome.thenNothing();
  const refusal = refusalOf(mark ?? '', row.command, state);
  if (refusal === null) throw new Error(`no outcome is given for ${row.command.type} when ${state}`);
  return outcome.thenRefused(refusal);
};

/** Every command's name; the record makes the compiler ask for a new one. */
const commandNames: Readonly<Record<OrderCommand['type'], true>> = {
  PlaceOrder: true,
  AuthenticateCustomer: true,
  ValidateOrder: true,
  RecordStockReservation: true,
  RequestCardReservation: true,
  RecordCardReservation: true,
  RecordStockCommitment: true,
  ReleaseToWarehouse: true,
  RecordPick: true,
  RecordPack: true,
  RequestCharge: true,
  RecordCharge: true,
  RecordShipment: true,
  CompleteOrder: true,
  RequestCancellation: true,
  GiveUpPayment: true,
  RecordReservationVoid: true,
  RecordStockRelease: true,
  CancelOrder: true,
  RequestNotification: true,
  RecordNotification: true,
};

describe('the table', () => {
  it('has every state as a column', () => {
    expect([...states].sort()).toStrictEqual(Object.keys(histories).sort());
  });

  it('has every command in a row', () => {
    const asked = new Set(Object.values(rows).map(({ command }) => command.type));
    expect([...asked].sort()).toStrictEqual(Object.keys(commandNames).sort());
  });
});

describe.each(Object.entries(rows))('%s', (_name, row) => {
  const marks = [...row.marks.replaceAll(' ', '')];

  it('has an outcome for every state', () => {
    expect(marks).toHaveLength(states.length);
  });

  it.each(states.map((state, index) => [state, marks[index]] as const))('when %s: %s', (state, mark) => {
    expect.assertions(1);
    check(row, mark, state);
  });
});
