// The production roles of the checkout in one process, over ports in memory, with shoppers before them and a warehouse
// crew behind them. Every role may die at any call of a port and is started again.
import * as E from 'fp-ts/lib/Either.js';
import { inMemoryCheckpoints } from '../../adapters/event-store/in-memory-checkpoints.js';
import { inMemoryCarts } from '../../adapters/customers/in-memory-carts.js';
import { inMemoryCustomers, plainPasswords } from '../../adapters/customers/in-memory.js';
import { inMemoryEventStore } from '../../adapters/event-store/in-memory.js';
import { inMemoryFloorTasks } from '../../adapters/floor-tasks/in-memory.js';
import { inMemoryOrderViews } from '../../adapters/projections/in-memory.js';
import { inMemoryStock } from '../../adapters/stock/in-memory.js';
import { createDecider, type Role } from '../../application/roles/decider.js';
import { createFloorGateway } from '../../application/floor/floor-gateway.js';
import type { FloorPorts } from '../../application/floor/floor-ports.js';
import { actOnNotice } from '../../application/payments/act-on-notice.js';
import type { EventStore } from '../../application/ports/event-store.js';
import type { Observation } from '../../application/ports/observer.js';
import type { PaymentGateway } from '../../application/ports/payment-gateway.js';
import type { System } from '../../application/ports/system.js';
import { createNoticeReader, type NoticeReaderPorts } from '../../application/roles/notice-reader.js';
import { createProjector } from '../../application/roles/projector.js';
import { createStarter } from '../../application/roles/starter.js';
import { createRunStep } from '../../application/steps/run-step.js';
import type { StepPolicy, StepPorts } from '../../application/steps/step-ports.js';
import { createStop } from '../../application/roles/stop-signal.js';
import { createWorker, type WorkerOptions } from '../../application/roles/worker.js';
import { commandIdNumbered } from '../support/ids.js';
import { cardLedger, outbox } from '../support/order/ledgers.js';
import { intercepted } from '../support/order/port-calls.js';
import { stepPolicy } from '../support/order/world.js';
import { interceptorOf, type Life, systemOf, type Weather } from './faults.js';
import { createCourier, noticesIn } from './courier.js';
import {
  checkpointsThrough,
  decisionTasksThrough,
  floorTasksThrough,
  followedThrough,
  noticesThrough,
  orderProcessesThrough,
  projectionThrough,
  stepTasksThrough,
} from './role-ports.js';
import { createScheduler } from './scheduler.js';
import { createWorkflowService } from './workflow-service.js';

/** What a simulation may change of the code under test: a planted bug that must be found. */
export type Plant = {
  readonly gateway?: (gateway: PaymentGateway) => PaymentGateway;
  /** Instead of acting on a notice as the application does. */
  readonly act?: (sound: NoticeReaderPorts['act'], steps: StepPorts) => NoticeReaderPorts['act'];
  readonly eventStore?: (store: EventStore) => EventStore;
  /** Long enough to be found by the books when nobody lets it go. */
  readonly reservationSeconds?: number;
};

/** Waits that fit into the hours that a simulation lasts; money is held for one of them. */
const policy: StepPolicy = {
  ...stepPolicy,
  settings: {
    graceSeconds: 60,
    payAgainSeconds: 300,
    payAgainLaterSeconds: 900,
    challengeSeconds: 240,
    renewMarginSeconds: 900,
    pickSeconds: 600,
    unshippedSeconds: 14_400,
  },
};
const reservationSeconds = 3_600;

