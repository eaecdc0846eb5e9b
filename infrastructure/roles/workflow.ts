import { createDecisionTasks } from '../../adapters/swf/decision-tasks.js';
import { createOrderProcesses } from '../../adapters/swf/order-processes.js';
import { createStepTasks } from '../../adapters/swf/step-tasks.js';
import { decideProcess } from '../../application/roles/decider.js';
import type { DecisionTasks, StepTasks } from '../../application/ports/workflow/process-tasks.js';
import type { OrderProcesses } from '../../application/ports/workflow/order-processes.js';
import { openSwfClients, type SwfClients } from '../aws-clients/swf.js';
import type { workflowSettings } from '../config/settings.js';
import type { ValuesOf } from '../config/setting.js';
import type { RoleContext } from '../process/role.js';
import { resource } from '../process/scope.js';

type WorkflowValues = ValuesOf<typeof workflowSettings>;

/** More than any process polls at once. */
const pollSockets = 200;

/** The process's clients of the workflow service. */
export const swfClients = resource((values: WorkflowValues, scope): Promise<SwfClients> => {
  const clients = openSwfClients({
    region: values.CHECKOUT_AWS_REGION,
    maxSockets: pollSockets,
    ...(values.CHECKOUT_SWF_ENDPOINT === null ? {} : { endpoint: values.CHECKOUT_SWF_ENDPOINT }),
  });
  scope.onRelease(() => {
    clients.close();
    return Promise.resolve();
  });
  return Promise.resolve(clients);
});

const pollSettings = (values: WorkflowValues, stopping: AbortSignal) => ({
  domain: values.CHECKOUT_SWF_DOMAIN,
  site: values.CHECKOUT_SITE,
  stopping,
});

/** The port through which orders' processes are started and told. */
export const openOrderProcesses = async (
  values: WorkflowValues,
  { scope }: RoleContext,
): Promise<OrderProcesses> => {
  const { caller } = await swfClients(scope, values);
  return createOrderProcesses(caller, { domain: values.CHECKOUT_SWF_DOMAIN });
};

/** The decider's port. */
export const openDecisionTasks = async (
  values: WorkflowValues,
  { scope, stopping, observer }: RoleContext,
): Promise<DecisionTasks> =>
  createDecisionTasks(await swfClients(scope, values), pollSettings(values, stopping), {
    decide: decideProcess,
    observer,
  });

/** The workers' port. */
export const openStepTasks = async (
  values: WorkflowValues,
  { scope, stopping }: RoleContext,
): Promise<StepTasks> => createStepTasks(await swfClients(scope, values), pollSettings(values, stopping));
