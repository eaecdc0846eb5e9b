import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { FloorStepName } from '../../domain/process/steps.js';
import { floorTaskId, type FloorTasks } from '../ports/workflow/floor-tasks.js';
import {
  answerTo,
  orderOf,
  type RemedyAnswer,
  type RemedyCall,
  type RemedyEffect,
  type RemedyError,
  type RemedyPorts,
} from './remedy.js';

const floorSteps: readonly FloorStepName[] = ['Pick', 'Pack', 'Ship', 'PutBack'];

/**
 * Takes the order's task out of the hands of whoever has it, so that somebody else can claim it with all that was
 * scanned. What the first phone reports afterwards is refused and shown as handed over.
 */
export const releaseClaim =
  (ports: RemedyPorts & { readonly floorTasks: Pick<FloorTasks, 'find' | 'release'> }) =>
  (call: RemedyCall): TE.TaskEither<RemedyError, RemedyAnswer> =>
  async () => {
    const known = await orderOf(ports, call);
    if (E.isLeft(known)) return known;
    const effects: RemedyEffect[] = [];
    for (const step of floorSteps) {
      const found = await ports.floorTasks.find(floorTaskId(call.orderId, step))();
      if (E.isLeft(found)) return found;
      const task = found.right;
      if (task === null || task.lease === null) continue;
      const { epoch, taskId, lease } = task;
      if (call.mode === 'apply') {
        const released = await ports.floorTasks.release(taskId, epoch)();
        if (E.isLeft(released)) return released;
        // Somebody else claimed it in this moment: that claim is a new one and stays.
        if (released.right === 'stale_epoch') continue;
      }
      effects.push({ type: 'claim_released', step, staffId: lease.staffId, epoch });
    }
    return answerTo(ports, call, 'release_claim', known.right, effects);
  };
