import { afterAll, beforeAll } from 'vitest';
import { inMemoryFloorTasks } from '../../../adapters/floor-tasks/in-memory.js';
import { postgresFloorTasks } from '../../../adapters/floor-tasks/postgres.js';
import { freshDatabase, type FreshDatabase } from '../../support/databases.js';
import { floorTasksContract, type FloorTasksUnderTest } from './floor-tasks.js';
import { floorPriorityContract } from './priority.js';

const inMemory = async (): Promise<FloorTasksUnderTest> => {
  const floorTasks = inMemoryFloorTasks();
  return { floorTasks, revoke: async (hash) => floorTasks.revoke(hash), close: async () => undefined };
};
floorTasksContract('memory', inMemory);
floorPriorityContract('memory', inMemory);

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase('orders');
});
afterAll(() => database.close());

const inPostgres = async (): Promise<FloorTasksUnderTest> => {
  await database.pool.query('truncate floor_tasks, floor_reports, floor_scans, floor_devices');
  return {
    floorTasks: postgresFloorTasks(database.pool),
    revoke: async (hash) => {
      await database.pool.query('update floor_devices set revoked_at = now() where secret_hash = $1', [hash]);
    },
    close: async () => undefined,
  };
};
floorTasksContract('Postgres', inPostgres);
floorPriorityContract('Postgres', inPostgres);
