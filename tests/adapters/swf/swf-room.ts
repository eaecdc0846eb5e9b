// A domain of its own on a SWF server of its own, and the real clients to speak to it.
import { GetWorkflowExecutionHistoryCommand, type HistoryEvent } from '@aws-sdk/client-swf';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { createDecisionTasks } from '../../../adapters/swf/decision-tasks.js';
import type { PollSettings } from '../../../adapters/swf/long-poll.js';
import { workflowIdOf, type SwfSettings } from '../../../adapters/swf/names.js';
import { createOrderProcesses } from '../../../adapters/swf/order-processes.js';
import { registerTypes } from '../../../adapters/swf/registration.js';
import { createStepTasks } from '../../../adapters/swf/step-tasks.js';
import { decideProcess } from '../../../application/roles/decider.js';
import type { Observation } from '../../../application/ports/observer.js';
import type { OrderProcesses } from '../../../application/ports/workflow/order-processes.js';
import type { DecisionTasks, StepTasks } from '../../../application/ports/workflow/process-tasks.js';
import type { OrderId } from '../../../domain/ids.js';
import { openSwfClients, type SwfClients } from '../../../infrastructure/aws-clients/swf.js';
import { startSwfLocal } from '../../../infrastructure/local/swf/server.js';

/** The value of a port's answer; fails the test with the port's error otherwise. */
export const right = async <Failure, Answer>(call: TE.TaskEither<Failure, Answer>): Promise<Answer> => {
  const answer = await call();
  if (E.isRight(answer)) return answer.right;
  throw new Error(`the port refused: ${JSON.stringify(answer.left)}`);
};

/** The three ports on one server. */
export type SwfRoom = {
  readonly clients: SwfClients;
  readonly settings: SwfSettings;
  readonly decisionTasks: DecisionTasks;
  readonly stepTasks: StepTasks;
  readonly orderProcesses: OrderProcesses;
  readonly observations: Observation[];
  /** Ends open polls, as a stopping role does. */
  readonly stopPolling: () => void;
  readonly historyOf: (orderId: OrderId, runId: string) => Promise<readonly HistoryEvent[]>;
  readonly close: () => Promise<void>;
};

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' };

/** Opens a room whose polls are held for a second, with everything registered. */
export const openSwfRoom = async (options: { readonly pageLength?: number } = {}): Promise<SwfRoom> => {
  const server = await startSwfLocal({ port: 0, dataDirectory: null, pollSeconds: 1 });
  const clients = openSwfClients({ endpoint: server.url, region: 'eu-west-1', credentials, maxSockets: 50 });
  const stop = new AbortController();
  const settings: SwfSettings = { domain: 'checkout-test', site: 'leeds', retentionDays: 7 };
  const polling: PollSettings = { ...settings, stopping: stop.signal };
  const observations: Observation[] = [];
  const observer = { observe: (observation: Observation) => void observations.push(observation) };
  await right(registerTypes(clients.caller, settings));
  return {
    clients,
    settings,
    observations,
    decisionTasks: createDecisionTasks(
      clients,
      { ...polling, ...options },
      { decide: decideProcess, observer },
    ),
    stepTasks: createStepTasks(clients, polling),
    orderProcesses: createOrderProcesses(clients.caller, settings),
    stopPolling: () => stop.abort(),
    historyOf: async (orderId, runId) => {
      const { events } = await clients.caller.send(
        new GetWorkflowExecutionHistoryCommand({
          domain: settings.domain,
          execution: { workflowId: workflowIdOf(orderId), runId },
        }),
      );
      return events ?? [];
    },
    close: async () => {
      stop.abort();
      clients.close();
      await server.close();
    },
  };
};
