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
import { placedSituation, type Situation } from '../../domain/process/situation.js';
import { type Step, stepFromKey, stepNames } from '../../domain/process/steps.js';
import { someOrderId, someSettings } from './process-run.js';

const stepOf = (key: string): Step => {
  const step = stepFromKey(key);
  if (step === null) throw new Error(`no step ${key}`);
  return step;
};

const scheduled = (name: string, run = 1): ProcessFact => ({
  type: 'StepScheduled',
  step: stepOf(name),
  run,
});
const failed = (name: string, run = 1): ProcessFact => ({
  type: 'StepFailed',
  step: stepOf(name),
  run,
  reason: 'test',
});
const refused = (name: string): ProcessFact => ({
  type: 'StepNotScheduled',
  step: stepOf(name),
  cause: 'TEST',
});
const retry = (name: string, run: number): Timer => ({ name: 'retry', step: stepOf(name), run });
const running = (timer: Timer): ProcessFact => ({ type: 'TimerStarted', timer });
const fired = (timer: Timer): ProcessFact => ({ type: 'TimerFired', timer });

const waiting = (name: string): Timer => ({ name: 'wait', step: stepOf(name) });

const run = (name: string, number = 1): Due => ({ type: 'schedule_step', step: stepOf(name), run: number });
const wait = (timer: Timer, seconds: number): Due => ({ type: 'start_timer', timer, seconds });

/** An order that stands somewhere, told by a signal, in a process that knows nothing else. */
const order = (change: Partial<Situation>): ProcessFact => ({
  type: 'OrderChanged',
  situation: { ...placedSituation, revision: 5, ...change },
});

const given = (...facts: readonly ProcessFact[]) => withSettings(someSettings, ...facts);
const withSettings = (settings: ProcessSettings, ...facts: readonly ProcessFact[]) => ({
  asks: (...expected: readonly Due[]) => {
    const started: ProcessFact = { type: 'ProcessStarted', orderId: someOrderId(), settings };
    expect(due(foldProcess([started, ...facts]))).toEqual(expected);
  },
});

