// A small engine for one order's process: schedules steps, starts timers, delivers signals and notices, and asks again
// what is due after everything that happened. Time passes only when there is nothing else to do.
import * as E from 'fp-ts/lib/Either.js';
import { actOnNotice } from '../../../application/payments/act-on-notice.js';
import type { NoticeSubject } from '../../../application/ports/payment-notices.js';
import {
  isTaskToken,
  type StepTask,
  type TaskToken,
} from '../../../application/ports/workflow/process-tasks.js';
import { createRunStep } from '../../../application/steps/run-step.js';
import type { StepPorts } from '../../../application/steps/step-ports.js';
import { plusSeconds } from '../../../domain/instant.js';
import { due, type Due } from '../../../domain/process/due.js';
import { type ProcessFact, type Timer, timerKey } from '../../../domain/process/facts.js';
import { limitsOf } from '../../../domain/process/limits.js';
import { foldProcess } from '../../../domain/process/process.js';
import { groupOf, runKey, type Step, stepKey } from '../../../domain/process/steps.js';
import { orderId } from '../examples.js';
import { stepPolicy, type World } from './world.js';

/** One run of a step. */
export type OpenRun = { readonly step: Step; readonly run: number };

/** How an engine runs its steps. */
export type EngineOptions = {
  /** The ports of the workers and the floor; the world's own unless something stands between. */
  readonly ports: StepPorts;
  /** Resolves when the worker that is at work dies; asked for before each run of a step. */
  readonly death?: () => Promise<'died'>;
  /** How often each run of a step is done: once, twice one after the other, twice at the same time. */
  readonly runs?: 'once' | 'twice' | 'side by side';
  /** What becomes of the processor's notices: lost, or delivered after each step, also twice or the last one first. */
  readonly notices?: 'lost' | 'delivered' | 'twice' | 'backwards';
  /** Told of each run before it begins, and of its end with null. */
  readonly onRun?: (run: OpenRun | null) => void;
  /** True when the worker dies between the end of this run's work and its reply. */
  readonly diesBeforeReply?: (run: OpenRun) => boolean;
};

/** The engine of one process. */
export type Engine = {
  /** One decision and what follows first; `ended` when the process has ended. Throws when it stands still. */
  readonly round: () => Promise<'going' | 'ended'>;
  /** Rounds until the end; answers with the facts it learnt. Throws when there is none in sight. */
  readonly runToEnd: () => Promise<readonly ProcessFact[]>;
  /** The workflow is lost, and a new one begins that knows nothing. */
  readonly restart: () => void;
};

const tokenOf = (run: OpenRun): TaskToken => {
  const token = runKey(run.step, run.run);
  if (isTaskToken(token)) return token;
  throw new Error('not a token');
};

const isFloor = (step: Step): boolean => groupOf[step.name] === 'floor';
const never = new Promise<'died'>(() => undefined);
const mostRounds = 600;
const mostTriesOfNotice = 30;

