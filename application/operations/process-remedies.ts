import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { ProcessTermination } from '../ports/workflow/order-processes.js';
import {
  answerTo,
  informProcess,
  openSteps,
  orderOf,
  type RemedyAnswer,
  type RemedyCall,
  type RemedyEffect,
  type RemedyError,
  type RemedyPorts,
} from './remedy.js';

// Remedies for the order's process. The stream is the truth about the order, so a process can always begin anew: its
// first step finds out where the order stands, and every later one goes on under the keys that are stored.

/**
 * Tells the process where the order stands, so that it asks for the steps that are open, under the same keys; one that
 * does not run is started. A process that waits before its next try keeps its wait: `restartOrder` does not.
 */
export const retryOrder =
  (ports: RemedyPorts) =>
  (call: RemedyCall): TE.TaskEither<RemedyError, RemedyAnswer> =>
  async () => {
    const known = await orderOf(ports, call);
    if (E.isLeft(known)) return known;
    const informed = await informProcess(ports, call, known.right);
    return E.isLeft(informed) ? informed : answerTo(ports, call, 'retry', known.right, [informed.right]);
  };

/**
 * Starts the order's process anew from the stream. One that runs is left alone, unless `replace` says that it is to be
 * ended first; what its workers are doing then is done again by the new one and has no second effect.
 */
export const restartOrder =
  (ports: RemedyPorts & { readonly termination: ProcessTermination }, replace: boolean) =>
  (call: RemedyCall): TE.TaskEither<RemedyError, RemedyAnswer> =>
  async () => {
    const { orderProcesses, termination, settings } = ports;
    const known = await orderOf(ports, call);
    if (E.isLeft(known)) return known;
    const order = known.right;
    const steps = openSteps(order, settings);
    const answer = (effect: RemedyEffect) => answerTo(ports, call, 'restart', order, [effect]);
    if (call.mode === 'preview') {
      return answer({ type: replace ? 'process_replaced' : 'process_started', steps });
    }
    if (replace) {
      const ended = await termination.terminate(call.orderId, `replaced by ${call.by}`)();
      if (E.isLeft(ended)) return ended;
      const started = await orderProcesses.start(call.orderId, settings)();
      if (E.isLeft(started)) return started;
      const type = ended.right === 'terminated' ? 'process_replaced' : 'process_started';
      return answer({ type, steps });
    }
    const started = await orderProcesses.start(call.orderId, settings)();
    if (E.isLeft(started)) return started;
    return answer(
      started.right === 'started' ? { type: 'process_started', steps } : { type: 'process_runs' },
    );
  };
