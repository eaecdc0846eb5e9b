// The floor's API over tasks in memory.
import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { inMemoryFloorTasks } from '../../../adapters/floor-tasks/in-memory.js';
import { defaultHttpSettings } from '../../../adapters/http/app.js';
import { deviceSecretHash } from '../../../adapters/http/credentials.js';
import { createFloorApp } from '../../../adapters/http/floor/app.js';
import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import { claimTask } from '../../../application/floor/claim-task.js';
import { finishTask } from '../../../application/floor/finish-task.js';
import { keepLease, releaseTask, reportScans } from '../../../application/floor/report-scans.js';
import { isTaskToken, type StepTasks } from '../../../application/ports/workflow/process-tasks.js';
import { isOrderId, type OrderId } from '../../../domain/ids.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import type { FloorStepName } from '../../../domain/process/steps.js';
import { after, cancellationRequested } from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { caller, serve } from '../../support/http.js';
import { describedPaths } from './described-paths.js';
import { articleOf, commandIdNumbered } from '../../support/ids.js';
import { createClock, right } from './checkout-world.js';

async function createFloorWorld() {
  const { system, putForward, stop } = createClock();
  const eventStore = inMemoryEventStore(system);
  const floorTasks = inMemoryFloorTasks();
  const stock = inMemoryStock();
  const stepTasks: StepTasks = {
    poll: () => async () => E.right(null),
    done: () => async () => E.right('accepted'),
    failed: () => async () => E.right('accepted'),
    withdrawn: () => async () => E.right('accepted'),
    beat: () => async () => E.right('go_on'),
  };
  const observer = { observe: () => undefined };
  const ports = { eventStore, floorTasks, stock, stepTasks, system, observer };
  const policy = { leaseSeconds: 60 };
  const app = createFloorApp(
    {
      ...{ claim: claimTask(ports, policy), keepLease: keepLease(ports, policy) },
      ...{ reportScans: reportScans(ports), finish: finishTask(ports), release: releaseTask(ports) },
      floorTasks,
    },
    { ...defaultHttpSettings, publicUrl: new URL('https://floor.example') },
    { accessed: () => undefined, failed: () => undefined },
  );
  const served = await serve(app);
  const append = (orderId: OrderId, first: number, events: readonly OrderEvent[]) =>
    right(
      eventStore.append(
        orderId,
        first === 0 ? { type: 'no_stream' } : { type: 'exactly', revision: first - 1 },
        events.map((event) => ({
          ...{ eventId: randomUUID(), event },
          metadata: {
            ...{ commandId: commandIdNumbered(1), correlationId: 'test' },
            actor: { type: 'worker', name: 'test' } as const,
          },
        })),
      ),
    );
  return {
    ...{ call: caller(served.url), floorTasks, stock, putForward, append },
    /** Enrols a person; answers with the secret of their device. */
    enrol: async (name: string): Promise<string> => {
      const secret = randomUUID();
      await right(floorTasks.enrol({ staffId: randomUUID(), name }, deviceSecretHash(secret)));
      return secret;
    },
    /** An order that has come this far, with a task for its next step. */
    offer: async (step: FloorStepName, events: readonly OrderEvent[]): Promise<OrderId> => {
      const orderId = randomUUID();
      const token = randomUUID();
      if (!isOrderId(orderId) || !isTaskToken(token)) throw new Error('not an id');
      await append(
        orderId,
        0,
        events.map((event) => (event.type === 'OrderPlaced' ? { ...event, orderId } : event)),
      );
      await right(floorTasks.offer({ orderId, step, run: 1, token }, system.now()));
      return orderId;
    },
    close: async (): Promise<void> => {
      stop();
      await served.close();
    },
  };
}

let world: Awaited<ReturnType<typeof createFloorWorld>>;
beforeEach(async () => {
  world = await createFloorWorld();
});
afterEach(() => world.close());

const released = histories.committed.events.length + 1;

/** A person with a task of the step in their hands. */
const atWork = async (step: FloorStepName, events: readonly OrderEvent[]) => {
  const orderId = await world.offer(step, events);
  const token = await world.enrol('Picker');
  const claimed = await world.call('POST /floor/tasks/claim', { token, body: { steps: [step] } });
  const path = `/floor/tasks/${String(claimed.json['taskId'])}`;
  const epoch = Number(claimed.json['epoch']);
  const post = (action: string, body: object) => world.call(`POST ${path}/${action}`, { token, body });
  return { orderId, token, claimed, path, epoch, post };
};

const codeOf = ({ status, json }: { status: number; json: Readonly<Record<string, unknown>> }) => [
  status,
  json['code'],
];

const allScans = [
  { code: '85123A', units: 6 },
  { code: '22423', units: 2 },
];

