import type { Part } from '../part.js';
import { appends } from './appends.js';
import { installation } from './installation.js';
import { roles } from './roles.js';
import { startUp } from './start-up.js';
import { wholeOrders } from './whole-orders.js';
import { workflows } from './workflows.js';

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [appends, workflows, startUp, wholeOrders, roles, installation];
