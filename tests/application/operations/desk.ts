// An operator's desk over one stored order: every port in memory, and a workflow service that runs its process or not.
import * as E from 'fp-ts/lib/Either.js';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { inMemoryFloorTasks } from '../../../adapters/floor-tasks/in-memory.js';
import { inMemoryGateway } from '../../../adapters/payment/in-memory.js';
import type { Observation } from '../../../application/ports/observer.js';
import type {
  OrderProcesses,
  ProcessTermination,
} from '../../../application/ports/workflow/order-processes.js';
import type { RemedyCall } from '../../../application/operations/remedy.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import { defaultSettings } from '../../../domain/process/limits.js';
import * as the from '../../support/examples.js';
import { commandIdNumbered, instantOf } from '../../support/ids.js';
import { right, virtualClock } from '../../support/order/world.js';

/** Whether the order's process runs at first. */
export type DeskOptions = { readonly runs?: boolean };

/** A desk over an order with these facts. */
export const openDesk = async (events: readonly OrderEvent[], { runs = true }: DeskOptions = {}) => {
  const { system, advanceTo } = virtualClock();
  const last = events.at(-1);
  advanceTo(instantOf((last?.at ?? the.opening) + 1_000));
  const eventStore = inMemoryEventStore(system);
  const stored = events.map((event) => ({
    eventId: system.newId(),
    event,
    metadata: {
      commandId: commandIdNumbered(1),
      correlationId: 'before',
      actor: { type: 'worker', name: 'worker' } as const,
    },
  }));
  if (stored.length > 0) {
    right('store', await eventStore.append(the.orderId, { type: 'no_stream' }, stored)());
  }
  const observations: Observation[] = [];
  const asked: string[] = [];
  let running = runs;
  const orderProcesses: OrderProcesses = {
    start: () => async () => {
      asked.push(running ? 'start refused' : 'started');
      const answer = running ? 'already_running' : 'started';
      running = true;
      return E.right(answer);
    },
    tell: () => async () => {
      asked.push(running ? 'told' : 'not running');
      return E.right(running ? 'told' : 'not_running');
    },
  };
  const termination: ProcessTermination = {
    terminate: () => async () => {
      asked.push(running ? 'terminated' : 'nothing to terminate');
      const answer = running ? 'terminated' : 'not_running';
      running = false;
      return E.right(answer);
    },
  };
  const gateway = inMemoryGateway({ now: system.now });
  const floorTasks = inMemoryFloorTasks();
  const call = (mode: RemedyCall['mode']): RemedyCall => ({
    orderId: the.orderId,
    by: 'Olga',
    correlationId: 'call',
    mode,
  });
  return {
    ports: {
      ...{ eventStore, system, orderProcesses, termination, gateway, floorTasks },
      observer: { observe: (one: Observation): void => void observations.push(one) },
      settings: defaultSettings,
      cardPolicy: { refuseFailedAddressCheck: false, refuseFailedSecurityCodeCheck: true },
    },
    observations,
    /** What was asked of the workflow service, in order. */
    asked,
    preview: call('preview'),
    apply: call('apply'),
    stored: async () => right('read', await eventStore.read(the.orderId, { direction: 'forwards' })()),
  };
};
