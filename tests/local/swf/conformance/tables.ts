import { children } from './cases/children.js';
import { endings } from './cases/endings.js';
import { executions } from './cases/executions.js';
import { externals } from './cases/externals.js';
import { refusals } from './cases/refusals.js';
import { registration } from './cases/registration.js';
import { schedulings } from './cases/schedulings.js';
import { tasks } from './cases/tasks.js';
import { timeouts } from './cases/timeouts.js';
import { validation } from './cases/validation.js';
import { visibility } from './cases/visibility.js';

/** What the server does with good requests. */
export const behaviour = {
  registration,
  executions,
  schedulings,
  endings,
  children,
  externals,
  refusals,
  timeouts,
  tasks,
  visibility,
};

/** What it refuses. */
export const limits = { validation };
