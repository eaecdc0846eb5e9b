// Every port of every role, with one interceptor before each call.
import type { Checkpoints } from '../../application/ports/checkpoints.js';
import type { EventStore } from '../../application/ports/event-store.js';
import type { FloorTasks } from '../../application/ports/workflow/floor-tasks.js';
import type { OrderProcesses } from '../../application/ports/workflow/order-processes.js';
import type { PaymentNotices } from '../../application/ports/payment-notices.js';
import type { OrderViewProjection } from '../../application/ports/order-views.js';
import type { DecisionTasks, StepTasks } from '../../application/ports/workflow/process-tasks.js';
import type { Interceptor } from '../support/order/port-calls.js';

const same = <Failure>(failure: Failure) => ({ failed: failure, lost: failure });
const serviceDown = same({ type: 'process_service_unavailable', reason: 'injected' } as const);
const storeDown = same({ type: 'store_unavailable', reason: 'injected' } as const);
const checkpointsDown = same({ type: 'checkpoints_unavailable', reason: 'injected' } as const);
const viewsDown = same({ type: 'order_views_unavailable', reason: 'injected' } as const);
const noticesDown = same({ type: 'notices_unavailable', reason: 'injected' } as const);
const floorDown = same({ type: 'floor_tasks_unavailable', reason: 'injected' } as const);

/** The decider's side of the workflow service. */
export const decisionTasksThrough = (ports: DecisionTasks, through: Interceptor): DecisionTasks => ({
  poll: (...asked) => through('decisionTasks.poll', ports.poll(...asked), serviceDown),
  respond: (...asked) => through('decisionTasks.respond', ports.respond(...asked), serviceDown),
});

/** The workers' side of the workflow service. */
export const stepTasksThrough = (ports: StepTasks, through: Interceptor): StepTasks => ({
  poll: (...asked) => through('stepTasks.poll', ports.poll(...asked), serviceDown),
  done: (...asked) => through('stepTasks.done', ports.done(...asked), serviceDown),
  failed: (...asked) => through('stepTasks.failed', ports.failed(...asked), serviceDown),
  withdrawn: (...asked) => through('stepTasks.withdrawn', ports.withdrawn(...asked), serviceDown),
  beat: (...asked) => through('stepTasks.beat', ports.beat(...asked), serviceDown),
});

/** The starting and telling side of the workflow service. */
export const orderProcessesThrough = (ports: OrderProcesses, through: Interceptor): OrderProcesses => ({
  start: (...asked) => through('orderProcesses.start', ports.start(...asked), serviceDown),
  tell: (...asked) => through('orderProcesses.tell', ports.tell(...asked), serviceDown),
});

/** The store as those see it who follow all events. */
export const followedThrough = (ports: EventStore, through: Interceptor): EventStore => ({
  ...ports,
  read: (...asked) => through('eventStore.read', ports.read(...asked), storeDown),
  readAll: (...asked) => through('eventStore.readAll', ports.readAll(...asked), storeDown),
});

/** Where a follower keeps its place. */
export const checkpointsThrough = (ports: Checkpoints, through: Interceptor): Checkpoints => ({
  load: (...asked) => through('checkpoints.load', ports.load(...asked), checkpointsDown),
  save: (...asked) => through('checkpoints.save', ports.save(...asked), checkpointsDown),
});

/** The tables of order views as the projector sees them. */
export const projectionThrough = (ports: OrderViewProjection, through: Interceptor): OrderViewProjection => ({
  checkpoint: () => through('projection.checkpoint', ports.checkpoint(), viewsDown),
  load: (...asked) => through('projection.load', ports.load(...asked), viewsDown),
  advance: (...asked) => through('projection.advance', ports.advance(...asked), viewsDown),
});

/** The floor's queue: the calls that change something, and the list that the gateway beats for. */
export const floorTasksThrough = (ports: FloorTasks, through: Interceptor): FloorTasks => ({
  ...ports,
  offer: (...asked) => through('floorTasks.offer', ports.offer(...asked), floorDown),
  claim: (...asked) => through('floorTasks.claim', ports.claim(...asked), floorDown),
  addScans: (...asked) => through('floorTasks.addScans', ports.addScans(...asked), floorDown),
  close: (...asked) => through('floorTasks.close', ports.close(...asked), floorDown),
  open: () => through('floorTasks.open', ports.open(), floorDown),
});

/** The stored notices of the card processor, as their readers see them. */
export const noticesThrough = (ports: PaymentNotices, through: Interceptor): PaymentNotices => ({
  ...ports,
  take: (...asked) => through('notices.take', ports.take(...asked), noticesDown),
  done: (...asked) => through('notices.done', ports.done(...asked), noticesDown),
  later: (...asked) => through('notices.later', ports.later(...asked), noticesDown),
});
