import { runRole } from '../process/role.js';
import { workerRole } from '../roles/worker.js';

await runRole(workerRole);
