// The API of the warehouse floor, for the gateway process. Phones hold the secret of their device and see lines without
// prices or customers; every report names the epoch of its lease.
import * as E from 'fp-ts/lib/Either.js';
import type { claimTask } from '../../../application/floor/claim-task.js';
import type { finishTask } from '../../../application/floor/finish-task.js';
import type { FloorError, FinishReport } from '../../../application/floor/floor-ports.js';
import type { keepLease, releaseTask, reportScans } from '../../../application/floor/report-scans.js';
import type { FloorStaff, FloorTasks } from '../../../application/ports/workflow/floor-tasks.js';
import { heaviestParcelGrams } from '../../../domain/fulfilment.js';
import { createHttpApp, type HttpObserver, type HttpSettings } from '../app.js';
import { choice, closed, type Codec, line, list, opaque, orNull, variants, whole } from '../codecs.js';
import { bearerOf, deviceSecretHash, unauthorised } from '../credentials.js';
import {
  emptyAnswer,
  type Endpoint,
  type Guard,
  jsonAnswer,
  type Reply,
  refuse,
  takingBody,
} from '../endpoint.js';
import { withDescription } from '../open-api.js';
import { passing, type ProblemCode } from '../problems.js';
import { articleCodec, momentCodec, momentOf, orderIdCodec, quantityCodec } from '../values.js';
import { floorProblem } from './refusals.js';

/** The use cases of the floor, each with its ports and policy. */
export type FloorUseCases = {
  readonly claim: ReturnType<typeof claimTask>;
  readonly keepLease: ReturnType<typeof keepLease>;
  readonly reportScans: ReturnType<typeof reportScans>;
  readonly finish: ReturnType<typeof finishTask>;
  readonly release: ReturnType<typeof releaseTask>;
  readonly floorTasks: Pick<FloorTasks, 'staffBySecret'>;
};

const stepCodec = choice('Pick', 'Pack', 'Ship', 'PutBack');
const epoch = whole(0, Number.MAX_SAFE_INTEGER);
const lineNumber = whole(1, 1_000);

const taskCodec = closed('FloorTask', {
  taskId: opaque(1, 64),
  orderId: orderIdCodec,
  step: stepCodec,
  epoch,
  leaseUntil: momentCodec,
  lines: list(
    closed('FloorLine', {
      lineNumber,
      code: articleCodec,
      description: line(1, 1_000),
      quantity: whole(1, 1_000_000),
      bin: orNull(line(1, 40)),
      scanned: whole(0, 1_000_000),
    }),
    1,
    1_000,
  ),
});

const shortReason = choice('not_in_bin', 'damaged', 'wrong_article');
const picked = closed('PickReport', {
  epoch,
  step: choice('Pick'),
  shortages: list(closed('Shortage', { lineNumber, reason: shortReason }), 0, 1_000),
});
const packed = closed('PackReport', {
  epoch,
  step: choice('Pack'),
  parcels: list(closed('Parcel', { weightGrams: whole(1, heaviestParcelGrams) }), 1, 100),
});
// A label is read by a scanner, and many carriers' numbers look like card numbers.
const shipped = closed('ShipReport', {
  epoch,
  step: choice('Ship'),
  carrier: line(1, 60),
  trackingLabel: opaque(1, 80),
});
const putBack = closed('PutBackReport', { epoch, step: choice('PutBack') });
const finishCodec: Codec<FinishReport & { readonly epoch: number }> = variants<
  typeof picked | typeof packed | typeof shipped | typeof putBack
>('step', { Pick: picked, Pack: packed, Ship: shipped, PutBack: putBack });

const claimed = jsonAnswer(200, 'A task, in your hands until the lease ends.', taskCodec);
const nothingToDo = emptyAnswer('There is nothing to do for these steps.');
const renewed = jsonAnswer(200, 'The lease lasts longer.', closed('Lease', { leaseUntil: momentCodec }));
const scanned = jsonAnswer(
  200,
  'The scans are booked; `repeated` when they were before.',
  closed('ScansBooked', { outcome: choice('added', 'repeated') }),
);
const finished = jsonAnswer(200, 'The step is done.', closed('TaskFinished', { phase: line(1, 40) }));
const released = emptyAnswer('The task is back in the queue.');

const staffGuard = (floorTasks: Pick<FloorTasks, 'staffBySecret'>): Guard<FloorStaff> => ({
  schemes: ['floorStaff'],
  problems: ['staff_unknown', 'unavailable'],
  admit: async (exchange): Promise<E.Either<Reply, FloorStaff>> => {
    const secret = bearerOf(exchange);
    if (secret === null) return E.left(unauthorised('staff_unknown'));
    const found = await floorTasks.staffBySecret(deviceSecretHash(secret))();
    if (E.isLeft(found)) return E.left(refuse(passing('unavailable')));
    return found.right === null ? E.left(unauthorised('staff_unknown')) : E.right(found.right);
  },
});

