import { beforeEach, describe, expect, it } from 'vitest';
import { claimTask } from '../../../application/floor/claim-task.js';
import { finishTask } from '../../../application/floor/finish-task.js';
import type { FinishReport } from '../../../application/floor/floor-ports.js';
import { reportScans } from '../../../application/floor/report-scans.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import type { FloorStepName } from '../../../domain/process/steps.js';
import * as the from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { quantityOf } from '../../support/ids.js';
import { ada, ben, type FloorWorld, openFloor, policy, refused, succeeded } from './world.js';

let floor: FloorWorld;
let taskId: string;
beforeEach(() => {
  floor = openFloor();
});

async function taskOf(step: FloorStepName, events: readonly OrderEvent[]): Promise<void> {
  await floor.tell(events);
  taskId = await floor.offer(step);
  await succeeded(claimTask(floor, policy)(ada, [step]));
}
const scan = (commandId: string, code: string, units: number) =>
  succeeded(reportScans(floor)(ada, taskId, 1, commandId, [{ code, units: quantityOf(units) }]));
const finish = (report: FinishReport, staff = ada, epoch = 1) =>
  finishTask(floor)(staff, taskId, epoch, report, 'request-1');
const lastFact = async () => (await floor.facts()).at(-1);

const pick: FinishReport = { step: 'Pick', shortages: [] };
const pack: FinishReport = { step: 'Pack', parcels: [{ weightGrams: 1_200 }, { weightGrams: 900 }] };
const ship: FinishReport = { step: 'Ship', carrier: 'Royal Mail', trackingLabel: ' rm 123 456-gb' };

