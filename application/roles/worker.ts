import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Situation } from '../../domain/process/situation.js';
import { stepKey, type WorkerGroup } from '../../domain/process/steps.js';
import type { Role } from './decider.js';
import type { Observer } from '../ports/observer.js';
import type { StepTask, StepTasks } from '../ports/workflow/process-tasks.js';
import type { System } from '../ports/system.js';
import { runPollLoop, runSideBySide, withRepeats } from './role-loop.js';

/** The step could not be done now; the process tries again after a wait. */
export type StepProblem = { readonly type: 'step_not_done'; readonly reason: string };

/** Does one run of a step and answers where the order then stands. Done twice, it finds everything done. */
export type RunStep = (task: StepTask) => TE.TaskEither<StepProblem, Situation>;

/** What a worker needs of the world. */
export type WorkerPorts = {
  readonly stepTasks: StepTasks;
  readonly system: System;
  readonly observer: Observer;
  readonly runStep: RunStep;
};

/** `concurrency` polls are open, or steps under way, at once. */
export type WorkerOptions = {
  readonly group: Exclude<WorkerGroup, 'floor'>;
  readonly identity: string;
  readonly concurrency: number;
};

/** Enough to bridge a short outage; after a longer one the run has timed out and the process makes a new one. */
const mostAnswers = 5;

/** A defect in one step must not end the worker: the run fails like any other and is seen with its order. */
const guarded =
  (runStep: RunStep, task: StepTask): TE.TaskEither<StepProblem, Situation> =>
  async () => {
    try {
      return await runStep(task)();
    } catch {
      return E.left({ type: 'step_not_done', reason: 'the step ended with an unexpected error' });
    }
  };

/** A worker of one group: asks for steps, does them, answers where each order then stands. */
export const createWorker = (
  { stepTasks, system, observer, runStep }: WorkerPorts,
  { group, identity, concurrency }: WorkerOptions,
): Role => {
  const hindered = ({ reason }: { readonly reason: string }): void =>
    observer.observe({ type: 'role_hindered', role: `worker-${group}`, reason });

  const work = async (task: StepTask): Promise<void> => {
    const { token, orderId, run } = task;
    const step = stepKey(task.step);
    const began = system.now();
    const result = await guarded(runStep, task)();
    const answer = await withRepeats(system, mostAnswers, () =>
      E.isRight(result) ? stepTasks.done(token, result.right) : stepTasks.failed(token, result.left.reason),
    );
    if (E.isLeft(answer)) return hindered(answer.left);
    if (answer.right === 'gone') return observer.observe({ type: 'task_gone', orderId, step });
    if (E.isLeft(result)) {
      return observer.observe({ type: 'step_failed', orderId, step, run, reason: result.left.reason });
    }
    observer.observe({ type: 'step_finished', orderId, step, run, milliseconds: system.now() - began });
  };

  return {
    run: (stop) =>
      runSideBySide(concurrency, () =>
        runPollLoop(system, stop, { poll: () => stepTasks.poll(group, identity), work, hindered }),
      ),
  };
};
