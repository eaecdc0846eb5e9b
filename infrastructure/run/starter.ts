import { runRole } from '../process/role.js';
import { starterRole } from '../roles/starter.js';

await runRole(starterRole);
