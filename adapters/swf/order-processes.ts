// The port OrderProcesses over Amazon SWF (API of 2012-01-25). SWF keeps at most one open execution of a workflow id,
// which is what makes a start repeatable; it does not remove repeated signals, which is why a signal tells a whole
// situation with its revision.
import {
  SignalWorkflowExecutionCommand,
  StartWorkflowExecutionCommand,
  type SWFClient,
  TerminateWorkflowExecutionCommand,
} from '@aws-sdk/client-swf';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderProcesses, ProcessTermination } from '../../application/ports/workflow/order-processes.js';
import { decisionSeconds, processSeconds } from '../../domain/process/limits.js';
import { decisionList, orderChangedSignal, workflowIdOf, workflowType } from './names.js';
import { encodeSituation, encodeWorkflowInput } from './payloads.js';
import { isClosedWork, isFault, toServiceError } from './service-errors.js';

/** Starts and informs processes in one SWF domain. */
export const createOrderProcesses = (
  caller: SWFClient,
  { domain }: { readonly domain: string },
): OrderProcesses => ({
  start: (orderId, settings) =>
    TE.tryCatch(async () => {
      try {
        await caller.send(
          new StartWorkflowExecutionCommand({
            domain,
            workflowId: workflowIdOf(orderId),
            workflowType,
            taskList: { name: decisionList },
            input: encodeWorkflowInput({ orderId, settings }),
            executionStartToCloseTimeout: String(processSeconds),
            taskStartToCloseTimeout: String(decisionSeconds),
            childPolicy: 'TERMINATE',
          }),
        );
        return 'started';
      } catch (error) {
        if (isFault(error, 'WorkflowExecutionAlreadyStartedFault')) return 'already_running';
        throw error;
      }
    }, toServiceError),
  tell: (orderId, situation) =>
    TE.tryCatch(async () => {
      try {
        await caller.send(
          new SignalWorkflowExecutionCommand({
            domain,
            workflowId: workflowIdOf(orderId),
            signalName: orderChangedSignal,
            input: encodeSituation(situation),
          }),
        );
        return 'told';
      } catch (error) {
        if (isClosedWork(error)) return 'not_running';
        throw error;
      }
    }, toServiceError),
});

/** Ends processes in one SWF domain. */
export const createProcessTermination = (
  caller: SWFClient,
  { domain }: { readonly domain: string },
): ProcessTermination => ({
  terminate: (orderId, reason) =>
    TE.tryCatch(async () => {
      try {
        await caller.send(
          new TerminateWorkflowExecutionCommand({
            domain,
            workflowId: workflowIdOf(orderId),
            reason: reason.slice(0, 256),
            childPolicy: 'TERMINATE',
          }),
        );
        return 'terminated';
      } catch (error) {
        if (isClosedWork(error)) return 'not_running';
        throw error;
      }
    }, toServiceError),
});