describe('finishing a pick', () => {
  beforeEach(() => taskOf('Pick', histories.released.events));

  it('stores what was scanned, then tells the process, then closes the task', async () => {
    await scan('c-1', the.heartHolders.code, 6);
    await scan('c-2', the.cakeStands.code, 2);
    expect(await succeeded(finish(pick))).toEqual({ phase: 'Picked' });
    expect(await lastFact()).toEqual({
      type: 'Picked',
      at: the.after(4_000),
      lines: the.allPicked,
      pickedBy: 'Ada',
    });
    expect(floor.service.told).toEqual(['done token-Pick released/picked']);
    expect(await succeeded(floor.floorTasks.open())).toEqual([]);
  });

  it('wants a reason for every line that is short', async () => {
    await scan('c-1', the.heartHolders.code, 4);
    expect(await refused(finish(pick))).toEqual({
      type: 'report_refused',
      refusal: 'short_reason_missing',
      lineNumber: 1,
    });
    const shortages = [
      { lineNumber: 1, reason: 'damaged' },
      { lineNumber: 2, reason: 'not_in_bin' },
    ] as const;
    expect(await succeeded(finish({ step: 'Pick', shortages }))).toEqual({ phase: 'Picked' });
    expect(await lastFact()).toMatchObject({
      lines: [
        { lineNumber: 1, picked: 4, short: 2, shortReason: 'damaged' },
        { lineNumber: 2, picked: 0, short: 2, shortReason: 'not_in_bin' },
      ],
    });
  });

  it('ignores a reason for a line that is not short', async () => {
    await scan('c-1', the.heartHolders.code, 6);
    await scan('c-2', the.cakeStands.code, 2);
    await succeeded(finish({ step: 'Pick', shortages: [{ lineNumber: 1, reason: 'damaged' }] }));
    expect(await lastFact()).toMatchObject({ lines: the.allPicked });
  });

  it('of nothing at all cancels the order', async () => {
    const shortages = [1, 2].map((lineNumber) => ({ lineNumber, reason: 'not_in_bin' }) as const);
    expect(await refused(finish(pick))).toMatchObject({ refusal: 'short_reason_missing', lineNumber: 1 });
    expect(await succeeded(finish({ step: 'Pick', shortages }))).toEqual({ phase: 'Cancelling' });
    expect((await floor.facts()).slice(histories.released.events.length)).toMatchObject([
      {
        type: 'Picked',
        lines: [
          { picked: 0, short: 6 },
          { picked: 0, short: 2 },
        ],
      },
      { type: 'CancellationRequested', by: 'checkout' },
    ]);
    expect(floor.service.told).toEqual(['done token-Pick cancelling/picked']);
    expect(await succeeded(finish({ step: 'Pick', shortages }))).toEqual({ phase: 'Cancelling' });
  });

  it('again answers alike and stores nothing more', async () => {
    await scan('c-1', the.heartHolders.code, 6);
    await scan('c-2', the.cakeStands.code, 2);
    await succeeded(finish(pick));
    const facts = await floor.facts();
    expect(await succeeded(finish(pick))).toEqual({ phase: 'Picked' });
    expect(await floor.facts()).toEqual(facts);
    await floor.tell([the.packed]);
    expect(await succeeded(finish(pick))).toEqual({ phase: 'Packed' });
  });

  it('whose process could not be told is finished by the repeat', async () => {
    await scan('c-1', the.heartHolders.code, 6);
    await scan('c-2', the.cakeStands.code, 2);
    floor.service.answers.done = 'down';
    expect(await refused(finish(pick))).toEqual({ type: 'process_service_unavailable', reason: 'down' });
    const facts = await floor.facts();
    floor.service.answers.done = 'accepted';
    expect(await succeeded(finish(pick))).toEqual({ phase: 'Picked' });
    expect(await floor.facts()).toEqual(facts);
    expect(await succeeded(floor.floorTasks.open())).toEqual([]);
  });

  it('of a task that the process gave up counts all the same', async () => {
    await scan('c-1', the.heartHolders.code, 6);
    await scan('c-2', the.cakeStands.code, 2);
    floor.service.answers.done = 'gone';
    expect(await succeeded(finish(pick))).toEqual({ phase: 'Picked' });
    expect(await lastFact()).toMatchObject({ type: 'Picked' });
  });

  it('under a lost lease, by somebody else or of another step changes nothing', async () => {
    await scan('c-1', the.heartHolders.code, 6);
    expect(await refused(finish(pick, ben))).toEqual({ type: 'lease_lost' });
    expect(await refused(finish(pick, ada, 0))).toEqual({ type: 'lease_lost' });
    expect(await refused(finish(ship))).toEqual({ type: 'task_unknown' });
    expect(await floor.facts()).toHaveLength(histories.released.events.length);
  });

  it('tells the phone to stop when the order was cancelled', async () => {
    await floor.tell([the.cancellationRequested]);
    expect(await refused(finish(pick))).toEqual({ type: 'order_cancelled' });
    expect(await lastFact()).toEqual(the.cancellationRequested);
  });

  it('tells it also after the process took the task back', async () => {
    await floor.tell([the.cancellationRequested]);
    await succeeded(floor.floorTasks.close(taskId, 1));
    expect(await refused(finish(pick))).toEqual({ type: 'order_cancelled' });
    const scans = reportScans(floor)(ada, taskId, 1, 'c-1', [
      { code: the.heartHolders.code, units: quantityOf(1) },
    ]);
    expect(await refused(scans)).toEqual({ type: 'order_cancelled' });
  });
});

describe('finishing a pack', () => {
  beforeEach(() => taskOf('Pack', histories.picked.events));

  it('numbers the parcels as they come', async () => {
    expect(await succeeded(finish(pack))).toEqual({ phase: 'Packed' });
    expect(await lastFact()).toEqual({
      type: 'Packed',
      at: the.after(4_000),
      parcels: [
        { parcelNumber: 1, weightGrams: 1_200 },
        { parcelNumber: 2, weightGrams: 900 },
      ],
      packedBy: 'Ada',
    });
  });

  it('is refused without a parcel or with one that weighs nothing', async () => {
    const invalid = { type: 'report_refused', refusal: 'parcels_invalid', lineNumber: null };
    expect(await refused(finish({ step: 'Pack', parcels: [] }))).toEqual(invalid);
    expect(await refused(finish({ step: 'Pack', parcels: [{ weightGrams: 0 }] }))).toEqual(invalid);
  });
});

