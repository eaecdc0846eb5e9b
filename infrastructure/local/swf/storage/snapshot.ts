import type { Entry } from '../state/change.js';
import { changesOfRun, domainsOf, waitingOrderOf } from '../state/dump.js';
import type { Frozen, Run, State } from '../state/state.js';
import type { Mark } from './shelf.js';

/** What all regions are at one moment, but for closed runs, told while they go on changing. */
export interface Snapshot {
  /** To be called before a run changes. */
  readonly before: (region: string, runId: string) => void;
  /** What leads from nothing to what was; to be read once. */
  readonly entries: () => Iterable<Entry>;
}

/**
 * Takes a snapshot of this moment. Open runs are told when they are asked for, or kept aside just before they change, so
 * that taking it holds nothing up; all else is small and is kept aside at once.
 */
export function takeSnapshot(
  regions: Iterable<{ readonly name: string; readonly state: Frozen<State> }>,
  at: number,
  mark: Mark,
): Snapshot {
  const head: Entry[] = [];
  const tail: Entry[] = [];
  const pending = new Map<
    string,
    { readonly state: Frozen<State>; readonly runs: Map<string, Frozen<Run>> }
  >();
  for (const { name: region, state } of regions) {
    for (const changes of domainsOf(state)) head.push({ at, region, changes });
    for (const changes of waitingOrderOf(state)) tail.push({ at, region, changes });
    pending.set(region, { state, runs: new Map(state.runs) });
  }
  head.push({ at, region: '', changes: [{ type: 'runsShelved', mark }] });
  const aside: Entry[] = [];

  return {
    before(region, runId) {
      const { state, runs } = pending.get(region) ?? {};
      const run = runs?.get(runId);
      if (state === undefined || run === undefined) return;
      runs?.delete(runId);
      aside.push({ at, region, changes: changesOfRun(state, run) });
    },
    *entries() {
      yield* head;
      for (const [region, { state, runs }] of pending) {
        for (const [runId, run] of runs) {
          runs.delete(runId);
          yield { at, region, changes: changesOfRun(state, run) };
          yield* aside.splice(0);
        }
      }
      yield* aside.splice(0);
      yield* tail;
    },
  };
}
