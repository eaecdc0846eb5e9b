import type { Branded } from '../../../domain/brand.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../../domain/ids.js';
import type { Due } from '../../../domain/process/due.js';
import type { ProcessFact } from '../../../domain/process/facts.js';
import type { Situation } from '../../../domain/process/situation.js';
import type { Step, WorkerGroup } from '../../../domain/process/steps.js';
import type { ProcessServiceError } from './order-processes.js';

/** The workflow service's proof that a task was given to us. A bearer secret: never logged, never given to a phone. */
export type TaskToken = Branded<string, 'TaskToken'>;

/** True for 1 to 1024 characters. */
export const isTaskToken = (value: string): value is TaskToken => value.length >= 1 && value.length <= 1024;

/** A process waits for a decision: everything it learnt so far, oldest first. */
export type DecisionTask = {
  readonly token: TaskToken;
  readonly workflowId: string;
  readonly facts: readonly ProcessFact[];
  /** How many of the facts, from the oldest, the last completed decision knew; 0 before the first. */
  readonly decidedFacts: number;
  /** What the decider wrote with the decision before this one; null before the first. */
  readonly lastContext: string | null;
};

/** One run of a step waits to be done. */
export type StepTask = {
  readonly token: TaskToken;
  readonly orderId: OrderId;
  readonly step: Step;
  readonly run: number;
};

/** `gone`: the task is closed (timed out, answered before, process ended): stop, it is not ours any more. */
export type TaskAnswer = 'accepted' | 'gone';

/** The decider's side of the workflow service. */
export type DecisionTasks = {
  /** Waits up to a minute for a task; null when there was none. A task is given to one poller only. */
  readonly poll: (identity: string) => TE.TaskEither<ProcessServiceError, DecisionTask | null>;
  /** Answers a task with what is due. `context` (up to 32,768 characters) comes back with the next task. */
  readonly respond: (
    token: TaskToken,
    due: readonly Due[],
    context: string,
  ) => TE.TaskEither<ProcessServiceError, TaskAnswer>;
};

/** The workers' side of the workflow service, for our own workers and for the floor gateway. */
export type StepTasks = {
  /** Waits up to a minute for a task of the group (of the site, for `floor`); null when there was none. */
  readonly poll: (
    group: WorkerGroup,
    identity: string,
  ) => TE.TaskEither<ProcessServiceError, StepTask | null>;
  /** The step was done, or was found done: the order now stands there. */
  readonly done: (token: TaskToken, situation: Situation) => TE.TaskEither<ProcessServiceError, TaskAnswer>;
  /** The step could not be done now; the process will try again. */
  readonly failed: (token: TaskToken, reason: string) => TE.TaskEither<ProcessServiceError, TaskAnswer>;
  /** The step was withdrawn and will not be done. */
  readonly withdrawn: (token: TaskToken) => TE.TaskEither<ProcessServiceError, TaskAnswer>;
  /** A sign of life; `withdraw` when the process does not want the step any more. */
  readonly beat: (token: TaskToken) => TE.TaskEither<ProcessServiceError, 'go_on' | 'withdraw' | 'gone'>;
};