const validated = { stage: 'validated' } as const;
const confirmed = {
  ...validated,
  payment: 'reserved',
  nextPayment: 'nothing',
  attempt: 1,
  held: 1,
  stock: 'committed',
} as const;
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
    given(order({ ...validated, stock: 'reserved' })).asks(run('ReserveCard.1')));
  it('commits the stock and mails once the card is reserved', () =>
    given(
      order({
        ...validated,
        stock: 'reserved',
        payment: 'reserved',
        mailsDue: [{ kind: 'order_confirmed', factRevision: 5 }],
      }),
    ).asks(run('CommitStock'), run('SendMail.order_confirmed.5')));
  it('waits for the grace period', () =>
    given(order(confirmed)).asks(wait(waiting('ReleaseToWarehouse'), 1200)));
  it('goes on waiting', () => given(order(confirmed), running(waiting('ReleaseToWarehouse'))).asks());
  it('releases to the warehouse after the grace period', () =>
    given(
      order(confirmed),
      running(waiting('ReleaseToWarehouse')),
      fired(waiting('ReleaseToWarehouse')),
    ).asks(run('ReleaseToWarehouse')));
  it('releases at once where the shop gives no grace', () =>
    withSettings({ ...someSettings, graceSeconds: 0 }, order(confirmed)).asks(run('ReleaseToWarehouse')));
  it('picks, packs, charges and ships in this order', () => {
    given(order(released)).asks(run('Pick'));
    given(order({ ...released, fulfilment: 'picked' })).asks(run('Pack'));
    given(order({ ...released, fulfilment: 'packed' })).asks(run('ChargeCard.1'));
    given(order({ ...released, fulfilment: 'packed', payment: 'charging', charge: 1 })).asks(
      run('ChargeCard.1'),
    );
    given(order({ ...released, fulfilment: 'packed', payment: 'charged' })).asks(
      run('Ship'),
      wait(waiting('GiveUpShipment'), 86_400),
    );
    given(order({ ...released, fulfilment: 'shipped', payment: 'charged' })).asks(run('CompleteOrder'));
  });
  it('ends when the order is completed and its mails are sent', () =>
    given(order({ ...released, stage: 'completed' })).asks({ type: 'end_process' }));
  it('does not end while a mail is owed', () =>
    given(
      order({ ...released, stage: 'completed', mailsDue: [{ kind: 'order_shipped', factRevision: 5 }] }),
    ).asks(run('SendMail.order_shipped.5')));
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
    given(reserve, scheduled('ReserveCard.1'), failed('ReserveCard.1')).asks(
      wait(retry('ReserveCard.1', 1), 5),
    );
    given(reserve, scheduled('ReserveCard.1'), {
      type: 'StepTimedOut',
      step: stepOf('ReserveCard.1'),
      run: 1,
    }).asks(wait(retry('ReserveCard.1', 1), 5));
  });
  it('is tried again after an answer that leaves the order where it was: an unknown outcome is looked up', () =>
    given(reserve, scheduled('ReserveCard.1'), {
      type: 'StepDone',
      step: stepOf('ReserveCard.1'),
      run: 1,
      situation: {
        ...{ ...placedSituation, ...validated, revision: 7, stock: 'reserved' },
        ...{ payment: 'reserving', nextPayment: 'nothing', attempt: 1 },
      },
    }).asks(wait(retry('ReserveCard.1', 1), 5)));
  it('waits once', () =>
    given(
      reserve,
      scheduled('ReserveCard.1'),
      failed('ReserveCard.1'),
      running(retry('ReserveCard.1', 1)),
    ).asks());
  it('gets its next run when the wait is over', () =>
    given(
      reserve,
      scheduled('ReserveCard.1'),
      failed('ReserveCard.1'),
      running(retry('ReserveCard.1', 1)),
      fired(retry('ReserveCard.1', 1)),
    ).asks(run('ReserveCard.1', 2)));
  it('waits before the same run again when the service refuses to schedule it', () => {
    given(reserve, refused('ReserveCard.1')).asks(wait(retry('ReserveCard.1', 1), 5));
    given(reserve, refused('ReserveCard.1'), fired(retry('ReserveCard.1', 1))).asks(run('ReserveCard.1', 1));
    given(reserve, refused('ReserveCard.1'), fired(retry('ReserveCard.1', 1)), refused('ReserveCard.1')).asks(
      wait(retry('ReserveCard.1', 2), 60),
    );
  });
  it('waits anew after a refusal and a failure, although a wait for its first run is over', () =>
    given(
      reserve,
      refused('ReserveCard.1'),
      fired(retry('ReserveCard.1', 1)),
      scheduled('ReserveCard.1'),
      failed('ReserveCard.1'),
    ).asks(wait(retry('ReserveCard.1', 2), 60)));
  it('asks for its wait again when the service refused the timer', () =>
    given(reserve, scheduled('ReserveCard.1'), failed('ReserveCard.1'), {
      type: 'TimerNotStarted',
      timer: retry('ReserveCard.1', 1),
      cause: 'TEST',
    }).asks(wait(retry('ReserveCard.1', 1), 5)));
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
      scheduled('SendMail.order_shipped.5', index + 1),
      failed('SendMail.order_shipped.5', index + 1),
      fired(retry('SendMail.order_shipped.5', index + 1)),
    ]).flat();
  const owed = {
    ...released,
    fulfilment: 'shipped',
    payment: 'charged',
    mailsDue: [{ kind: 'order_shipped', factRevision: 5 }],
  } as const;

  it('does not hold the order up', () =>
    given(order(owed), scheduled('SendMail.order_shipped.5'), failed('SendMail.order_shipped.5')).asks(
      run('CompleteOrder'),
      wait(retry('SendMail.order_shipped.5', 1), 5),
    ));
  it('is tried for the last time at run 28', () =>
    given(order({ ...owed, stage: 'completed' }), ...runsOf(27)).asks(run('SendMail.order_shipped.5', 28)));
  it('is given up then, and the process ends', () =>
    given(order({ ...owed, stage: 'completed' }), ...runsOf(28)).asks({ type: 'end_process' }));
});

