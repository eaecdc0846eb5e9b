import { runRole } from '../process/role.js';
import { floorRole } from '../roles/floor.js';

await runRole(floorRole);
