import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../../domain/ids.js';
import type { ProcessSettings } from '../../../domain/process/limits.js';
import type { Situation } from '../../../domain/process/situation.js';

/** The workflow service could not be asked, or refused; the call may be repeated without harm. */
export type ProcessServiceError = { readonly type: 'process_service_unavailable'; readonly reason: string };

/**
 * Starts and informs the processes of orders at the workflow service. At most one process of an order runs at a time;
 * one that ended may be started again and then finds everything done.
 */
export type OrderProcesses = {
  /** Starts the order's process; one that runs already is success. Only after OrderPlaced is stored. */
  readonly start: (
    orderId: OrderId,
    settings: ProcessSettings,
  ) => TE.TaskEither<ProcessServiceError, 'started' | 'already_running'>;
  /** Tells the running process that somebody outside changed the order. May arrive more than once. */
  readonly tell: (
    orderId: OrderId,
    situation: Situation,
  ) => TE.TaskEither<ProcessServiceError, 'told' | 'not_running'>;
};

/** Ends processes; for operators only. */
export type ProcessTermination = {
  /** Ends the order's process at once; its open steps are lost with it. `not_running`: there was none. */
  readonly terminate: (
    orderId: OrderId,
    reason: string,
  ) => TE.TaskEither<ProcessServiceError, 'terminated' | 'not_running'>;
};
