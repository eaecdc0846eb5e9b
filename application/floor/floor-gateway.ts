import * as E from 'fp-ts/lib/Either.js';
import type { FloorStepName, Step } from '../../domain/process/steps.js';
import type { FloorTask } from '../ports/workflow/floor-tasks.js';
import type { StepTask } from '../ports/workflow/process-tasks.js';
import type { StopSignal } from '../roles/stop-signal.js';
import type { FloorPorts } from './floor-ports.js';

/** How the gateway runs. */
export type FloorGatewayOptions = {
  readonly identity: string;
  /** Polls that wait for tasks side by side. */
  readonly pollers: number;
  /** Time between two signs of life for every open task; well below the step's beat limit. */
  readonly beatMilliseconds: number;
};

const mostWaitMilliseconds = 10_000;
/** One slow answer must not make the signs of life of all other tasks late. */
const beatsSideBySide = 8;

const floorStepOf = ({ name }: Step): FloorStepName | null =>
  name === 'Pick' || name === 'Pack' || name === 'Ship' || name === 'PutBack' ? name : null;

/**
 * The role between the workflow service and the phones: takes floor tasks from the service, keeps them with their
 * tokens, and gives signs of life for them while they wait for people and are worked on. All it knows is in
 * `FloorTasks`, so it may be killed at any time, and several may run side by side.
 */
export const createFloorGateway = (ports: FloorPorts, options: FloorGatewayOptions) => {
  const { stepTasks, floorTasks, system, observer } = ports;

  const hindered = async (reason: string, failures: number): Promise<void> => {
    observer.observe({ type: 'role_hindered', role: 'floor', reason });
    await system.wait(Math.min(250 * 2 ** failures, mostWaitMilliseconds))();
  };

  const keep = async (task: StepTask): Promise<string | null> => {
    const step = floorStepOf(task.step);
    if (step === null) {
      const refused = await stepTasks.failed(task.token, 'not_a_step_of_the_floor')();
      return E.isLeft(refused) ? refused.left.reason : null;
    }
    const { orderId, run, token } = task;
    const offered = await floorTasks.offer({ orderId, step, run, token }, system.now())();
    return E.isLeft(offered) ? offered.left.reason : null;
  };

  const pollUntilStopped = async (stop: StopSignal): Promise<void> => {
    for (let failures = 0; !stop.stopped;) {
      const polled = await stepTasks.poll('floor', options.identity)();
      const problem = E.isLeft(polled)
        ? polled.left.reason
        : polled.right === null
          ? null
          : await keep(polled.right);
      failures = problem === null ? 0 : failures + 1;
      if (problem !== null && !stop.stopped) await hindered(problem, failures);
    }
  };

  /** Answers what hindered it; a task whose beat failed is tried again in the next round. */
  const beat = async (task: FloorTask): Promise<string | null> => {
    const answer = await stepTasks.beat(task.token)();
    if (E.isLeft(answer)) return answer.left.reason;
    if (answer.right === 'go_on') return null;
    if (answer.right === 'withdraw') {
      const withdrawn = await stepTasks.withdrawn(task.token)();
      if (E.isLeft(withdrawn)) return withdrawn.left.reason;
    }
    observer.observe({ type: 'task_gone', orderId: task.orderId, step: task.step });
    const closed = await floorTasks.close(task.taskId, task.run)();
    return E.isLeft(closed) ? closed.left.reason : null;
  };

  /** One round of signs of life for all open tasks, a few side by side; says once what hindered it. */
  const beatAll = async (): Promise<void> => {
    const open = await floorTasks.open()();
    const problems = new Set<string>();
    if (E.isLeft(open)) problems.add(open.left.reason);
    const waiting = E.isLeft(open) ? [] : [...open.right].reverse();
    const beatNext = async (): Promise<void> => {
      for (let task = waiting.pop(); task !== undefined; task = waiting.pop()) {
        const problem = await beat(task);
        if (problem !== null) problems.add(problem);
      }
    };
    await Promise.all(Array.from({ length: beatsSideBySide }, beatNext));
    for (const reason of problems) observer.observe({ type: 'role_hindered', role: 'floor', reason });
  };

  const beatUntilStopped = async (stop: StopSignal): Promise<void> => {
    while (!stop.stopped) {
      await beatAll();
      await Promise.race([system.wait(options.beatMilliseconds)(), stop.whenStopped]);
    }
  };

  return {
    beatAll,
    /** Runs until stopped; no new poll begins after that. */
    run: async (stop: StopSignal): Promise<void> => {
      const pollers = Array.from({ length: options.pollers }, () => pollUntilStopped(stop));
      await Promise.all([...pollers, beatUntilStopped(stop)]);
    },
  };
};
