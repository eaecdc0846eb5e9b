import { afterAll, beforeAll } from 'vitest';
import { inMemoryFloorTasks } from '../../../adapters/floor-tasks/in-memory.js';
import { postgresFloorTasks } from '../../../adapters/floor-tasks/postgres.js';
import { freshDatabase, type FreshDatabase } from '../../support/databases.js';
import { floorTasksContract } from './floor-tasks.js';

floorTasksContract('memory', async () => {
  const floorTasks = inMemoryFloorTasks();
  return { floorTasks, revoke: async (hash) => floorTasks.revoke(hash), close: async () => undefined };
});

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase('orders');
});
afterAll(() => database.close());

floorTasksContract('Postgres', async () => {
  await database.pool.query('truncate floor_tasks, floor_reports, floor_scans, floor_devices');
  return {
    floorTasks: postgresFloorTasks(database.pool),
    revoke: async (hash) => {
      await database.pool.query('update floor_devices set revoked_at = now() where secret_hash = $1', [hash]);
    },
    close: async () => undefined,
  };
});
