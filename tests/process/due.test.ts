// What the order process asks for, situation by situation.
import { describe, expect, it } from 'vitest';
import { due, type Due } from '../../domain/process/due.js';
import type { ProcessFact, Timer } from '../../domain/process/facts.js';
import {
  limitsOf,
  mostRuns,
  processSeconds,
  type ProcessSettings,
  retryAfterSeconds,
} from '../../domain/process/limits.js';
import { foldProcess } from '../../domain/process/process.js';
import type { Situation } from '../../domain/process/situation.js';
import { type Step, stepNames } from '../../domain/process/steps.js';
import { newOrder } from './order-model.js';
import { someOrderId, someSettings } from './process-run.js';

type StepOf = Step['name'] | `SendMail-${Extract<Step, { name: 'SendMail' }>['mail']}`;

const mails: Readonly<Record<string, Step>> = {
  'SendMail-order_confirmed': { name: 'SendMail', mail: 'order_confirmed' },
  'SendMail-order_shipped': { name: 'SendMail', mail: 'order_shipped' },
  'SendMail-order_rejected': { name: 'SendMail', mail: 'order_rejected' },
  'SendMail-order_cancelled': { name: 'SendMail', mail: 'order_cancelled' },
};
const workerSteps = new Map<string, Step>(
  stepNames.flatMap((name) => (name === 'SendMail' ? [] : [[name, { name }] as const])),
);
const stepOf = (name: StepOf): Step => {
  const step = mails[name] ?? workerSteps.get(name);
  if (step === undefined) throw new Error(`no step ${name}`);
  return step;
};

const scheduled = (name: StepOf, run = 1): ProcessFact => ({
  type: 'StepScheduled',
  step: stepOf(name),
  run,
});
const failed = (name: StepOf, run = 1): ProcessFact => ({
  type: 'StepFailed',
  step: stepOf(name),
  run,
  reason: 'test',
});
const refused = (name: StepOf): ProcessFact => ({
  type: 'StepNotScheduled',
  step: stepOf(name),
  cause: 'TEST',
});
const retry = (name: StepOf, run: number): Timer => ({ name: 'retry', step: stepOf(name), run });
const running = (timer: Timer): ProcessFact => ({ type: 'TimerStarted', timer });
const fired = (timer: Timer): ProcessFact => ({ type: 'TimerFired', timer });

const run = (name: StepOf, number = 1): Due => ({ type: 'schedule_step', step: stepOf(name), run: number });
const wait = (timer: Timer, seconds: number): Due => ({ type: 'start_timer', timer, seconds });

/** An order that stands somewhere, told by a signal, in a process that knows nothing else. */
const order = (change: Partial<Situation>): ProcessFact => ({
  type: 'OrderChanged',
  situation: { ...newOrder, revision: 5, ...change },
});

const given = (...facts: readonly ProcessFact[]) => withSettings(someSettings, ...facts);
const withSettings = (settings: ProcessSettings, ...facts: readonly ProcessFact[]) => ({
  asks: (...expected: readonly Due[]) => {
    const started: ProcessFact = { type: 'ProcessStarted', orderId: someOrderId(), settings };
    expect(due(foldProcess([started, ...facts]))).toEqual(expected);
  },
});

const validated = { stage: 'validated' } as const;
const confirmed = { ...validated, payment: 'reserved', stock: 'committed' } as const;
const released = { ...confirmed, stage: 'released' } as const;

describe('a process before its start', () => {
  it('asks for nothing', () => expect(due(foldProcess([order(released)]))).toEqual([]));
});

describe('the way forward', () => {
  it('begins with the authentication', () => given().asks(run('AuthenticateCustomer')));
  it('validates what is authenticated', () =>
    given(order({ stage: 'authenticated' })).asks(run('ValidateOrder')));
  it('reserves stock before the card', () => given(order(validated)).asks(run('ReserveStock')));
  it('reserves the card once stock is held', () =>
    given(order({ ...validated, stock: 'reserved' })).asks(run('ReserveCard')));
  it('commits the stock and mails once the card is reserved', () =>
    given(
      order({ ...validated, stock: 'reserved', payment: 'reserved', mailsDue: ['order_confirmed'] }),
    ).asks(run('CommitStock'), run('SendMail-order_confirmed')));
  it('waits for the grace period', () => given(order(confirmed)).asks(wait({ name: 'grace' }, 1200)));
  it('goes on waiting', () => given(order(confirmed), running({ name: 'grace' })).asks());
  it('releases to the warehouse after the grace period', () =>
    given(order(confirmed), running({ name: 'grace' }), fired({ name: 'grace' })).asks(
      run('ReleaseToWarehouse'),
    ));
  it('releases at once where the shop gives no grace', () =>
    withSettings({ ...someSettings, graceSeconds: 0 }, order(confirmed)).asks(run('ReleaseToWarehouse')));
  it('picks, packs, charges and ships in this order', () => {
    given(order(released)).asks(run('Pick'));
    given(order({ ...released, fulfilment: 'picked' })).asks(run('Pack'));
    given(order({ ...released, fulfilment: 'packed' })).asks(run('ChargeCard'));
    given(order({ ...released, fulfilment: 'packed', payment: 'charging' })).asks(run('ChargeCard'));
    given(order({ ...released, fulfilment: 'packed', payment: 'charged' })).asks(run('Ship'));
    given(order({ ...released, fulfilment: 'shipped', payment: 'charged' })).asks(run('CompleteOrder'));
  });
  it('ends when the order is completed and its mails are sent', () =>
    given(order({ ...released, stage: 'completed' })).asks({ type: 'end_process' }));
  it('does not end while a mail is owed', () =>
    given(order({ ...released, stage: 'completed', mailsDue: ['order_shipped'] })).asks(
      run('SendMail-order_shipped'),
    ));
});