describe('a declined card', () => {
  const declined = order({
    ...validated,
    ...{ stock: 'reserved', payment: 'declined', nextPayment: 'ask', attempt: 1 },
  });
  it('is waited for', () => given(declined).asks(wait(waiting('GiveUpPayment.1'), 1800)));
  it('is given up after the wait', () =>
    given(declined, running(waiting('GiveUpPayment.1')), fired(waiting('GiveUpPayment.1'))).asks(
      run('GiveUpPayment.1'),
    ));
  it('is not waited for any more when another card was taken', () =>
    given(
      declined,
      running(waiting('GiveUpPayment.1')),
      order({ ...confirmed, revision: 9, stock: 'reserved' }),
    ).asks({ type: 'cancel_timer', timer: waiting('GiveUpPayment.1') }, run('CommitStock')));
});

describe('an order on its way out', () => {
  const cancelling = { ...confirmed, stage: 'cancelling' } as const;

  it('voids the reservation, then releases the stock, then is cancelled', () => {
    given(order(cancelling)).asks(run('VoidReservation.1'));
    const voided = { ...cancelling, payment: 'voided', held: null } as const;
    given(order(voided)).asks(run('ReleaseStock'));
    given(order({ ...voided, stock: 'released' })).asks(run('CancelOrder'));
  });
  it('looks an unknown reservation up before anything is undone', () =>
    given(order({ ...cancelling, payment: 'reserving' })).asks(run('ReserveCard.1')));
  it('voids a reservation whose charge failed', () =>
    given(order({ ...cancelling, payment: 'charge_failed' })).asks(run('VoidReservation.1')));
  it('stops waiting for the grace period', () =>
    given(
      order(confirmed),
      running(waiting('ReleaseToWarehouse')),
      order({ ...cancelling, revision: 9 }),
    ).asks({ type: 'cancel_timer', timer: waiting('ReleaseToWarehouse') }, run('VoidReservation.1')));
  it('undoes nothing while a step may still take hold of something', () =>
    given(order(confirmed), scheduled('ReleaseToWarehouse'), order({ ...cancelling, revision: 9 })).asks());
  it('does not wait for a mail that is on its way', () =>
    given(
      order({ ...confirmed, mailsDue: [{ kind: 'order_confirmed', factRevision: 5 }] }),
      scheduled('SendMail.order_confirmed.5'),
      order({ ...cancelling, revision: 9 }),
    ).asks(run('VoidReservation.1')));
  it('withdraws the task from the floor, once, and does not wait for people', () => {
    const withdrawn: Due = { type: 'withdraw_step', step: stepOf('Pick'), run: 1 };
    const picking = [order(released), scheduled('Pick'), order({ ...cancelling, revision: 9 })];
    given(...picking).asks(withdrawn, run('VoidReservation.1'));
    given(...picking, { type: 'StepWithdrawalRequested', step: stepOf('Pick'), run: 1 }).asks(
      run('VoidReservation.1'),
    );
  });
  it('ends when it is cancelled and its mail is sent', () => {
    const cancelled = { ...cancelling, stage: 'cancelled', payment: 'voided', stock: 'released' } as const;
    given(order({ ...cancelled, mailsDue: [{ kind: 'order_cancelled', factRevision: 5 }] })).asks(
      run('SendMail.order_cancelled.5'),
    );
    given(order(cancelled)).asks({ type: 'end_process' });
  });
});

describe('a rejected order', () => {
  it('gives held stock back, mails and ends', () => {
    given(
      order({
        stage: 'rejected',
        stock: 'reserved',
        mailsDue: [{ kind: 'order_rejected', factRevision: 5 }],
      }),
    ).asks(run('ReleaseStock'), run('SendMail.order_rejected.5'));
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