/** An engine whose process has not begun. */
export const createEngine = (world: World, options: EngineOptions): Engine => {
  const { ports, death = () => never, runs = 'once', notices = 'lost' } = options;
  const runStep = createRunStep(ports, stepPolicy);
  const act = actOnNotice({ ...ports, orderProcesses: world.orderProcesses }, stepPolicy);
  const facts: ProcessFact[] = [{ type: 'ProcessStarted', orderId, settings: stepPolicy.settings }];
  const open: OpenRun[] = [];
  const timers = new Map<string, { readonly timer: Timer; readonly at: number }>();
  const waiting: Array<{ readonly subject: NoticeSubject; tries: number }> = [];

  const close = (run: OpenRun): void => void open.splice(open.indexOf(run), 1);

  const carryOut = (one: Due): void => {
    switch (one.type) {
      case 'schedule_step':
        open.push({ step: one.step, run: one.run });
        facts.push({ type: 'StepScheduled', step: one.step, run: one.run });
        return;
      case 'withdraw_step': {
        facts.push({ type: 'StepWithdrawalRequested', step: one.step, run: one.run });
        const found = open.find(({ step, run }) => stepKey(step) === stepKey(one.step) && run === one.run);
        if (found !== undefined) close(found);
        facts.push({ type: 'StepWithdrawn', step: one.step, run: one.run });
        return;
      }
      case 'start_timer': {
        const at = plusSeconds(world.system.now(), one.seconds);
        timers.set(timerKey(one.timer), { timer: one.timer, at });
        facts.push({ type: 'TimerStarted', timer: one.timer });
        return;
      }
      case 'cancel_timer':
        timers.delete(timerKey(one.timer));
        facts.push({ type: 'TimerCancelled', timer: one.timer });
        return;
      case 'end_process':
        return;
    }
  };

  const work = async (task: StepTask) => {
    if (runs === 'once') return runStep(task)();
    if (runs === 'side by side') return (await Promise.all([runStep(task)(), runStep(task)()]))[0];
    const first = await runStep(task)();
    const second = await runStep(task)();
    return E.isRight(first) ? first : second;
  };

  const done = async (run: OpenRun): Promise<ProcessFact | 'died'> => {
    const { step } = run;
    const dies = options.diesBeforeReply?.(run) === true;
    if (step.name === 'Pick' || step.name === 'Pack' || step.name === 'Ship' || step.name === 'PutBack') {
      const situation = await world.workOnFloor(ports, step.name);
      return dies ? 'died' : { type: 'StepDone', ...run, situation };
    }
    const result = await work({ token: tokenOf(run), orderId, ...run });
    if (dies) return 'died';
    return E.isRight(result)
      ? { type: 'StepDone', ...run, situation: result.right }
      : { type: 'StepFailed', ...run, reason: result.left.reason };
  };

  const runOne = async (run: OpenRun): Promise<void> => {
    options.onRun?.(run);
    const fact = await Promise.race([death(), done(run)]);
    options.onRun?.(null);
    // A person whose phone died begins again; a worker's run is over when its time is up.
    if (fact === 'died' && isFloor(run.step)) return;
    close(run);
    if (fact !== 'died') return void facts.push(fact);
    world.advanceTo(plusSeconds(world.system.now(), limitsOf(run.step.name).workSeconds));
    facts.push({ type: 'StepTimedOut', ...run });
  };

  /** The readers of notices act on what waits; what cannot be acted on waits on, and so does what a dead reader had. */
  const readNotices = async (): Promise<void> => {
    const fresh = world.notices.splice(0);
    if (notices === 'lost') return;
    if (notices === 'backwards') fresh.reverse();
    for (const subject of fresh) waiting.push({ subject, tries: 0 });
    for (const notice of waiting.splice(0)) {
      const noticeId = `notice-${JSON.stringify(notice.subject)}`;
      const given = { noticeId, subject: notice.subject, receivedAt: world.system.now() };
      const read = async () =>
        notices === 'twice' ? [await act(given)(), await act(given)()] : [await act(given)()];
      const acted = await Promise.race([death(), read()]);
      if (acted !== 'died' && acted.every(E.isRight)) continue;
      notice.tries += 1;
      if (notice.tries > mostTriesOfNotice)
        throw new Error(`nobody can act on ${JSON.stringify(notice.subject)}`);
      waiting.push(notice);
    }
  };

  const fireNext = (): void => {
    const [next] = [...timers.values()].sort((one, other) => one.at - other.at);
    if (next === undefined) throw new Error(`the process stands still after ${JSON.stringify(facts.at(-1))}`);
    timers.delete(timerKey(next.timer));
    world.advanceTo(plusSeconds(world.system.now(), (next.at - world.system.now()) / 1000));
    facts.push({ type: 'TimerFired', timer: next.timer });
  };

  const hearOfChanges = (): void => {
    for (const situation of world.told.splice(0)) facts.push({ type: 'OrderChanged', situation });
  };

  const round = async (): Promise<'going' | 'ended'> => {
    hearOfChanges();
    const asked = due(foldProcess(facts));
    if (asked.some(({ type }) => type === 'end_process')) return 'ended';
    asked.forEach(carryOut);
    const run = open.find(({ step }) => step.name !== 'Ship' || world.ships);
    if (run !== undefined) await runOne(run);
    await world.letPeopleAct();
    await readNotices();
    // A withdrawal that is answered calls for a decision by itself.
    const withdrawn = asked.some(({ type }) => type === 'withdraw_step');
    if (run === undefined && world.told.length === 0 && !withdrawn) fireNext();
    return 'going';
  };

  const runToEnd = async (): Promise<readonly ProcessFact[]> => {
    for (let rounds = 0; rounds < mostRounds; rounds += 1) {
      if ((await round()) === 'ended') {
        for (let tries = 0; waiting.length > 0 && tries < 3; tries += 1) await readNotices();
        if (waiting.length > 0) throw new Error(`a notice waits: ${JSON.stringify(waiting[0])}`);
        return facts;
      }
    }
    throw new Error(`the process never ends: ${JSON.stringify(facts.slice(-6))}`);
  };

  const restart = (): void => {
    open.splice(0);
    timers.clear();
    facts.splice(1);
  };

  return { round, runToEnd, restart };
};

/** Runs the process to its end and answers with the facts it learnt; throws when it stands still or never ends. */
export const runProcess = async (world: World, options: EngineOptions): Promise<readonly ProcessFact[]> =>
  createEngine(world, options).runToEnd();
