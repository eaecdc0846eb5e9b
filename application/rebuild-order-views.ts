import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderViewCheckpoint, OrderViewTables } from './ports/order-views.js';
import { createProjector, type ProjectionFailure, type ProjectorPorts } from './roles/projector.js';

/** Why a rebuild ended early; the live views are as they were. */
export type RebuildFailure =
  | ProjectionFailure
  /** Somebody began another rebuild meanwhile. */
  | { readonly type: 'rebuild_superseded' };

/**
 * Makes all order views again from the first event, beside the live ones and while orders keep flowing, and puts them
 * in their place in one instant. Answers the number of events taken in; `onProgress` is told it after every batch.
 */
export const rebuildOrderViews =
  (
    ports: Omit<ProjectorPorts, 'projection'> & { readonly tables: OrderViewTables },
    options: { readonly batchSize: number; readonly onProgress: (events: number) => void },
  ): TE.TaskEither<RebuildFailure, number> =>
  async () => {
    const begun = await ports.tables.beginRebuild()();
    if (E.isLeft(begun)) return begun;
    const { projection, swap } = begun.right;
    const projector = createProjector({ ...ports, projection }, options);
    let events = 0;
    const catchUp: TE.TaskEither<RebuildFailure, void> = async () => {
      for (let known: OrderViewCheckpoint | undefined; ;) {
        const step = await projector.runOnce(known);
        if (E.isLeft(step)) return step;
        if (step.right.type === 'overtaken') return E.left({ type: 'rebuild_superseded' });
        if (step.right.type === 'up_to_date') return E.right(undefined);
        known = step.right.checkpoint;
        events += step.right.events;
        options.onProgress(events);
        // A batch that is not full was the end when it was read; writers may always be a little ahead.
        if (step.right.events < options.batchSize) return E.right(undefined);
      }
    };
    // The long way first, with the live views moving on; then the last few events while these stand still.
    const caughtUp = await catchUp();
    if (E.isLeft(caughtUp)) return caughtUp;
    const swapped = await swap(catchUp)();
    return E.isLeft(swapped) ? swapped : E.right(events);
  };
