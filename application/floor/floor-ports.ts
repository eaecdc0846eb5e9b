import type { ArticleCode } from '../../domain/catalogue.js';
import type { OrderId } from '../../domain/ids.js';
import { type Instant, plusSeconds } from '../../domain/instant.js';
import type { Refusal } from '../../domain/order/refusal.js';
import type { Quantity } from '../../domain/quantity.js';
import type { FloorStepName } from '../../domain/process/steps.js';
import type { CommandError, OrderPorts } from '../handle-order-command.js';
import type { FloorTasks, FloorTasksError, Scan } from '../ports/workflow/floor-tasks.js';
import type { StepTasks } from '../ports/workflow/process-tasks.js';
import type { Stock, StockError } from '../ports/stock.js';

/** All that the floor gateway needs of the world. */
export type FloorPorts = OrderPorts & {
  readonly floorTasks: FloorTasks;
  readonly stepTasks: StepTasks;
  readonly stock: Stock;
};

/** How long a lease lasts between two signs of life from the phone. */
export type FloorPolicy = { readonly leaseSeconds: number };

/** A task that waits longer than this goes before all others: 4 hours (order-lifecycle §8). */
const raisedAfterSeconds = 4 * 3_600;

/** Tasks offered at this moment or earlier have waited too long and go first. */
export const raisedBefore = (now: Instant): Instant => plusSeconds(now, -raisedAfterSeconds);

/** One line as the floor sees it: no prices, no customer. */
export type FloorLine = {
  readonly lineNumber: number;
  readonly code: ArticleCode;
  readonly description: string;
  /** Units to move: those ordered for a pick, those picked for the steps after it. */
  readonly quantity: number;
  /** Where the goods lie; null when the stock ledger does not know the article. */
  readonly bin: string | null;
  readonly scanned: number;
};

/** A task in somebody's hands. */
export type ClaimedTask = {
  readonly taskId: string;
  readonly orderId: OrderId;
  readonly step: FloorStepName;
  readonly epoch: number;
  readonly leaseUntil: Instant;
  readonly lines: readonly FloorLine[];
};

/** Why a report from the floor changes nothing. */
export type FloorError =
  | { readonly type: 'task_unknown' }
  /** The task was handed to somebody else, or the lease is over: hand the goods over. */
  | { readonly type: 'lease_lost' }
  /** The order was cancelled: stop and put the goods back. */
  | { readonly type: 'order_cancelled' }
  | { readonly type: 'wrong_article'; readonly scanned: string; readonly expected: readonly ArticleCode[] }
  | {
      readonly type: 'too_many';
      readonly lineNumber: number;
      readonly ordered: number;
      readonly scanned: number;
    }
  /** Not every unit of a line was scanned back into its bin. */
  | { readonly type: 'units_not_back'; readonly lineNumber: number; readonly units: number }
  | { readonly type: 'report_refused'; readonly refusal: Refusal['type']; readonly lineNumber: number | null }
  | { readonly type: 'not_a_tracking_number' }
  | { readonly type: 'process_service_unavailable'; readonly reason: string }
  | FloorTasksError
  | StockError
  | Exclude<CommandError, { readonly type: 'refused' }>;

/** Scans of one report: an article's code as read from its label, and how many units. */
export type ScanReport = { readonly code: string; readonly units: Quantity };

/** How a task is finished. */
export type FinishReport =
  | {
      readonly step: 'Pick';
      readonly shortages: ReadonlyArray<{
        readonly lineNumber: number;
        readonly reason: 'not_in_bin' | 'damaged' | 'wrong_article';
      }>;
    }
  | { readonly step: 'Pack'; readonly parcels: ReadonlyArray<{ readonly weightGrams: number }> }
  | { readonly step: 'Ship'; readonly carrier: string; readonly trackingLabel: string }
  | { readonly step: 'PutBack' };

/** Units scanned for a line. */
export const scannedUnits = (scanned: readonly Scan[], lineNumber: number): number =>
  scanned.find((scan) => scan.lineNumber === lineNumber)?.units ?? 0;