describe('finishing a shipment', () => {
  it('stores the carrier and the number on the label', async () => {
    await taskOf('Ship', histories.charged.events);
    expect(await succeeded(finish(ship))).toEqual({ phase: 'Shipped' });
    expect(await lastFact()).toEqual({
      type: 'Shipped',
      at: the.after(4_000),
      handover: { carrier: 'Royal Mail', trackingNumber: 'RM123456-GB' },
      shippedBy: 'Ada',
    });
    expect(await succeeded(finish(ship))).toEqual({ phase: 'Shipped' });
  });

  it('is refused while the order is not charged', async () => {
    await taskOf('Ship', histories.packed.events);
    expect(await refused(finish(ship))).toMatchObject({ type: 'report_refused', refusal: 'not_charged' });
  });

  it('is refused while a hold stands, and goes on when it is released', async () => {
    await taskOf('Ship', histories.charged.events);
    await floor.tell([{ type: 'HoldPlaced', at: the.after(3_900), reason: 'operator', by: 'Olga' }]);
    expect(await refused(finish(ship))).toMatchObject({ type: 'report_refused', refusal: 'on_hold' });
    await floor.tell([{ type: 'HoldReleased', at: the.after(3_950), reason: 'operator', by: 'Olga' }]);
    expect(await succeeded(finish(ship))).toEqual({ phase: 'Shipped' });
  });

  it('is refused with a label that is no tracking number', async () => {
    await taskOf('Ship', histories.charged.events);
    for (const trackingLabel of ['', 'A1', 'RM123\u0007', 'x'.repeat(41), '<b>RM123</b>']) {
      expect(await refused(finish({ ...ship, trackingLabel }))).toEqual({ type: 'not_a_tracking_number' });
    }
  });
});

describe('finishing a step of an order that was cancelled meanwhile', () => {
  it.each(['Pack', 'Ship'] as const)('tells the phone to stop: %s', async (step) => {
    await taskOf(step, step === 'Pack' ? histories.picked.events : histories.charged.events);
    await floor.tell([the.cancellationRequested]);
    expect(await refused(finish(step === 'Pack' ? pack : ship))).toEqual({ type: 'order_cancelled' });
    expect(await lastFact()).toEqual(the.cancellationRequested);
  });
});

describe('putting goods back', () => {
  beforeEach(() => taskOf('PutBack', [...histories.packed.events, the.cancellationRequested]));
  const putBack: FinishReport = { step: 'PutBack' };

  it('stores it once every unit was scanned back, then tells the process, then closes the task', async () => {
    await scan('c-1', the.heartHolders.code, 6);
    await scan('c-2', the.cakeStands.code, 2);
    expect(await succeeded(finish(putBack))).toEqual({ phase: 'Cancelling' });
    expect(await lastFact()).toEqual({ type: 'GoodsPutBack', at: the.after(4_000), putBackBy: 'Ada' });
    expect(floor.service.told).toEqual(['done token-PutBack cancelling/put_back']);
    expect(await succeeded(floor.floorTasks.open())).toEqual([]);
  });

  it('is refused while a unit is not back', async () => {
    expect(await refused(finish(putBack))).toEqual({ type: 'units_not_back', lineNumber: 1, units: 6 });
    await scan('c-1', the.heartHolders.code, 6);
    await scan('c-2', the.cakeStands.code, 1);
    expect(await refused(finish(putBack))).toEqual({ type: 'units_not_back', lineNumber: 2, units: 1 });
    expect(await lastFact()).toEqual(the.cancellationRequested);
  });

  it('takes no more units than were picked, and no other articles', async () => {
    const report = (code: string, units: number) =>
      reportScans(floor)(ada, taskId, 1, 'c-1', [{ code, units: quantityOf(units) }]);
    expect(await refused(report(the.cakeStands.code, 3))).toMatchObject({ type: 'too_many', ordered: 2 });
    expect(await refused(report('99999X', 1))).toMatchObject({ type: 'wrong_article' });
  });

  it('again answers alike and stores nothing more, also when the process could not be told', async () => {
    await scan('c-1', the.heartHolders.code, 6);
    await scan('c-2', the.cakeStands.code, 2);
    floor.service.answers.done = 'down';
    expect(await refused(finish(putBack))).toEqual({ type: 'process_service_unavailable', reason: 'down' });
    const facts = await floor.facts();
    floor.service.answers.done = 'accepted';
    expect(await succeeded(finish(putBack))).toEqual({ phase: 'Cancelling' });
    expect(await succeeded(finish(putBack))).toEqual({ phase: 'Cancelling' });
    expect(await floor.facts()).toEqual(facts);
  });
});

describe('finishing what never was', () => {
  it('is unknown, whatever the id looks like', async () => {
    await floor.tell(histories.released.events);
    for (const id of [`${the.orderId}-Pick`, `${the.orderId}-Pack`, 'Pick', '', `${the.orderId}xPick`]) {
      taskId = id;
      expect(await refused(finish(pick))).toEqual({ type: 'task_unknown' });
    }
  });
});
