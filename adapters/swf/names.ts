// The names that SWF knows us by. All are part of histories or of other people's access rules: add, never change.
import { deciderVersion } from '../../domain/process/due.js';
import { isOrderId, type OrderId } from '../../domain/ids.js';
import type { WorkerGroup } from '../../domain/process/steps.js';

/** What an installation decides about its place in SWF. */
export type SwfSettings = {
  readonly domain: string;
  /** The warehouse whose floor this installation serves. */
  readonly site: string;
  /** Days that SWF keeps the history of an ended process, 0 to 90; only used when the domain is registered. */
  readonly retentionDays: number;
};

/** The workflow's type; its version is the decider's, so that old and new run side by side. */
export const workflowType: { readonly name: string; readonly version: string } = {
  name: 'Order',
  version: deciderVersion,
};

/** Version of every step's activity type: of the form of its input and result. */
export const activityVersion = '2';

/** Where decisions of this version wait: a list of its own, for a decider must not be given another one's order. */
export const decisionList = `order-decider-${deciderVersion}`;

/** Where a group's steps wait; people's are sorted by site. */
export const stepList = (group: WorkerGroup, site: string): string =>
  group === 'floor' ? `floor-${site}` : group;

/** The name of the signal that tells a process of a change from outside. */
export const orderChangedSignal = 'OrderChanged';

const workflowIdPrefix = 'order-';

/** The workflow of an order: at most one of this name is open at a time. */
export const workflowIdOf = (orderId: OrderId): string => `${workflowIdPrefix}${orderId}`;

/** The order of a workflow; null for one that is none of ours. */
export const orderIdOf = (workflowId: string): OrderId | null => {
  if (!workflowId.startsWith(workflowIdPrefix)) return null;
  const orderId = workflowId.slice(workflowIdPrefix.length);
  return isOrderId(orderId) ? orderId : null;
};