const refuseFloor = (error: FloorError): Reply => refuse(floorProblem(error));
const taskIdOf = ({ taskId }: Readonly<Record<string, string | undefined>>): string =>
  /^[A-Za-z0-9-]{1,64}$/.test(taskId ?? '') ? (taskId ?? '') : '';

const leaseProblems: readonly ProblemCode[] = [
  ...(['not_found', 'lease_lost', 'order_cancelled', 'order_busy', 'unavailable'] as const),
];
const reportProblems: readonly ProblemCode[] = [
  ...leaseProblems,
  ...(['order_changed', 'report_refused'] as const),
];

/** Endpoints of the floor. */
function floorEndpoints(useCases: FloorUseCases): readonly Endpoint[] {
  const guard = staffGuard(useCases.floorTasks);
  const onTask = { guard, method: 'post' } as const;
  return [
    takingBody({
      ...{ guard, method: 'post', path: '/floor/tasks/claim', id: 'claimTask' },
      summary: 'Take the next task of these steps; the one you hold already comes again.',
      body: closed('Claim', { steps: list(stepCodec, 1, 4) }),
      answers: [claimed, nothingToDo],
      problems: leaseProblems,
      handle: async (_, staff, { steps }) => {
        const task = await useCases.claim(staff, [...new Set(steps)])();
        if (E.isLeft(task)) return refuseFloor(task.left);
        if (task.right === null) return nothingToDo.reply();
        return claimed.reply({
          ...task.right,
          leaseUntil: momentOf(task.right.leaseUntil),
          lines: [...task.right.lines],
        });
      },
    }),
    takingBody({
      ...{ ...onTask, path: '/floor/tasks/:taskId/heartbeat', id: 'keepLease' },
      summary: 'A sign of life: the lease lasts longer.',
      body: closed('Heartbeat', { epoch }),
      answers: [renewed],
      problems: leaseProblems,
      handle: async ({ parameters }, staff, body) => {
        const lease = await useCases.keepLease(staff, taskIdOf(parameters), body.epoch)();
        if (E.isLeft(lease)) return refuseFloor(lease.left);
        return renewed.reply({ leaseUntil: momentOf(lease.right.leaseUntil) });
      },
    }),
    takingBody({
      ...{ ...onTask, path: '/floor/tasks/:taskId/scans', id: 'reportScans' },
      summary: 'Book scanned units: all of the report or none of it, once per command id.',
      body: closed('ScanReport', {
        epoch,
        commandId: opaque(1, 128),
        scans: list(closed('Scan', { code: opaque(1, 80), units: quantityCodec }), 1, 1_000),
      }),
      answers: [scanned],
      problems: [...reportProblems, 'wrong_article', 'too_many'],
      handle: async ({ parameters }, staff, { epoch: held, commandId, scans }) => {
        const outcome = await useCases.reportScans(staff, taskIdOf(parameters), held, commandId, scans)();
        return E.isLeft(outcome) ? refuseFloor(outcome.left) : scanned.reply({ outcome: outcome.right });
      },
    }),
    takingBody({
      ...{ ...onTask, path: '/floor/tasks/:taskId/finish', id: 'finishTask' },
      summary: 'Report a step as done. Repeating the report answers alike.',
      body: finishCodec,
      answers: [finished],
      problems: [...reportProblems, 'not_charged', 'on_hold', 'not_a_tracking_number'],
      handle: async ({ parameters, requestId }, staff, { epoch: held, ...report }) => {
        const done = await useCases.finish(staff, taskIdOf(parameters), held, report, requestId)();
        return E.isLeft(done) ? refuseFloor(done.left) : finished.reply(done.right);
      },
    }),
    takingBody({
      ...{ ...onTask, path: '/floor/tasks/:taskId/release', id: 'releaseTask' },
      summary: 'Give the task back; its scans stay with it.',
      body: closed('Release', { epoch }),
      answers: [released],
      problems: leaseProblems,
      handle: async ({ parameters }, staff, body) => {
        const given = await useCases.release(staff, taskIdOf(parameters), body.epoch)();
        return E.isLeft(given) ? refuseFloor(given.left) : released.reply();
      },
    }),
  ];
}

/** The floor's API as a Koa application. */
export const createFloorApp = (useCases: FloorUseCases, settings: HttpSettings, observer: HttpObserver) => {
  const endpoints = withDescription('Warehouse floor', settings.publicUrl, floorEndpoints(useCases));
  return createHttpApp(endpoints, settings, observer);
};