/** A checkout with nobody in it. `badInThousand` calls of a thousand go wrong. */
export const createCheckout = (seed: number, badInThousand: number, plant: Plant = {}) => {
  const scheduler = createScheduler(seed);
  const weather: Weather = { badInThousand, seen: new Map() };
  let ids = 0;
  const system: System = {
    now: scheduler.now,
    newId: () => `00000007-0000-4000-8000-${(ids += 1).toString(16).padStart(12, '0')}`,
    newCommandId: () => commandIdNumbered((ids += 1)),
    wait: (milliseconds) => async () => scheduler.sleep(milliseconds),
  };
  const alarms: Array<Extract<Observation, { readonly type: 'alarm' }>> = [];
  const defects: unknown[] = [];
  const stepsDone = new Set<string>();
  const observer = {
    observe: (one: Observation): void => {
      scheduler.note(JSON.stringify(one));
      if (one.type === 'alarm') alarms.push(one);
      if (one.type === 'step_finished') stepsDone.add(one.step.replace(/\..*$/, ''));
    },
  };
  let secrets = 0;
  const innerStore = inMemoryEventStore(system);
  const eventStore = plant.eventStore?.(innerStore) ?? innerStore;
  const stock = inMemoryStock();
  const carts = inMemoryCarts();
  const customers = inMemoryCustomers(
    plainPasswords,
    (count) => {
      secrets += 1;
      return Uint8Array.from({ length: count }, (_, index) => (secrets >> (8 * (index % 4))) & 255);
    },
    { idleSeconds: 3_600, lifeSeconds: 43_200, pauseSchedule: [1], failuresForgottenSeconds: 3_600 },
  );
  const notices = noticesIn(scheduler);
  const courier = createCourier(scheduler, weather, notices, (defect) => defects.push(defect));
  const ledger = cardLedger({
    ...{ now: system.now, tell: courier.send },
    reservationSeconds: plant.reservationSeconds ?? reservationSeconds,
    issuer: (asked) => {
      const drawn = scheduler.choose('issuer', 100);
      if (asked === 'charge' && drawn < 3) return { type: 'expire' };
      return asked !== 'refund' && drawn >= 97 ? { type: 'decline', code: 'issuer_not_available' } : null;
    },
  });
  const mail = outbox();
  const service = createWorkflowService(scheduler);
  const floorTasks = inMemoryFloorTasks();
  const views = inMemoryOrderViews();
  const checkpoints = inMemoryCheckpoints();
  const gateway = plant.gateway?.(ledger.gateway) ?? ledger.gateway;
  const base = { eventStore, system, observer, customers, stock, gateway, mailer: mail.mailer };

  /** The ports of one life of a role. */
  const portsOf = (life: Life) => {
    const through = interceptorOf(scheduler, weather, life);
    const steps: StepPorts = { ...intercepted(base, through), system: systemOf(scheduler, system, life) };
    const stepTasks = stepTasksThrough(service.stepTasks, through);
    const floor: FloorPorts = { ...steps, stepTasks, floorTasks: floorTasksThrough(floorTasks, through) };
    return {
      ...floor,
      ...{ steps, customers: steps.customers },
      carts,
      decisionTasks: decisionTasksThrough(service.decisionTasks, through),
      orderProcesses: orderProcessesThrough(service.orderProcesses, through),
      followed: followedThrough(eventStore, through),
      checkpoints: checkpointsThrough(checkpoints, through),
      projection: projectionThrough(views.live, through),
      notices: noticesThrough(notices, through),
    };
  };

  /** Runs a role, and starts it again a few seconds after each death. */
  const keepAlive = (name: string, create: (ports: ReturnType<typeof portsOf>) => Role): void => {
    const life: Life = {
      role: name,
      alive: true,
      die: () => {
        if (!life.alive) return;
        life.alive = false;
        scheduler.note(`${name} dies`);
        scheduler.later(1_000 + scheduler.choose('restart', 4_000), () => keepAlive(name, create));
      },
    };
    create(portsOf(life))
      .run(createStop().signal)
      .catch((defect: unknown) => defects.push(defect));
  };

  const worker = (name: string, group: WorkerOptions['group'], concurrency: number): void =>
    keepAlive(name, (ports) => {
      const runStep = createRunStep(ports.steps, policy);
      return createWorker({ ...ports, runStep }, { group, identity: name, concurrency });
    });

  const startRoles = (): void => {
    for (const name of ['decider-1', 'decider-2']) {
      keepAlive(name, (ports) => createDecider(ports, { identity: name, concurrency: 4 }));
    }
    worker('orders-1', 'orders', 4);
    worker('orders-2', 'orders', 4);
    worker('payments-1', 'payments', 4);
    worker('payments-2', 'payments', 4);
    worker('mail', 'mail', 4);
    const { settings } = policy;
    keepAlive('starter', (ports) =>
      createStarter({ ...ports, eventStore: ports.followed }, { settings, delaySeconds: 2 }),
    );
    keepAlive('projector', (ports) =>
      createProjector({ ...ports, eventStore: ports.followed }, { batchSize: 50 }),
    );
    for (const name of ['notices-1', 'notices-2']) {
      keepAlive(name, (ports) => {
        const sound = actOnNotice({ ...ports.steps, orderProcesses: ports.orderProcesses }, policy);
        return createNoticeReader({ ...ports, act: plant.act?.(sound, ports.steps) ?? sound });
      });
    }
    keepAlive('floor', (ports) =>
      createFloorGateway(ports, { identity: 'floor', pollers: 4, beatMilliseconds: 20_000 }),
    );
  };

  /** A caller that lives as long as the simulation: a shopper's browser, a picker's phone. */
  const callerPorts = (role: string) => {
    const life: Life = { role, alive: true, die: () => undefined };
    return portsOf(life);
  };

  return {
    ...{
      scheduler,
      weather,
      policy,
      service,
      ledger,
      notices,
      alarms,
      defects,
      stepsDone,
      startRoles,
      callerPorts,
    },
    ...{ eventStore, courier, stock, carts, customers, views, system, mails: mail.accepted },
    answerOf: <Answer>(result: E.Either<unknown, Answer>): Answer => {
      if (E.isRight(result)) return result.right;
      throw new Error(JSON.stringify(result.left));
    },
  };
};

/** A simulated checkout. */
export type Checkout = ReturnType<typeof createCheckout>;
