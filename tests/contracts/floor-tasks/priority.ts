// Which of several waiting tasks a queue of the floor hands out first, whatever keeps it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isTaskToken } from '../../../application/ports/workflow/process-tasks.js';
import type { OrderId } from '../../../domain/ids.js';
import type { FloorStepName } from '../../../domain/process/steps.js';
import { afterNoon, answerOf } from '../samples.js';
import { checked, newOrderId } from '../../support/ids.js';
import type { FloorTasksUnderTest } from './floor-tasks.js';

const lease = 180;
const fourHours = 4 * 3_600;

/** The order of waiting tasks; `open` is called for each test and answers an empty queue. */
export function floorPriorityContract(name: string, open: () => Promise<FloorTasksUnderTest>): void {
  describe(`${name} as the queue of the floor hands out first`, () => {
    let queue: FloorTasksUnderTest;
    beforeEach(async () => {
      queue = await open();
    });
    afterEach(() => queue.close());

    const offer = async (at: number, step: FloorStepName = 'Pick', run = 1, orderId = newOrderId()) => {
      const token = checked(isTaskToken, `${orderId}-${String(run)}`);
      await answerOf(queue.floorTasks.offer({ orderId, step, run, token }, afterNoon(at)));
      return orderId;
    };
    const steps: readonly FloorStepName[] = ['Pick', 'Pack', 'Ship', 'PutBack'];
    const claim = async (staffId: string, at: number) => {
      const task = await answerOf(
        queue.floorTasks.claim(staffId, steps, afterNoon(at + lease), afterNoon(at)),
      );
      if (task === null) throw new Error('there was no task');
      return task;
    };
    const giveBack = async (staffId: string, at: number): Promise<OrderId> => {
      const { taskId, epoch, orderId } = await claim(staffId, at);
      expect(await answerOf(queue.floorTasks.release(taskId, epoch))).toBe('released');
      return orderId;
    };

    it('the oldest of all steps asked for, putting back among them', async () => {
      const [third, first, second] = [await offer(3, 'Pick'), await offer(1, 'PutBack'), await offer(2)];
      expect((await claim('ada', 10)).orderId).toBe(first);
      expect((await claim('ben', 10)).orderId).toBe(second);
      expect((await claim('cat', 10)).orderId).toBe(third);
    });

    it('the oldest also when it was in hands before and its lease ended', async () => {
      const [older] = [await offer(1), await offer(2)];
      await claim('ada', 5);
      expect((await claim('ben', 5 + lease)).orderId).toBe(older);
    });

    it('tasks that nobody gave back: who gives one back gets another', async () => {
      const [older, younger] = [await offer(1), await offer(2)];
      expect(await giveBack('ada', 10)).toBe(older);
      expect(await giveBack('ada', 11)).toBe(younger);
      expect(await giveBack('ada', 12)).toBe(older);
      expect((await claim('ada', 13)).orderId).toBe(younger);
    });

    it('one that waited more than four hours, however often it was given back', async () => {
      const old = await offer(0);
      expect(await giveBack('ada', 10)).toBe(old);
      expect(await giveBack('ada', 20)).toBe(old);
      const young = await offer(30);
      expect((await claim('ben', fourHours - 1)).orderId).toBe(young);
      expect((await claim('cat', fourHours)).orderId).toBe(old);
    });

    it('of several that waited more than four hours the oldest', async () => {
      const old = await offer(0);
      expect(await giveBack('ada', 10)).toBe(old);
      await offer(20);
      expect((await claim('ada', fourHours + 30)).orderId).toBe(old);
    });

    it('a task in the same place when another run of its step takes it over, as a new one when it comes back', async () => {
      const again = await offer(0);
      expect(await giveBack('ada', 10)).toBe(again);
      const other = await offer(20);
      await offer(30, 'Pick', 2, again);
      const claimed = await claim('ada', 40);
      expect(claimed.orderId).toBe(other);
      await answerOf(queue.floorTasks.close(claimed.taskId, claimed.run));
      await answerOf(queue.floorTasks.close(`${again}-Pick`, 2));
      await offer(50, 'Pick', 3, again);
      await offer(60);
      expect((await claim('ben', 70)).orderId).toBe(again);
    });
  });
}
