import { postgresOrderViews } from '../../adapters/projections/postgres.js';
import { createProjector } from '../../application/roles/projector.js';
import { databaseSettings } from '../config/settings.js';
import type { RoleDefinition } from '../process/role.js';
import { openEventStore, ordersPool } from './stores.js';

/** Events taken in with one transaction. */
const batchSize = 500;

/** Follows the event store and keeps the read models. Two cannot both advance. */
export const projectorRole: RoleDefinition<typeof databaseSettings> = {
  name: 'projector',
  about: 'Follows the event store and keeps the read models in the orders database.',
  settings: databaseSettings,
  start: async (values, { scope, system, observer }) => {
    const eventStore = await openEventStore(scope, values);
    const { live } = postgresOrderViews(await ordersPool(scope, values));
    return createProjector({ eventStore, projection: live, system, observer }, { batchSize });
  },
};
