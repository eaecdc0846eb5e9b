import { createDecider } from '../../application/roles/decider.js';
import { concurrencySettings, workflowSettings } from '../config/settings.js';
import type { RoleDefinition } from '../process/role.js';
import { openDecisionTasks } from './workflow.js';

const settings = {
  ...workflowSettings,
  CHECKOUT_DECIDER_CONCURRENCY: concurrencySettings.CHECKOUT_DECIDER_CONCURRENCY,
};

/** Decides what is due in every order's process. Keeps nothing; any number may run. */
export const deciderRole: RoleDefinition<typeof settings> = {
  name: 'decider',
  about: 'The SWF decider: decides what is due in the process of every order.',
  settings,
  start: async (values, context) => {
    const decisionTasks = await openDecisionTasks(values, context);
    const { system, observer } = context;
    return createDecider(
      { decisionTasks, system, observer },
      { identity: context.identity('decider'), concurrency: values.CHECKOUT_DECIDER_CONCURRENCY },
    );
  },
};
