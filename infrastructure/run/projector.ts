import { runRole } from '../process/role.js';
import { projectorRole } from '../roles/projector.js';

await runRole(projectorRole);
