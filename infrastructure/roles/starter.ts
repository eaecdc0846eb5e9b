import { postgresCheckpoints } from '../../adapters/event-store/postgres-checkpoints.js';
import { createStarter } from '../../application/roles/starter.js';
import { databaseSettings, workflowSettings } from '../config/settings.js';
import { policySettings } from '../config/policy-settings.js';
import type { RoleDefinition } from '../process/role.js';
import { processSettingsOf } from './policy.js';
import { openEventStore, ordersPool } from './stores.js';
import { openOrderProcesses } from './workflow.js';

const settings = { ...databaseSettings, ...workflowSettings, ...policySettings };

/** The web process starts an order's process itself; one it could not start is found after this time. */
const delaySeconds = 2;

/** Starts the processes that were not started when their orders were placed. Several may run. */
export const starterRole: RoleDefinition<typeof settings> = {
  name: 'starter',
  about: 'Follows the event store and starts the workflow of every order that has none yet.',
  settings,
  start: async (values, context) => {
    const { scope, system, observer } = context;
    return createStarter(
      {
        eventStore: await openEventStore(scope, values),
        orderProcesses: await openOrderProcesses(values, context),
        checkpoints: postgresCheckpoints(await ordersPool(scope, values)),
        system,
        observer,
      },
      { settings: processSettingsOf(values), delaySeconds },
    );
  },
};