describe('a step that is open', () => {
  it('is not scheduled again', () => given(scheduled('AuthenticateCustomer')).asks());
  it('is not scheduled again when its schedule is told twice, also after it failed', () =>
    given(
      scheduled('AuthenticateCustomer'),
      failed('AuthenticateCustomer'),
      scheduled('AuthenticateCustomer'),
    ).asks(wait(retry('AuthenticateCustomer', 1), 1)));
});

describe('a step that did not bring the order forward', () => {
  const reserve = order({ ...validated, stock: 'reserved' });
  it('is tried again after a wait', () => {
    given(reserve, scheduled('ReserveCard'), failed('ReserveCard')).asks(wait(retry('ReserveCard', 1), 5));
    given(reserve, scheduled('ReserveCard'), {
      type: 'StepTimedOut',
      step: stepOf('ReserveCard'),
      run: 1,
    }).asks(wait(retry('ReserveCard', 1), 5));
  });
  it('is tried again after an answer that leaves the order where it was: an unknown outcome is looked up', () =>
    given(reserve, scheduled('ReserveCard'), {
      type: 'StepDone',
      step: stepOf('ReserveCard'),
      run: 1,
      situation: { ...newOrder, ...validated, revision: 7, stock: 'reserved', payment: 'reserving' },
    }).asks(wait(retry('ReserveCard', 1), 5)));
  it('waits once', () =>
    given(reserve, scheduled('ReserveCard'), failed('ReserveCard'), running(retry('ReserveCard', 1))).asks());
  it('gets its next run when the wait is over', () =>
    given(
      reserve,
      scheduled('ReserveCard'),
      failed('ReserveCard'),
      running(retry('ReserveCard', 1)),
      fired(retry('ReserveCard', 1)),
    ).asks(run('ReserveCard', 2)));
  it('waits before the same run again when the service refuses to schedule it', () => {
    given(reserve, refused('ReserveCard')).asks(wait(retry('ReserveCard', 1), 5));
    given(reserve, refused('ReserveCard'), fired(retry('ReserveCard', 1))).asks(run('ReserveCard', 1));
    given(reserve, refused('ReserveCard'), fired(retry('ReserveCard', 1)), refused('ReserveCard')).asks(
      wait(retry('ReserveCard', 2), 60),
    );
  });
  it('waits anew after a refusal and a failure, although a wait for its first run is over', () =>
    given(
      reserve,
      refused('ReserveCard'),
      fired(retry('ReserveCard', 1)),
      scheduled('ReserveCard'),
      failed('ReserveCard'),
    ).asks(wait(retry('ReserveCard', 2), 60)));
  it('asks for its wait again when the service refused the timer', () =>
    given(reserve, scheduled('ReserveCard'), failed('ReserveCard'), {
      type: 'TimerNotStarted',
      timer: retry('ReserveCard', 1),
      cause: 'TEST',
    }).asks(wait(retry('ReserveCard', 1), 5)));
});

