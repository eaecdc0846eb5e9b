import { beforeEach, describe, expect, it } from 'vitest';
import { claimTask } from '../../../application/floor/claim-task.js';
import { keepLease, releaseTask } from '../../../application/floor/report-scans.js';
import type { FloorStepName } from '../../../domain/process/steps.js';
import * as the from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { orderIdNumbered } from '../../support/ids.js';
import { ada, ben, type FloorWorld, openFloor, policy, refused, succeeded } from './world.js';

let floor: FloorWorld;
beforeEach(() => {
  floor = openFloor();
});

const anyStep: readonly FloorStepName[] = ['Pick', 'Pack', 'Ship', 'PutBack'];
const nothingPicked = the.allPicked.map(({ lineNumber, picked }) => ({
  ...{ lineNumber, picked: 0, short: picked, shortReason: 'not_in_bin' as const },
}));
const goodsPutBack = { type: 'GoodsPutBack', at: the.after(4_100), putBackBy: 'Ada' } as const;
const claim = (staff = ada, steps = anyStep) => succeeded(claimTask(floor, policy)(staff, steps));

describe('claiming a task', () => {
  it('shows what to take and where it lies, without prices or customer', async () => {
    await floor.tell(histories.released.events);
    const { code, description } = the.heartHolders;
    const receipt = { receiptId: 'r-1', articles: [{ code, description, bin: 'A-17', quantity: 50 }] };
    await succeeded(floor.stock.receive(receipt));
    const taskId = await floor.offer();
    expect(await claim()).toEqual({
      taskId,
      orderId: the.orderId,
      step: 'Pick',
      epoch: 1,
      leaseUntil: the.after(4_180),
      lines: [
        { lineNumber: 1, code: '85123A', description, quantity: 6, bin: 'A-17', scanned: 0 },
        {
          lineNumber: 2,
          code: '22423',
          description: the.cakeStands.description,
          quantity: 2,
          bin: null,
          scanned: 0,
        },
      ],
    });
  });

  it('answers nothing when nothing waits for these steps', async () => {
    await floor.tell(histories.released.events);
    await floor.offer();
    expect(await claim(ada, ['Pack'])).toBeNull();
  });

  it('of a later step shows what was picked, and leaves out what was not found', async () => {
    const lines = [
      { lineNumber: 1, picked: 4, short: 2, shortReason: 'damaged' },
      { lineNumber: 2, picked: 0, short: 2, shortReason: 'not_in_bin' },
    ] as const;
    await floor.tell([...histories.released.events, { ...the.picked, lines }]);
    await floor.offer('Pack');
    expect((await claim())?.lines.map(({ lineNumber, quantity }) => [lineNumber, quantity])).toEqual([
      [1, 4],
    ]);
  });

  it('to put goods back shows what was picked, once the order was cancelled', async () => {
    const lines = [
      { lineNumber: 1, picked: 4, short: 2, shortReason: 'damaged' },
      { lineNumber: 2, picked: 0, short: 2, shortReason: 'not_in_bin' },
    ] as const;
    await floor.tell([...histories.released.events, { ...the.picked, lines }, the.cancellationRequested]);
    const taskId = await floor.offer('PutBack');
    expect(await claim()).toMatchObject({
      ...{ taskId, step: 'PutBack' },
      lines: [{ lineNumber: 1, code: the.heartHolders.code, quantity: 4, scanned: 0 }],
    });
  });

  it.each([
    ['was never cancelled', [...histories.packed.events]],
    ['was cancelled before it was picked', [...histories.released.events, the.cancellationRequested]],
    [
      'was cancelled as nothing was found',
      [...histories.released.events, { ...the.picked, lines: nothingPicked }, the.cancellationRequested],
    ],
    ['has its goods back', [...histories.picked.events, the.cancellationRequested, goodsPutBack]],
  ])('does not put back the goods of an order that %s', async (_, events) => {
    await floor.tell(events);
    await floor.offer('PutBack');
    expect(await claim()).toBeNull();
    expect(floor.service.told).toEqual([expect.stringMatching(/^done token-PutBack /)]);
  });

  it.each(['Pick', 'Pack', 'Ship'] as const)('closes a %s of a cancelled order', async (step) => {
    await floor.tell([...histories.packed.events, the.cancellationRequested]);
    await floor.offer(step);
    expect(await claim()).toBeNull();
  });

  it('closes what the order does not await any more and goes on to the next', async () => {
    const other = orderIdNumbered(2);
    await floor.tell(histories.picked.events);
    await floor.tell([{ ...the.placed, orderId: other }, ...histories.released.events.slice(1)], other);
    await floor.offer('Pick');
    floor.pass(1);
    const waiting = await floor.offer('Pick', other, 'token-other');
    expect((await claim())?.taskId).toBe(waiting);
    expect(floor.service.told).toEqual(['done token-Pick released/picked']);
    expect(await claim(ben)).toBeNull();
  });

  it('closes a task that the process itself has closed', async () => {
    await floor.tell(histories.cancelled.events);
    await floor.offer();
    floor.service.answers.done = 'gone';
    expect(await claim()).toBeNull();
    expect(await succeeded(floor.floorTasks.open())).toEqual([]);
  });

  it('keeps such a task while the process cannot be told', async () => {
    await floor.tell(histories.picked.events);
    await floor.offer();
    floor.service.answers.done = 'down';
    const refusal = await refused(claimTask(floor, policy)(ada, anyStep));
    expect(refusal).toEqual({ type: 'process_service_unavailable', reason: 'down' });
    expect(await succeeded(floor.floorTasks.open())).toHaveLength(1);
  });

  it('gives a task about no order back to its process', async () => {
    await floor.offer();
    expect(await claim()).toBeNull();
    expect(floor.service.told).toEqual(['failed token-Pick order_unknown']);
    expect(await succeeded(floor.floorTasks.open())).toEqual([]);
  });

  it('again answers the same task with what was scanned meanwhile', async () => {
    await floor.tell(histories.released.events);
    const taskId = await floor.offer();
    const first = await claim();
    await succeeded(floor.floorTasks.addScans(taskId, 1, 'c-1', [{ lineNumber: 2, units: 1, most: 2 }]));
    floor.pass(10);
    const again = await claim();
    expect(again).toMatchObject({ epoch: first?.epoch, leaseUntil: the.after(4_190) });
    expect(again?.lines.map(({ scanned }) => scanned)).toEqual([0, 1]);
  });
});

