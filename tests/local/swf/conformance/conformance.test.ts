import { conform } from './harness.js';
import { behaviour } from './tables.js';

conform(behaviour);