describe('waits between runs', () => {
  it.each(stepNames)('%s: never shorter than the one before, and at least a second', (name) => {
    const waits = Array.from({ length: 40 }, (_, index) => retryAfterSeconds(name, index + 1));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeGreaterThanOrEqual(1);
  });
  it.each(stepNames)(
    '%s: 300 days of failures fit into the 25,000 events that a history can hold',
    (name) => {
      // Timer, schedule, start and failure of the run, and two decisions of three events each.
      const eventsOfARun = 11;
      let seconds = 0;
      let runs = 0;
      while (seconds < processSeconds && runs < mostRuns(name)) {
        runs += 1;
        seconds += retryAfterSeconds(name, runs);
      }
      expect(runs * eventsOfARun).toBeLessThan(24_000);
    },
  );
  it('give a mail up after 28 runs, more than a day, and nothing else ever', () => {
    expect(stepNames.filter((name) => mostRuns(name) !== Number.POSITIVE_INFINITY)).toEqual(['SendMail']);
    const waits = Array.from({ length: mostRuns('SendMail') }, (_, index) =>
      retryAfterSeconds('SendMail', index + 1),
    );
    expect(waits.reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThan(24 * 3600);
  });
  it('every step has limits that end', () => {
    for (const name of stepNames) {
      const { waitSeconds, workSeconds } = limitsOf(name);
      expect(waitSeconds + workSeconds).toBeGreaterThan(0);
      expect(String(waitSeconds + workSeconds).length).toBeLessThanOrEqual(8);
    }
  });
});

describe('a mail that cannot be sent', () => {
  const runsOf = (count: number): readonly ProcessFact[] =>
    Array.from({ length: count }, (_, index) => [
      scheduled('SendMail-order_shipped', index + 1),
      failed('SendMail-order_shipped', index + 1),
      fired(retry('SendMail-order_shipped', index + 1)),
    ]).flat();
  const owed = {
    ...released,
    fulfilment: 'shipped',
    payment: 'charged',
    mailsDue: ['order_shipped'],
  } as const;

  it('does not hold the order up', () =>
    given(order(owed), scheduled('SendMail-order_shipped'), failed('SendMail-order_shipped')).asks(
      run('CompleteOrder'),
      wait(retry('SendMail-order_shipped', 1), 5),
    ));
  it('is tried for the last time at run 28', () =>
    given(order({ ...owed, stage: 'completed' }), ...runsOf(27)).asks(run('SendMail-order_shipped', 28)));
  it('is given up then, and the process ends', () =>
    given(order({ ...owed, stage: 'completed' }), ...runsOf(28)).asks({ type: 'end_process' }));
});

describe('a declined card', () => {
  const declined = order({ ...validated, stock: 'reserved', payment: 'declined' });
  it('is waited for', () => given(declined).asks(wait({ name: 'pay_again' }, 1800)));
  it('is given up after the wait', () =>
    given(declined, running({ name: 'pay_again' }), fired({ name: 'pay_again' })).asks(run('GiveUpPayment')));
  it('is not waited for any more when another card was taken', () =>
    given(
      declined,
      running({ name: 'pay_again' }),
      order({ ...validated, revision: 9, stock: 'reserved', payment: 'reserved' }),
    ).asks({ type: 'cancel_timer', timer: { name: 'pay_again' } }, run('CommitStock')));
});

describe('an order on its way out', () => {
  const cancelling = { ...confirmed, stage: 'cancelling' } as const;

  it('voids the reservation, then releases the stock, then is cancelled', () => {
    given(order(cancelling)).asks(run('VoidReservation'));
    given(order({ ...cancelling, payment: 'voided' })).asks(run('ReleaseStock'));
    given(order({ ...cancelling, payment: 'voided', stock: 'released' })).asks(run('CancelOrder'));
  });
  it('looks an unknown reservation up before anything is undone', () =>
    given(order({ ...cancelling, payment: 'reserving' })).asks(run('ReserveCard')));
  it('voids a reservation whose charge failed', () =>
    given(order({ ...cancelling, payment: 'charge_failed' })).asks(run('VoidReservation')));
  it('stops waiting for the grace period', () =>
    given(order(confirmed), running({ name: 'grace' }), order({ ...cancelling, revision: 9 })).asks(
      { type: 'cancel_timer', timer: { name: 'grace' } },
      run('VoidReservation'),
    ));
  it('undoes nothing while a step may still take hold of something', () =>
    given(order(confirmed), scheduled('ReleaseToWarehouse'), order({ ...cancelling, revision: 9 })).asks());
  it('does not wait for a mail that is on its way', () =>
    given(
      order({ ...confirmed, mailsDue: ['order_confirmed'] }),
      scheduled('SendMail-order_confirmed'),
      order({ ...cancelling, revision: 9 }),
    ).asks(run('VoidReservation')));
  it('withdraws the task from the floor, once, and does not wait for people', () => {
    const withdrawn: Due = { type: 'withdraw_step', step: stepOf('Pick'), run: 1 };
    const picking = [order(released), scheduled('Pick'), order({ ...cancelling, revision: 9 })];
    given(...picking).asks(withdrawn, run('VoidReservation'));
    given(...picking, { type: 'StepWithdrawalRequested', step: stepOf('Pick'), run: 1 }).asks(
      run('VoidReservation'),
    );
  });
  it('ends when it is cancelled and its mail is sent', () => {
    const cancelled = { ...cancelling, stage: 'cancelled', payment: 'voided', stock: 'released' } as const;
    given(order({ ...cancelled, mailsDue: ['order_cancelled'] })).asks(run('SendMail-order_cancelled'));
    given(order(cancelled)).asks({ type: 'end_process' });
  });
});

describe('a rejected order', () => {
  it('gives held stock back, mails and ends', () => {
    given(order({ stage: 'rejected', stock: 'reserved', mailsDue: ['order_rejected'] })).asks(
      run('ReleaseStock'),
      run('SendMail-order_rejected'),
    );
    given(order({ stage: 'rejected' })).asks({ type: 'end_process' });
  });
});

describe('news', () => {
  it('that is older than what is known changes nothing', () =>
    given(order(validated), order({ revision: 4, stage: 'placed' })).asks(run('ReserveStock')));
  it('that is not understood changes nothing and is kept', () => {
    const odd: ProcessFact = { type: 'NotUnderstood', what: 'event 7' };
    given(order(validated), odd).asks(run('ReserveStock'));
    expect(foldProcess([odd]).notUnderstood).toEqual(['event 7']);
  });
});
