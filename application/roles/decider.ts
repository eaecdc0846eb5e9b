import * as E from 'fp-ts/lib/Either.js';
import { deciderVersion, due, type Due } from '../../domain/process/due.js';
import type { ProcessFact } from '../../domain/process/facts.js';
import { foldProcess } from '../../domain/process/process.js';
import type { Observer } from '../ports/observer.js';
import type { DecisionTask, DecisionTasks } from '../ports/workflow/process-tasks.js';
import type { System } from '../ports/system.js';
import { pause, pauseAfter, runPollLoop, runSideBySide, withRepeats } from './role-loop.js';
import type { StopSignal } from './stop-signal.js';

/** Everything the decider decides: what is due after these facts. */
export const decideProcess = (facts: readonly ProcessFact[]): readonly Due[] => due(foldProcess(facts));

/** What the decider needs of the world. */
export type DeciderPorts = {
  readonly decisionTasks: DecisionTasks;
  readonly system: System;
  readonly observer: Observer;
};

/** `concurrency` polls are open at once. */
export type DeciderOptions = { readonly identity: string; readonly concurrency: number };

/** A role that can be run, and run again after it was stopped. */
export type Role = { readonly run: (stop: StopSignal) => Promise<void> };

const mostAnswers = 4;

/** Timers that the service refused at the end of what is known: asked for again at once, they would be for ever. */
const refusedTimers = (facts: readonly ProcessFact[]): number =>
  facts.length - 1 - facts.findLastIndex(({ type }) => type !== 'TimerNotStarted');

/**
 * The decider: asks for processes that wait for a decision, folds what they learnt and answers with what is due. It
 * keeps nothing between tasks, so any number may run and any of them may die: the service gives the task out again.
 */
export const createDecider = (
  { decisionTasks, system, observer }: DeciderPorts,
  { identity, concurrency }: DeciderOptions,
): Role => {
  const decide = async (task: DecisionTask, stop: StopSignal): Promise<void> => {
    const { token, workflowId, facts } = task;
    const refused = refusedTimers(facts);
    if (refused > 0) await pause(system, stop, Math.min(pauseAfter(refused), 4_000));
    const decided = decideProcess(facts);
    const answer = await withRepeats(system, mostAnswers, () =>
      decisionTasks.respond(token, decided, `decider ${deciderVersion}`),
    );
    if (E.isLeft(answer)) {
      observer.observe({ type: 'role_hindered', role: 'decider', reason: answer.left.reason });
      return;
    }
    // A late answer changed nothing; whoever has the task now decides the same.
    if (answer.right === 'gone') return;
    observer.observe({ type: 'decision_made', workflowId, due: decided.map(({ type }) => type) });
    // Said once, by the decision that met the fact first: later ones find it among those already decided on.
    for (const fact of facts.slice(task.decidedFacts)) {
      if (fact.type === 'NotUnderstood') {
        observer.observe({ type: 'fact_not_understood', workflowId, what: fact.what });
      }
    }
  };

  return {
    run: (stop) =>
      runSideBySide(concurrency, () =>
        runPollLoop(system, stop, {
          poll: () => decisionTasks.poll(identity),
          work: (task) => decide(task, stop),
          hindered: ({ reason }) => observer.observe({ type: 'role_hindered', role: 'decider', reason }),
        }),
      ),
  };
};
