import { beforeEach, describe, expect, it } from 'vitest';
import { claimTask } from '../../../application/floor/claim-task.js';
import { reportScans } from '../../../application/floor/report-scans.js';
import type { OrderEvent, OrderLine } from '../../../domain/order/events.js';
import * as the from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { quantityOf } from '../../support/ids.js';
import { ada, ben, type FloorWorld, openFloor, policy, refused, succeeded } from './world.js';

let floor: FloorWorld;
let taskId: string;

const heart = the.heartHolders.code;
const cake = the.cakeStands.code;

async function pickOf(events: readonly OrderEvent[] = histories.released.events): Promise<void> {
  floor = openFloor();
  await floor.tell(events);
  taskId = await floor.offer();
  await succeeded(claimTask(floor, policy)(ada, ['Pick']));
}
beforeEach(() => pickOf());

type Units = readonly (readonly [code: string, units: number])[];
const report = (commandId: string, units: Units, staff = ada, epoch = 1) => {
  const scans = units.map(([code, count]) => ({ code, units: quantityOf(count) }));
  return reportScans(floor)(staff, taskId, epoch, commandId, scans);
};
const scanned = async () => {
  const task = await succeeded(floor.floorTasks.find(taskId));
  return task?.scanned.map(({ lineNumber, units }) => [lineNumber, units]);
};

describe('scans of a pick', () => {
  it('are booked to the line of their article', async () => {
    expect(
      await succeeded(
        report('c-1', [
          [heart, 2],
          [cake, 1],
        ]),
      ),
    ).toBe('added');
    expect(await succeeded(report('c-2', [[heart, 4]]))).toBe('added');
    expect(await scanned()).toEqual([
      [1, 6],
      [2, 1],
    ]);
  });

  it('fill several lines of one article in line order', async () => {
    const line = (lineNumber: number, units: number): OrderLine => ({
      ...the.heartHolders,
      lineNumber,
      quantity: quantityOf(units),
    });
    const lines = [line(1, 3), { ...the.cakeStands, lineNumber: 2 }, line(3, 4)];
    await pickOf([{ ...the.placed, lines }, ...histories.released.events.slice(1)]);
    await succeeded(report('c-1', [[heart, 2]]));
    await succeeded(
      report('c-2', [
        [heart, 2],
        [cake, 1],
        [heart, 1],
      ]),
    );
    expect(await scanned()).toEqual([
      [1, 3],
      [2, 1],
      [3, 2],
    ]);
    expect(
      await refused(
        report('c-3', [
          [heart, 1],
          [heart, 2],
        ]),
      ),
    ).toEqual({
      type: 'too_many',
      lineNumber: 3,
      ordered: 7,
      scanned: 8,
    });
    await succeeded(report('c-4', [[heart, 2]]));
    expect(await scanned()).toEqual([
      [1, 3],
      [2, 1],
      [3, 4],
    ]);
  });

  it('refuse a wrong article with the whole report', async () => {
    expect(
      await refused(
        report('c-1', [
          [heart, 1],
          ['85123a', 1],
        ]),
      ),
    ).toEqual({
      type: 'wrong_article',
      scanned: '85123a',
      expected: [heart, cake],
    });
    const long = await refused(report('c-2', [['9'.repeat(500), 1]]));
    expect(long).toMatchObject({ type: 'wrong_article', scanned: '9'.repeat(40) });
    expect(await scanned()).toEqual([]);
  });

  it('refuse one unit too many with the whole report', async () => {
    await succeeded(report('c-1', [[heart, 5]]));
    expect(
      await refused(
        report('c-2', [
          [cake, 1],
          [heart, 2],
        ]),
      ),
    ).toEqual({
      type: 'too_many',
      lineNumber: 1,
      ordered: 6,
      scanned: 7,
    });
    expect(await scanned()).toEqual([[1, 5]]);
  });

  it('count once, however often they are reported, also when the line is full by now', async () => {
    await succeeded(report('c-1', [[heart, 2]]));
    expect(await succeeded(report('c-1', [[heart, 2]]))).toBe('repeated');
    await succeeded(report('c-2', [[heart, 4]]));
    expect(await succeeded(report('c-1', [[heart, 2]]))).toBe('repeated');
    expect(await succeeded(report('c-2', [[heart, 4]]))).toBe('repeated');
    expect(await scanned()).toEqual([[1, 6]]);
  });

  it('that come at once never book more than was ordered', async () => {
    const reports = ['c-1', 'c-2', 'c-3', 'c-4', 'c-5'].map((id) => report(id, [[heart, 2]])());
    const outcomes = await Promise.all(reports);
    expect(outcomes.map(({ _tag }) => _tag).sort()).toEqual(['Left', 'Left', 'Right', 'Right', 'Right']);
    expect(await scanned()).toEqual([[1, 6]]);
  });

  it('under a lost lease count nothing, and go on counting for who has the task now', async () => {
    await succeeded(report('c-1', [[heart, 1]]));
    floor.pass(180);
    await succeeded(claimTask(floor, policy)(ben, ['Pick']));
    expect(await refused(report('c-1', [[heart, 1]]))).toEqual({ type: 'lease_lost' });
    expect(await refused(report('c-2', [[heart, 1]]))).toEqual({ type: 'lease_lost' });
    expect(await refused(report('c-2', [[heart, 1]], ada, 2))).toEqual({ type: 'lease_lost' });
    await succeeded(report('c-3', [[heart, 5]], ben, 2));
    expect(await scanned()).toEqual([[1, 6]]);
  });

  it('tell the phone to stop when the order was cancelled', async () => {
    await floor.tell([the.cancellationRequested]);
    expect(await refused(report('c-1', [[heart, 1]]))).toEqual({ type: 'order_cancelled' });
    expect(await scanned()).toEqual([]);
  });

  it('come too late once the pick is stored', async () => {
    await floor.tell([the.picked]);
    expect(await refused(report('c-1', [[heart, 1]]))).toEqual({
      type: 'report_refused',
      refusal: 'wrong_phase',
      lineNumber: null,
    });
  });
});

describe('scans of a pack', () => {
  it('count up to what was picked', async () => {
    const lines = [
      { lineNumber: 1, picked: 4, short: 2, shortReason: 'damaged' },
      { lineNumber: 2, picked: 0, short: 2, shortReason: 'not_in_bin' },
    ] as const;
    floor = openFloor();
    await floor.tell([...histories.released.events, { ...the.picked, lines }]);
    taskId = await floor.offer('Pack');
    await succeeded(claimTask(floor, policy)(ada, ['Pack']));
    expect(await refused(report('c-1', [[heart, 5]]))).toMatchObject({ type: 'too_many', ordered: 4 });
    expect(await refused(report('c-2', [[cake, 1]]))).toMatchObject({
      type: 'wrong_article',
      expected: [heart],
    });
    expect(await succeeded(report('c-3', [[heart, 4]]))).toBe('added');
  });
});
