// A floor with orders, people and a workflow service that answers as it is told.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { type InMemoryFloorTasks, inMemoryFloorTasks } from '../../../adapters/floor-tasks/in-memory.js';
import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import type { FloorPorts } from '../../../application/floor/floor-ports.js';
import type { FloorStaff } from '../../../application/ports/workflow/floor-tasks.js';
import type { Observation } from '../../../application/ports/observer.js';
import type { ProcessServiceError } from '../../../application/ports/workflow/order-processes.js';
import {
  isTaskToken,
  type StepTask,
  type StepTasks,
  type TaskToken,
} from '../../../application/ports/workflow/process-tasks.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import type { OrderId } from '../../../domain/ids.js';
import type { Instant } from '../../../domain/instant.js';
import type { FloorStepName } from '../../../domain/process/steps.js';
import { after, orderId } from '../../support/examples.js';
import { commandIdNumbered } from '../../support/ids.js';

export const ada: FloorStaff = { staffId: 'ada', name: 'Ada' };
export const ben: FloorStaff = { staffId: 'ben', name: 'Ben' };
export const policy = { leaseSeconds: 180 };

/** A token of the workflow service; throws for what is none. */
export const tokenOf = (text: string): TaskToken => {
  if (!isTaskToken(text)) throw new Error('not a token');
  return text;
};

const down: ProcessServiceError = { type: 'process_service_unavailable', reason: 'down' };

/** A workflow service by script: what it was told, what it answers to each kind of call, and the tasks it gives out. */
const scriptedStepTasks = () => {
  const told: string[] = [];
  const queue: StepTask[] = [];
  const answers: {
    done: 'accepted' | 'gone' | 'down';
    failed: 'accepted' | 'gone' | 'down';
    withdrawn: 'accepted' | 'gone' | 'down';
    beat: 'go_on' | 'withdraw' | 'gone' | 'down';
    poll: 'task' | 'down';
  } = { done: 'accepted', failed: 'accepted', withdrawn: 'accepted', beat: 'go_on', poll: 'task' };
  let polled = (): void => undefined;
  const answering =
    <Answer extends string>(call: string, answer: () => Answer | 'down') =>
    async (): Promise<E.Either<ProcessServiceError, Exclude<Answer, 'down'>>> => {
      told.push(call);
      const given = answer();
      return given === 'down' ? E.left(down) : E.right(narrowed(given));
    };
  const narrowed = <Answer extends string>(answer: Answer): Exclude<Answer, 'down'> => {
    const isUp = (one: Answer): one is Exclude<Answer, 'down'> => one !== 'down';
    if (!isUp(answer)) throw new Error('the service is down');
    return answer;
  };
  const stepTasks: StepTasks = {
    poll: (group) => async () => {
      if (answers.poll === 'down') return E.left(down);
      const task = queue.shift();
      if (task !== undefined) return E.right(task);
      // Nothing left: the poll waits until the test lets it end, as a long poll would.
      await new Promise<void>((resolve) => {
        polled = resolve;
        told.push(`idle ${group}`);
      });
      return E.right(null);
    },
    done: (token, situation) =>
      answering(`done ${token} ${situation.stage}/${situation.fulfilment}`, () => answers.done),
    failed: (token, reason) => answering(`failed ${token} ${reason}`, () => answers.failed),
    withdrawn: (token) => answering(`withdrawn ${token}`, () => answers.withdrawn),
    beat: (token) => answering(`beat ${token}`, () => answers.beat),
  };
  return { stepTasks, told, queue, answers, endPoll: () => polled() };
};

/** All that the floor needs, in memory; `now` is the tests' clock in seconds after the order was placed. */
export type FloorWorld = FloorPorts & {
  readonly floorTasks: InMemoryFloorTasks;
  readonly service: ReturnType<typeof scriptedStepTasks>;
  readonly observed: readonly Observation[];
  readonly pass: (seconds: number) => void;
  /** Puts an order's facts into its stream. */
  readonly tell: (events: readonly OrderEvent[], of?: OrderId) => Promise<void>;
  /** Offers a step of an order to the floor and answers its task's id. */
  readonly offer: (step?: FloorStepName, of?: OrderId, token?: string) => Promise<string>;
  /** All facts of the order. */
  readonly facts: () => Promise<readonly OrderEvent[]>;
};

/** An empty floor at 4,000 seconds after the example order was placed. */
export const openFloor = (): FloorWorld => {
  let now = 4_000;
  let ids = 0;
  const observed: Observation[] = [];
  const system = {
    now: (): Instant => after(now),
    newId: () => commandIdNumbered((ids += 1)),
    newCommandId: () => commandIdNumbered((ids += 1)),
    wait: () => async () => undefined,
  };
  const eventStore = inMemoryEventStore(system);
  const floorTasks = inMemoryFloorTasks();
  const service = scriptedStepTasks();
  const metadata = {
    commandId: commandIdNumbered(0),
    correlationId: 'test',
    actor: { type: 'worker', name: 'test' },
  } as const;
  return {
    system,
    eventStore,
    floorTasks,
    stock: inMemoryStock(),
    stepTasks: service.stepTasks,
    service,
    observer: { observe: (observation) => void observed.push(observation) },
    observed,
    pass: (seconds) => {
      now += seconds;
    },
    tell: async (events, of = orderId) => {
      const appended = await eventStore.append(
        of,
        { type: 'any' },
        events.map((event) => ({ eventId: system.newId(), event, metadata })),
      )();
      if (E.isLeft(appended)) throw new Error(appended.left.type);
    },
    offer: async (step = 'Pick', of = orderId, token = `token-${step}`) => {
      await succeeded(floorTasks.offer({ orderId: of, step, run: 1, token: tokenOf(token) }, system.now()));
      return `${of}-${step}`;
    },
    facts: async () => {
      const stored = await eventStore.read(orderId, { direction: 'forwards' })();
      if (E.isLeft(stored)) throw new Error(stored.left.type);
      return stored.right.map(({ event }) => event);
    },
  };
};

/** What a use case answered; throws when it refused. */
export const succeeded = async <Failure, Answer>(work: TE.TaskEither<Failure, Answer>): Promise<Answer> => {
  const outcome = await work();
  if (E.isLeft(outcome)) throw new Error(`refused: ${JSON.stringify(outcome.left)}`);
  return outcome.right;
};

/** Why a use case refused; throws when it did not. */
export const refused = async <Failure, Answer>(work: TE.TaskEither<Failure, Answer>): Promise<Failure> => {
  const outcome = await work();
  if (E.isRight(outcome)) throw new Error(`not refused: ${JSON.stringify(outcome.right)}`);
  return outcome.left;
};
