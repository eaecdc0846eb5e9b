import { runRole } from '../process/role.js';
import { deciderRole } from '../roles/decider.js';

await runRole(deciderRole);
