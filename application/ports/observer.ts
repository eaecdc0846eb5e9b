import type { OrderId } from '../../domain/ids.js';
import type { OrderEvent } from '../../domain/order/events.js';
import type { Refusal } from '../../domain/order/refusal.js';
import type { Due } from '../../domain/process/due.js';

/** Something worth a line to the people who run the service. Holds no personal data and no secrets, by its types. */
export type Observation =
  | {
      readonly type: 'order_changed';
      readonly orderId: OrderId;
      readonly correlationId: string;
      readonly events: ReadonlyArray<OrderEvent['type']>;
      readonly revision: number;
    }
  | { readonly type: 'command_refused'; readonly orderId: OrderId; readonly refusal: Refusal['type'] }
  | { readonly type: 'revision_conflict'; readonly orderId: OrderId; readonly attempt: number }
  | {
      readonly type: 'decision_made';
      readonly workflowId: string;
      readonly due: ReadonlyArray<Due['type']>;
    }
  | { readonly type: 'decision_not_reproduced'; readonly workflowId: string }
  | { readonly type: 'fact_not_understood'; readonly workflowId: string; readonly what: string }
  | {
      readonly type: 'step_finished';
      readonly orderId: OrderId;
      readonly step: string;
      readonly run: number;
      readonly milliseconds: number;
    }
  | {
      readonly type: 'step_failed';
      readonly orderId: OrderId;
      readonly step: string;
      readonly run: number;
      readonly reason: string;
    }
  | { readonly type: 'task_gone'; readonly orderId: OrderId; readonly step: string }
  | { readonly type: 'process_started'; readonly orderId: OrderId; readonly by: 'web' | 'starter' }
  | { readonly type: 'role_hindered'; readonly role: string; readonly reason: string }
  /** An operator did something for an order; `by` is their name, as kept with its events. */
  | {
      readonly type: 'remedy_applied';
      readonly orderId: OrderId;
      readonly by: string;
      readonly remedy: string;
      readonly effects: readonly string[];
    }
  /** Money that does not add up, or a promise that was broken: a person must look. */
  | { readonly type: 'alarm'; readonly orderId: OrderId | null; readonly what: string };

/** Receives observations. Never fails and never waits. */
export type Observer = { readonly observe: (observation: Observation) => void };
