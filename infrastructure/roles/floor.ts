import { postgresFloorTasks } from '../../adapters/floor-tasks/postgres.js';
import { createFloorApp } from '../../adapters/http/floor/app.js';
import { claimTask } from '../../application/floor/claim-task.js';
import { finishTask } from '../../application/floor/finish-task.js';
import { createFloorGateway } from '../../application/floor/floor-gateway.js';
import type { FloorPorts } from '../../application/floor/floor-ports.js';
import { keepLease, releaseTask, reportScans } from '../../application/floor/report-scans.js';
import { limitsOf } from '../../domain/process/limits.js';
import { databaseSettings, floorSettings, workflowSettings } from '../config/settings.js';
import { listen } from '../process/http-listener.js';
import type { RoleDefinition } from '../process/role.js';
import { httpObserverOf, httpSettingsOf } from '../process/http.js';
import { openEventStore, openStock, ordersPool } from './stores.js';
import { openStepTasks } from './workflow.js';

const settings = { ...databaseSettings, ...workflowSettings, ...floorSettings };

const pollers = 4;
/** Three signs of life in the time in which one is needed. */
const beatMilliseconds = ((limitsOf('Pick').beatSeconds ?? 60) * 1000) / 3;

/** The floor gateway: takes floor tasks from the workflow service and hands them to phones. Several may run. */
export const floorRole: RoleDefinition<typeof settings> = {
  name: 'floor',
  about:
    "The floor gateway: keeps the workflow's floor tasks and serves the phones that pick, pack and ship.",
  settings,
  start: async (values, context) => {
    const { scope, system, observer, identity } = context;
    const ports: FloorPorts = {
      eventStore: await openEventStore(scope, values),
      floorTasks: postgresFloorTasks(await ordersPool(scope, values)),
      stepTasks: await openStepTasks(values, context),
      stock: await openStock(values, context),
      system,
      observer,
    };
    const policy = { leaseSeconds: values.CHECKOUT_FLOOR_LEASE_SECONDS };
    const app = createFloorApp(
      {
        claim: claimTask(ports, policy),
        keepLease: keepLease(ports, policy),
        reportScans: reportScans(ports),
        finish: finishTask(ports),
        release: releaseTask(ports),
        floorTasks: ports.floorTasks,
      },
      httpSettingsOf(`http://${values.CHECKOUT_FLOOR_HOST}:${String(values.CHECKOUT_FLOOR_PORT)}`),
      httpObserverOf(context),
    );
    const listener = await listen(app.callback(), {
      host: values.CHECKOUT_FLOOR_HOST,
      port: values.CHECKOUT_FLOOR_PORT,
      settingName: 'CHECKOUT_FLOOR_PORT',
    });
    scope.onRelease(listener.close);
    return createFloorGateway(ports, { identity: identity('floor'), pollers, beatMilliseconds });
  },
};
