import { conform } from './harness.js';
import { limits } from './tables.js';

conform(limits);
