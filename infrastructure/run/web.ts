import { runRole } from '../process/role.js';
import { webRole } from '../roles/web.js';

await runRole(webRole);
