// What SWF must know of us before the first order: the domain, the workflow's type and one activity type per step.
import {
  RegisterActivityTypeCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  type SWFClient,
} from '@aws-sdk/client-swf';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ProcessServiceError } from '../../application/ports/workflow/order-processes.js';
import { stepNames } from '../../domain/process/steps.js';
import { activityVersion, type SwfSettings, workflowType } from './names.js';
import { isFault, toServiceError } from './service-errors.js';

/** What one registration came to: `registered` now, or `known` from before. */
export type Registered = {
  readonly what: 'domain' | 'workflow_type' | 'activity_type';
  readonly name: string;
  readonly outcome: 'registered' | 'known';
};

const unlessKnown = async (
  what: Registered['what'],
  name: string,
  knownFault: string,
  register: () => Promise<unknown>,
): Promise<Registered> => {
  try {
    await register();
    return { what, name, outcome: 'registered' };
  } catch (error) {
    if (isFault(error, knownFault)) return { what, name, outcome: 'known' };
    throw error;
  }
};

/**
 * Registers the domain and all types; what is registered already is success, so it may run at every start and from
 * several processes at once. Types have no defaults: every decision brings its own time-outs and task list. SWF shows
 * new types to other calls a moment later, so the first of them may still be refused.
 */
export const registerTypes = (
  client: SWFClient,
  { domain, retentionDays }: SwfSettings,
): TE.TaskEither<ProcessServiceError, readonly Registered[]> =>
  TE.tryCatch(async () => {
    const registeredDomain = await unlessKnown('domain', domain, 'DomainAlreadyExistsFault', () =>
      client.send(
        new RegisterDomainCommand({
          name: domain,
          description: 'Orders of the checkout',
          workflowExecutionRetentionPeriodInDays: String(retentionDays),
        }),
      ),
    );
    const types = await Promise.all([
      unlessKnown('workflow_type', workflowType.name, 'TypeAlreadyExistsFault', () =>
        client.send(new RegisterWorkflowTypeCommand({ domain, ...workflowType })),
      ),
      ...stepNames.map((name) =>
        unlessKnown('activity_type', name, 'TypeAlreadyExistsFault', () =>
          client.send(new RegisterActivityTypeCommand({ domain, name, version: activityVersion })),
        ),
      ),
    ]);
    return [registeredDomain, ...types];
  }, toServiceError);