describe('a device', () => {
  it('that is not enrolled gets a 401 on every route', async () => {
    for (const action of ['claim', 'x/heartbeat', 'x/scans', 'x/finish', 'x/release']) {
      for (const token of ['unknown', undefined]) {
        const answer = await world.call(`POST /floor/tasks/${action}`, token === undefined ? {} : { token });
        expect(codeOf(answer)).toStrictEqual([401, 'staff_unknown']);
      }
    }
  });
});

describe('a task', () => {
  it('is handed out with its lines and places, without prices or customer', async () => {
    const article = { code: articleOf('85123A'), description: 'Heart', bin: 'A-01-1', quantity: 50 };
    await right(world.stock.receive({ receiptId: 'r', articles: [article] }));
    const { claimed, orderId, post, epoch } = await atWork('Pick', histories.released.events);
    expect(claimed.status).toBe(200);
    expect(claimed.json).toStrictEqual({
      ...{ taskId: `${orderId}-Pick`, orderId, step: 'Pick', epoch, leaseUntil: expect.stringMatching(/Z$/) },
      lines: [
        {
          ...{ lineNumber: 1, code: '85123A', description: 'White hanging heart tea light holder' },
          ...{ quantity: 6, bin: 'A-01-1', scanned: 0 },
        },
        {
          ...{ lineNumber: 2, code: '22423', description: 'Cake stand with three tiers' },
          ...{ quantity: 2, bin: null, scanned: 0 },
        },
      ],
    });
    expect((await post('release', { epoch })).status).toBe(204);
  });

  it('is none when there is nothing to do', async () => {
    const token = await world.enrol('Idle');
    const answer = await world.call('POST /floor/tasks/claim', { token, body: { steps: ['Ship'] } });
    expect([answer.status, answer.text]).toStrictEqual([204, '']);
  });

  it('is picked with scans, kept with signs of life and finished, each repeatable', async () => {
    const { post, epoch, path } = await atWork('Pick', histories.released.events);
    const beat = await post('heartbeat', { epoch });
    expect([beat.status, beat.json['leaseUntil']]).toStrictEqual([200, expect.stringMatching(/Z$/)]);
    const scans = { epoch, commandId: `${path}-1`, scans: allScans };
    expect((await post('scans', scans)).json).toStrictEqual({ outcome: 'added' });
    expect((await post('scans', scans)).json).toStrictEqual({ outcome: 'repeated' });
    const finish = { epoch, step: 'Pick', shortages: [] };
    expect((await post('finish', finish)).json).toStrictEqual({ phase: 'Picked' });
    expect((await post('finish', finish)).json).toStrictEqual({ phase: 'Picked' });
  });

  it('is packed and shipped, with a label that looks like a card number', async () => {
    const pack = await atWork('Pack', histories.picked.events);
    const packed = await pack.post('finish', {
      epoch: pack.epoch,
      step: 'Pack',
      parcels: [{ weightGrams: 900 }],
    });
    expect(packed.json).toStrictEqual({ phase: 'Packed' });
    const ship = await atWork('Ship', histories.charged.events);
    const report = { epoch: ship.epoch, step: 'Ship', carrier: 'Post', trackingLabel: '4242 4242 4242 4242' };
    expect((await ship.post('finish', report)).json).toStrictEqual({ phase: 'Shipped' });
  });

  it('is refused with a sentence when a report does not fit', async () => {
    const { post, epoch } = await atWork('Pick', histories.released.events);
    const scan = (code: string, units: number) =>
      post('scans', { epoch, commandId: randomUUID(), scans: [{ code, units }] });
    const wrong = await scan('99999X', 1);
    expect(codeOf(wrong)).toStrictEqual([422, 'wrong_article']);
    expect(wrong.json['errors']).toMatchObject([{ detail: 'Expected: 85123A, 22423.' }]);
    expect(wrong.text).not.toContain('99999X');
    expect(codeOf(await scan('85123A', 7))).toStrictEqual([422, 'too_many']);
    const short = await post('finish', { epoch, step: 'Pick', shortages: [] });
    expect(codeOf(short)).toStrictEqual([422, 'report_refused']);
    expect(
      codeOf(await post('finish', { epoch, step: 'Pack', parcels: [{ weightGrams: 1 }] })),
    ).toStrictEqual([...[404, 'not_found']]);
  });

  it('is refused by its fields when they are not right', async () => {
    const { post, epoch } = await atWork('Pick', histories.released.events);
    for (const units of [0, -1, 1.5, 1e9, '6', null]) {
      const answer = await post('scans', { epoch, commandId: 'c', scans: [{ code: '85123A', units }] });
      expect(codeOf(answer)).toStrictEqual([422, 'fields_invalid']);
      expect(answer.json['errors']).toMatchObject([{ path: '/scans/0/units' }]);
    }
    for (const body of [
      {},
      { epoch, step: 'Sing' },
      { epoch, step: 'Pick', parcels: [] },
      { step: 'Pick' },
    ]) {
      expect(codeOf(await post('finish', body))).toStrictEqual([422, 'fields_invalid']);
    }
  });

  it('cannot be shipped before it is paid, nor with a label that is none', async () => {
    const unpaid = await atWork('Ship', histories.packed.events);
    const label = { step: 'Ship', carrier: 'Post', trackingLabel: 'AB123' };
    expect(codeOf(await unpaid.post('finish', { ...label, epoch: unpaid.epoch }))).toStrictEqual([
      ...[409, 'not_charged'],
    ]);
    const paid = await atWork('Ship', histories.charged.events);
    const report = { ...label, epoch: paid.epoch, trackingLabel: '?\u0007' };
    expect(codeOf(await paid.post('finish', report))).toStrictEqual([422, 'not_a_tracking_number']);
  });

  it('cannot be shipped while its order is on hold', async () => {
    const { orderId, post, epoch } = await atWork('Ship', histories.charged.events);
    const hold = { at: after(3_500), reason: 'operator', by: 'Olga' } as const;
    await world.append(orderId, histories.charged.events.length, [{ type: 'HoldPlaced', ...hold }]);
    const report = { epoch, step: 'Ship', carrier: 'Post', trackingLabel: 'AB123' };
    expect(codeOf(await post('finish', report))).toStrictEqual([409, 'on_hold']);
    await world.append(orderId, histories.charged.events.length + 1, [{ type: 'HoldReleased', ...hold }]);
    expect((await post('finish', report)).json).toStrictEqual({ phase: 'Shipped' });
  });

  it('is put back when its order was cancelled, every unit of it', async () => {
    const events = [...histories.packed.events, cancellationRequested];
    const { claimed, post, epoch } = await atWork('PutBack', events);
    expect(claimed.json).toMatchObject({
      step: 'PutBack',
      lines: [
        { code: '85123A', quantity: 6, scanned: 0 },
        { code: '22423', quantity: 2, scanned: 0 },
      ],
    });
    const finish = { epoch, step: 'PutBack' };
    const early = await post('finish', finish);
    expect(codeOf(early)).toStrictEqual([422, 'report_refused']);
    expect(early.json['errors']).toStrictEqual([
      { code: 'units_not_back', path: '/lines/1', detail: 'Not scanned back yet: 6.' },
    ]);
    const scans = { epoch, commandId: 'back', scans: allScans };
    expect((await post('scans', scans)).json).toStrictEqual({ outcome: 'added' });
    expect((await post('finish', finish)).json).toStrictEqual({ phase: 'Cancelling' });
    expect((await post('finish', finish)).json).toStrictEqual({ phase: 'Cancelling' });
  });

  it('may find nothing at all, with a reason for every line', async () => {
    const { post, epoch } = await atWork('Pick', histories.released.events);
    const shortages = [1, 2].map((lineNumber) => ({ lineNumber, reason: 'not_in_bin' }));
    const finished = await post('finish', { epoch, step: 'Pick', shortages });
    expect([finished.status, finished.json]).toStrictEqual([200, { phase: 'Cancelling' }]);
  });

  it('is lost to whoever took it over after the lease', async () => {
    const first = await atWork('Pick', histories.released.events);
    world.putForward(120);
    const other = await world.enrol('Other');
    const taken = await world.call('POST /floor/tasks/claim', { token: other, body: { steps: ['Pick'] } });
    expect(taken.status).toBe(200);
    const mine = `/floor/tasks/${String(taken.json['taskId'])}`;
    const late = await world.call(`POST ${mine}/heartbeat`, {
      ...{ token: first.token, body: { epoch: taken.json['epoch'] } },
    });
    expect(codeOf(late)).toStrictEqual([409, 'lease_lost']);
    expect(codeOf(await first.post('release', { epoch: first.epoch + 7 }))).toStrictEqual([
      409,
      'lease_lost',
    ]);
  });

  it('is over when its order was cancelled', async () => {
    const { orderId, post, epoch } = await atWork('Pick', histories.released.events);
    await world.append(orderId, released, [cancellationRequested]);
    const answer = await post('scans', { epoch, commandId: randomUUID(), scans: allScans });
    expect(codeOf(answer)).toStrictEqual([409, 'order_cancelled']);
    expect(answer.json['detail']).toBe('The order was cancelled. Stop, and put the goods back.');
  });

  it('that is unknown has one answer', async () => {
    const token = await world.enrol('Curious');
    for (const taskId of [`${randomUUID()}-Pick`, 'x', '..%2f..']) {
      const answer = await world.call(`POST /floor/tasks/${taskId}/heartbeat`, { token, body: { epoch: 1 } });
      expect(codeOf(answer)).toStrictEqual([404, 'not_found']);
    }
  });
});

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await describedPaths(world.call)).toHaveLength(7);
  });
});
