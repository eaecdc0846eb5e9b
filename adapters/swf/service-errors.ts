// One table from what the AWS SDK throws to what the ports know.
import { SWFServiceException } from '@aws-sdk/client-swf';
import type { ProcessServiceError } from '../../application/ports/workflow/order-processes.js';

/** True for an answer of SWF with this fault. */
export const isFault = (error: unknown, name: string): error is SWFServiceException =>
  error instanceof SWFServiceException && error.name === name;

/** True when the task, or the execution it belongs to, is closed or never was; a missing domain does not count. */
export const isClosedWork = (error: unknown): boolean =>
  isFault(error, 'UnknownResourceFault') && !error.message.startsWith('Unknown domain');

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : '';

/**
 * The port's error. The reason names the fault and never repeats SWF's own text, which can quote what was sent.
 */
export const toServiceError = (error: unknown): ProcessServiceError => {
  if (error instanceof SWFServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0;
    return { type: 'process_service_unavailable', reason: `${error.name} (HTTP ${status})` };
  }
  if (!(error instanceof Error)) return { type: 'process_service_unavailable', reason: 'unknown problem' };
  const code = codeOf(error);
  return {
    type: 'process_service_unavailable',
    reason: code === '' ? error.name : `${error.name} (${code})`,
  };
};
