// What every queue of the floor must do, whatever keeps it. Each test opens a queue of its own.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FloorTask, FloorTasks, NewScan } from '../../../application/ports/workflow/floor-tasks.js';
import { isTaskToken, type TaskToken } from '../../../application/ports/workflow/process-tasks.js';
import type { OrderId } from '../../../domain/ids.js';
import type { FloorStepName } from '../../../domain/process/steps.js';
import { afterNoon, answerOf } from '../samples.js';
import { checked, newOrderId } from '../../support/ids.js';

/** A queue under test, empty. `revoke` shuts a device out, which the port leaves to its operator. */
export type FloorTasksUnderTest = {
  readonly floorTasks: FloorTasks;
  readonly revoke: (secretHash: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

const anyStep: readonly FloorStepName[] = ['Pick', 'Pack', 'Ship', 'PutBack'];
const token = (text: string): TaskToken => checked(isTaskToken, text);
const lease = 180;

/** The contract of the floor's queue; `open` is called for each test and answers an empty one. */
export function floorTasksContract(name: string, open: () => Promise<FloorTasksUnderTest>): void {
  describe(`${name} as the queue of the floor`, () => {
    let queue: FloorTasksUnderTest;
    beforeEach(async () => {
      queue = await open();
    });
    afterEach(() => queue.close());

    const offer = (orderId: OrderId, change: Partial<FloorTask> = {}, at = 0) =>
      answerOf(
        queue.floorTasks.offer(
          { orderId, step: 'Pick', run: 1, token: token(`${orderId}-1`), ...change },
          afterNoon(at),
        ),
      );
    const claim = (staffId: string, at = 0, steps = anyStep) =>
      answerOf(queue.floorTasks.claim(staffId, steps, afterNoon(at + lease), afterNoon(at)));
    const claimed = async (staffId: string, at = 0, steps = anyStep): Promise<FloorTask> => {
      const task = await claim(staffId, at, steps);
      if (task === null) throw new Error('there was no task');
      return task;
    };
    const find = (taskId: string) => answerOf(queue.floorTasks.find(taskId));
    const add = ({ taskId, epoch }: FloorTask, command: string, ...scans: readonly NewScan[]) =>
      answerOf(queue.floorTasks.addScans(taskId, epoch, command, scans));
    const release = ({ taskId, epoch }: FloorTask) => answerOf(queue.floorTasks.release(taskId, epoch));
    const renew = ({ taskId, epoch }: FloorTask, at: number) =>
      answerOf(queue.floorTasks.renew(taskId, epoch, afterNoon(at)));
    const close = (taskId: string, run = 1) => answerOf(queue.floorTasks.close(taskId, run));
    const scan = (lineNumber: number, units: number, most = 100): NewScan => ({ lineNumber, units, most });

    describe('offers tasks', () => {
      it('keeps them open, oldest first, until somebody takes them', async () => {
        const [first, second] = [newOrderId(), newOrderId()];
        await offer(second, { step: 'Ship' }, 2);
        await offer(first, {}, 1);
        expect(await answerOf(queue.floorTasks.open())).toEqual([
          {
            taskId: `${first}-Pick`,
            orderId: first,
            step: 'Pick',
            run: 1,
            token: `${first}-1`,
            epoch: 0,
            offeredAt: afterNoon(1),
            lease: null,
            scanned: [],
          },
          expect.objectContaining({ taskId: `${second}-Ship`, step: 'Ship', offeredAt: afterNoon(2) }),
        ]);
      });

      it('changes nothing when a run is offered again or an older one late', async () => {
        const orderId = newOrderId();
        await offer(orderId, { run: 2 });
        const before = await claimed('ada');
        await offer(orderId, { run: 2 }, 5);
        await offer(orderId, { run: 1, token: token('older') }, 6);
        expect(await find(before.taskId)).toEqual(before);
      });

      it('goes on with the task under a new run: new token, no lease, the same scans and place', async () => {
        const orderId = newOrderId();
        await offer(orderId);
        const before = await claimed('ada');
        await add(before, 'c-1', scan(2, 3));
        await offer(orderId, { run: 2, token: token('second') }, 60);
        expect(await find(before.taskId)).toEqual({
          ...before,
          run: 2,
          token: 'second',
          lease: null,
          scanned: [{ lineNumber: 2, units: 3 }],
        });
        expect(await add(before, 'c-2', scan(2, 1))).toBe('stale_epoch');
        expect(await renew(before, 999)).toBe('stale_epoch');
        expect((await claimed('ada', 61)).epoch).toBe(before.epoch + 1);
      });

      it('takes a closed task up again where it was, for any token that is new', async () => {
        const orderId = newOrderId();
        await offer(orderId);
        const before = await claimed('ada');
        await add(before, 'c-1', scan(1, 4));
        await close(before.taskId);
        await offer(orderId, {}, 5);
        expect(await find(before.taskId)).toBeNull();
        await offer(orderId, { run: 1, token: token('anew') }, 10);
        expect(await add(before, 'c-2', scan(1, 1))).toBe('stale_epoch');
        expect(await claimed('ben', 11)).toEqual({
          ...before,
          token: 'anew',
          epoch: before.epoch + 1,
          offeredAt: afterNoon(10),
          lease: { staffId: 'ben', until: afterNoon(11 + lease) },
          scanned: [{ lineNumber: 1, units: 4 }],
        });
      });
    });

    describe('hands tasks out', () => {
      it('gives the oldest waiting one of the steps asked for, and nothing when there is none', async () => {
        const [pick, pack, older] = [newOrderId(), newOrderId(), newOrderId()];
        await offer(pick, {}, 2);
        await offer(older, {}, 1);
        await offer(pack, { step: 'Pack' }, 0);
        expect((await claimed('ada', 3, ['Pick', 'Ship'])).orderId).toBe(older);
        expect((await claimed('ben', 3, ['Pick', 'Ship'])).orderId).toBe(pick);
        expect(await claim('cat', 3, ['Pick', 'Ship'])).toBeNull();
        expect(await claim('cat', 3, [])).toBeNull();
        expect((await claimed('cat', 3)).orderId).toBe(pack);
      });

      it('gives a person their task again, under the same epoch and for longer', async () => {
        await offer(newOrderId());
        await offer(newOrderId(), {}, 1);
        const first = await claimed('ada');
        expect(first).toMatchObject({ epoch: 1, lease: { staffId: 'ada', until: afterNoon(lease) } });
        const again = await claimed('ada', 100);
        expect(again).toEqual({ ...first, lease: { staffId: 'ada', until: afterNoon(100 + lease) } });
        expect((await claimed('ada', 50)).lease?.until).toBe(afterNoon(100 + lease));
      });

      it('gives a task on when its lease has ended, under the next epoch', async () => {
        await offer(newOrderId());
        const first = await claimed('ada');
        expect(await claim('ben', lease - 0.001)).toBeNull();
        const second = await claimed('ben', lease);
        expect(second).toEqual({
          ...first,
          epoch: first.epoch + 1,
          lease: { staffId: 'ben', until: afterNoon(2 * lease) },
        });
        expect(await claim('ada', lease)).toBeNull();
      });

      it('keeps a lease that was renewed, and never shortens one', async () => {
        await offer(newOrderId());
        const task = await claimed('ada');
        expect(await renew(task, 500)).toBe('renewed');
        expect(await renew(task, 400)).toBe('renewed');
        expect(await claim('ben', 499)).toBeNull();
        expect((await claimed('ben', 500)).epoch).toBe(2);
        expect(await renew(task, 900)).toBe('stale_epoch');
      });

      it('revives a lease that ended, while nobody else has the task', async () => {
        await offer(newOrderId());
        const task = await claimed('ada');
        expect(await renew(task, 1_000)).toBe('renewed');
        expect(await claim('ben', 900)).toBeNull();
      });

      it('takes a task back, again without harm, but not from the next person', async () => {
        await offer(newOrderId());
        const first = await claimed('ada');
        expect(await release(first)).toBe('released');
        expect(await release(first)).toBe('released');
        expect(await renew(first, 500)).toBe('stale_epoch');
        const second = await claimed('ben', 1);
        expect(await release(first)).toBe('stale_epoch');
        expect((await find(second.taskId))?.lease?.staffId).toBe('ben');
      });

      it('gives each of many waiting tasks to one of many people', async () => {
        const orders = Array.from({ length: 40 }, () => newOrderId());
        await Promise.all(orders.map((orderId) => offer(orderId)));
        const people = Array.from({ length: 50 }, (_, index) => `person-${index}`);
        const handed = await Promise.all(people.map((person) => claim(person)));
        const given = handed.flatMap((task) => (task === null ? [] : [task.orderId]));
        expect(new Set(given).size).toBe(given.length);
        // A claim passes over what others are being given at that moment, so the last ones may need a second try.
        const later: (FloorTask | null)[] = [];
        for (const [index, task] of handed.entries()) {
          if (task === null) later.push(await claim(`person-${index}`));
        }
        const all = [...handed, ...later].flatMap((task) => (task === null ? [] : [task.orderId]));
        expect([...all].sort()).toEqual([...orders].sort());
      });

      it('gives two phones of one person the same task', async () => {
        for (let index = 0; index < 4; index += 1) await offer(newOrderId(), {}, index);
        const handed = await Promise.all([1, 2, 3, 4].map(() => claimed('ada', 5)));
        expect(handed).toEqual(handed.map(() => handed[0]));
      });
    });

    describe('counts scans', () => {
      it('once per report, whole reports, and shows them by line', async () => {
        await offer(newOrderId());
        const task = await claimed('ada');
        expect(await add(task, 'c-1', scan(3, 1), scan(1, 2))).toBe('added');
        expect(await add(task, 'c-1', scan(3, 1), scan(1, 2))).toBe('repeated');
        expect(await add(task, 'c-2', scan(1, 5))).toBe('added');
        expect((await find(task.taskId))?.scanned).toEqual([
          { lineNumber: 1, units: 7 },
          { lineNumber: 3, units: 1 },
        ]);
        expect(await answerOf(queue.floorTasks.isReported(task.taskId, 'c-1'))).toBe(true);
        expect(await answerOf(queue.floorTasks.isReported(task.taskId, 'c-3'))).toBe(false);
        expect(await answerOf(queue.floorTasks.isReported(`${newOrderId()}-Pick`, 'c-1'))).toBe(false);
      });

      it('refuses a report with one unit too many as a whole, and its id stays free', async () => {
        await offer(newOrderId());
        const task = await claimed('ada');
        await add(task, 'c-1', scan(2, 3, 4));
        expect(await add(task, 'c-2', scan(1, 1), scan(2, 2, 4))).toBe('too_many');
        expect((await find(task.taskId))?.scanned).toEqual([{ lineNumber: 2, units: 3 }]);
        expect(await add(task, 'c-2', scan(2, 1, 4))).toBe('added');
      });

      it('never lets reports that come at once book more than there is', async () => {
        await offer(newOrderId());
        const task = await claimed('ada');
        const commands = Array.from({ length: 12 }, (_, index) => `c-${index}`);
        const answers = await Promise.all(
          [...commands, ...commands].map((command) => add(task, command, scan(1, 2, 10))),
        );
        expect(answers.filter((answer) => answer === 'added')).toHaveLength(5);
        expect((await find(task.taskId))?.scanned).toEqual([{ lineNumber: 1, units: 10 }]);
      });

      it('takes a report about as many lines as the longest order has', async () => {
        await offer(newOrderId());
        const task = await claimed('ada');
        const scans = Array.from({ length: 450 }, (_, index) => scan(index + 1, 3));
        expect(await add(task, 'c-1', ...scans)).toBe('added');
        expect((await find(task.taskId))?.scanned).toEqual(
          scans.map(({ lineNumber, units }) => ({ lineNumber, units })),
        );
      });

      it('takes none under an epoch that is over', async () => {
        await offer(newOrderId());
        const first = await claimed('ada');
        expect(await add({ ...first, epoch: first.epoch + 1 }, 'c-1', scan(1, 1))).toBe('stale_epoch');
        const second = await claimed('ben', lease);
        expect(await add(first, 'c-1', scan(1, 1))).toBe('stale_epoch');
        await release(second);
        expect(await add(second, 'c-1', scan(1, 1))).toBe('stale_epoch');
        expect((await find(first.taskId))?.scanned).toEqual([]);
      });
    });

    describe('closes tasks', () => {
      it('of the run it is told, and again without harm', async () => {
        const orderId = newOrderId();
        await offer(orderId, { run: 2 });
        const task = await claimed('ada');
        await close(task.taskId, 1);
        expect(await find(task.taskId)).toEqual(task);
        await close(task.taskId, 2);
        await close(task.taskId, 2);
        expect(await find(task.taskId)).toBeNull();
        expect(await answerOf(queue.floorTasks.open())).toEqual([]);
        expect(await claim('ada')).toBeNull();
        expect(await add(task, 'c-1', scan(1, 1))).toBe('stale_epoch');
        expect(await renew(task, 999)).toBe('stale_epoch');
        expect(await release(task)).toBe('stale_epoch');
      });

      it('that never were without a word', async () => {
        await close(`${newOrderId()}-Pick`);
        expect(await find(`${newOrderId()}-Pick`)).toBeNull();
      });
    });

    describe('knows who works on the floor', () => {
      it('by the secret of each of their devices, until it is revoked', async () => {
        const bySecret = (hash: string) => answerOf(queue.floorTasks.staffBySecret(hash));
        await answerOf(queue.floorTasks.enrol({ staffId: 'ada', name: 'Ada' }, 'hash-1'));
        await answerOf(queue.floorTasks.enrol({ staffId: 'ada', name: 'Ada L.' }, 'hash-2'));
        await answerOf(queue.floorTasks.enrol({ staffId: 'ben', name: "Ben O'Neil" }, 'hash-3'));
        await answerOf(queue.floorTasks.enrol({ staffId: 'ada', name: 'Ada L.' }, 'hash-1'));
        expect(await bySecret('hash-1')).toEqual({ staffId: 'ada', name: 'Ada L.' });
        expect(await bySecret('hash-2')).toEqual({ staffId: 'ada', name: 'Ada L.' });
        expect(await bySecret('hash-3')).toEqual({ staffId: 'ben', name: "Ben O'Neil" });
        expect(await bySecret('hash-4')).toBeNull();
        await queue.revoke('hash-1');
        await answerOf(queue.floorTasks.enrol({ staffId: 'ada', name: 'Ada' }, 'hash-1'));
        expect(await bySecret('hash-1')).toBeNull();
        expect(await bySecret('hash-2')).toEqual({ staffId: 'ada', name: 'Ada L.' });
      });
    });

    describe('whatever people do', () => {
      it('has a task in one pair of hands per epoch, and every scan counted once', async () => {
        const person = fc.constantFrom('ada', 'ben', 'cat');
        const act = fc.oneof(
          { weight: 4, arbitrary: fc.record({ act: fc.constant('claim' as const), person }) },
          { weight: 4, arbitrary: fc.record({ act: fc.constant('scan' as const), person, id: fc.nat(5) }) },
          { weight: 2, arbitrary: fc.record({ act: fc.constant('pass' as const), seconds: fc.nat(200) }) },
          { weight: 1, arbitrary: fc.record({ act: fc.constant('release' as const), person }) },
          { weight: 1, arbitrary: fc.record({ act: fc.constant('renew' as const), person }) },
          { weight: 1, arbitrary: fc.record({ act: fc.constant('offer' as const), order: fc.nat(1) }) },
          { weight: 1, arbitrary: fc.record({ act: fc.constant('close' as const), order: fc.nat(1) }) },
        );
        await fc.assert(
          fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
            const orders = [newOrderId(), newOrderId()];
            const runs = new Map<string, number>(orders.map((orderId) => [`${orderId}-Pick`, 1]));
            const inHand = new Map<string, FloorTask>();
            const holders = new Map<string, string>();
            const booked = new Map<string, Set<string>>();
            let now = 0;
            for (const orderId of orders) await offer(orderId);
            const taskIds = orders.map((orderId) => `${orderId}-Pick`);
            for (const step of acts) {
              if (step.act === 'pass') now += step.seconds;
              if (step.act === 'offer' || step.act === 'close') {
                const orderId = orders[step.order] ?? newOrderId();
                const run = runs.get(`${orderId}-Pick`) ?? 1;
                if (step.act === 'close') await close(`${orderId}-Pick`, run);
                else {
                  runs.set(`${orderId}-Pick`, run + 1);
                  await offer(orderId, { run: run + 1, token: token(`${orderId}-${run + 1}`) }, now);
                }
                continue;
              }
              if (step.act === 'pass') continue;
              const held = inHand.get(step.person);
              if (step.act === 'claim') {
                const before = new Map<string, FloorTask | null>();
                for (const taskId of taskIds) before.set(taskId, await find(taskId));
                const task = await claim(step.person, now);
                if (task === null) continue;
                const hands = `${task.taskId} ${task.epoch}`;
                expect(holders.get(hands) ?? step.person).toBe(step.person);
                holders.set(hands, step.person);
                // Nothing is taken out of hands whose lease is in force.
                const other = before.get(task.taskId)?.lease;
                if (other && other.staffId !== step.person) {
                  expect(other.until).toBeLessThanOrEqual(afterNoon(now));
                }
                inHand.set(step.person, task);
              } else if (held === undefined) continue;
              else if (step.act === 'release') await release(held);
              else if (step.act === 'renew') await renew(held, now + lease);
              else {
                const current = await find(held.taskId);
                const answer = await add(held, `c-${step.id}`, scan(1, 1));
                const isCurrent = current?.epoch === held.epoch && current.lease !== null;
                const known = booked.get(held.taskId) ?? new Set();
                const repeat = known.has(`c-${step.id}`) ? 'repeated' : 'added';
                expect(answer).toBe(isCurrent ? repeat : 'stale_epoch');
                if (answer === 'added') booked.set(held.taskId, known.add(`c-${step.id}`));
              }
            }
            for (const taskId of taskIds) {
              const counted = (await find(taskId))?.scanned[0]?.units;
              if (counted !== undefined) expect(counted).toBe(booked.get(taskId)?.size);
              await close(taskId, runs.get(taskId) ?? 1);
            }
          }),
          { numRuns: 25 },
        );
      });
    });
  });
}