describe('a lease', () => {
  const keep = (staff = ada, epoch = 1) => keepLease(floor, policy)(staff, taskId, epoch);
  const release = (staff = ada, epoch = 1) => releaseTask(floor)(staff, taskId, epoch);
  let taskId: string;
  beforeEach(async () => {
    await floor.tell(histories.released.events);
    taskId = await floor.offer();
    await claim();
  });

  it('lasts longer with each sign of life', async () => {
    floor.pass(170);
    expect(await succeeded(keep())).toEqual({ leaseUntil: the.after(4_350) });
    floor.pass(170);
    expect(await claim(ben)).toBeNull();
  });

  it('is lost to the next person once it ended', async () => {
    floor.pass(180);
    expect(await claim(ben)).toMatchObject({ taskId, epoch: 2 });
    expect(await refused(keep())).toEqual({ type: 'lease_lost' });
    expect(await refused(release())).toEqual({ type: 'lease_lost' });
    expect(await succeeded(keep(ben, 2))).toEqual({ leaseUntil: the.after(4_360) });
  });

  it('belongs to its person, whoever knows its epoch', async () => {
    expect(await refused(keep(ben))).toEqual({ type: 'lease_lost' });
    expect(await refused(release(ben))).toEqual({ type: 'lease_lost' });
    expect(await refused(keep(ada, 2))).toEqual({ type: 'lease_lost' });
    expect(await claim(ben)).toBeNull();
  });

  it('given back goes to the next person, and giving it back again is harmless', async () => {
    await succeeded(release());
    await succeeded(release());
    expect(await refused(keep())).toEqual({ type: 'lease_lost' });
    expect(await claim(ben)).toMatchObject({ taskId, epoch: 2 });
  });

  it('tells the phone to stop when the order was cancelled', async () => {
    await floor.tell([the.cancellationRequested]);
    expect(await refused(keep())).toEqual({ type: 'order_cancelled' });
    await succeeded(release());
  });

  it('of a task that is closed or never was is unknown', async () => {
    await succeeded(floor.floorTasks.close(taskId, 1));
    expect(await refused(keep())).toEqual({ type: 'task_unknown' });
    expect(await refused(release())).toEqual({ type: 'task_unknown' });
    expect(await refused(keepLease(floor, policy)(ada, 'no-task', 1))).toEqual({ type: 'task_unknown' });
  });
});
