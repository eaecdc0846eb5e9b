import { deflateSync, inflateSync } from 'node:zlib';
import { remove, reschedule, type Dated } from '../state/due.js';
import {
  openCountsOf,
  type CloseStatus,
  type Configuration,
  type Domain,
  type Frozen,
  type OpenCounts,
  type Parent,
  type Run,
  type State,
  type TypeReference,
} from '../state/state.js';
import { rowOf } from './row.js';
import type { Place } from './shelf.js';

/** A closed run as lists show it; its history and the rest lie on the shelf. Due is the end of its retention. */
export interface ClosedRun extends Dated {
  readonly domain: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: TypeReference;
  readonly startedAt: number;
  readonly tagList: readonly string[] | undefined;
  readonly parent: Parent | null;
  readonly closed: { readonly at: number; readonly status: CloseStatus };
  /** How many events its history has. */
  readonly eventCount: number;
  readonly place: Place;
}

/** A run, open or closed. */
export type AnyRun = Run | ClosedRun;

/** What a description tells beside the lists. */
export interface Details {
  readonly configuration: Configuration;
  /** Now, or when the run closed. */
  readonly openCounts: OpenCounts;
  readonly latestActivityAt?: number | undefined;
  readonly executionContext?: string | undefined;
}

const oneDay = 24 * 60 * 60 * 1000;

/** Puts away what is to be known of a run that closes: called while it is still what it was. */
export function shelve(
  state: State,
  domain: Domain,
  run: Run,
  closed: { readonly at: number; readonly status: CloseStatus },
): void {
  const { workflowId, runId, workflowType, sequence, startedAt, tagList, parent, history } = run;
  const due = closed.at + (domain.retention === 'NONE' ? 0 : Number(domain.retention) * oneDay);
  const known = {
    domain: domain.name,
    workflowId,
    runId,
    workflowType,
    startedAt,
    sequence,
    tagList,
    parent,
    closed,
    eventCount: history.length,
    due,
    heapIndex: -1,
  };
  enterClosed(state, domain, { ...known, place: state.shelf.put(rowOf(known), recordOf(run)) });
}

/** Makes a closed run known to lists and to the end of its retention. */
export function enterClosed(state: State, domain: Domain, run: ClosedRun): void {
  state.started = Math.max(state.started, run.sequence);
  state.closedRuns.set(run.runId, run);
  domain.closedIndex.add(run);
  reschedule(state.due, run);
}

/** The retention has ended. */
export function forget(state: State, run: ClosedRun): void {
  state.closedRuns.delete(run.runId);
  state.domains.get(run.domain)?.closedIndex.remove(run);
  remove(state.due, run);
  state.shelf.drop(run.place);
}

/** A run by its runId, open or closed, until its retention ends. */
export function runOfId(state: Frozen<State>, runId: string): Frozen<AnyRun> | undefined {
  return state.runs.get(runId) ?? state.closedRuns.get(runId);
}

/** How many events a run has. */
export function eventCountOf(run: Frozen<AnyRun>): number {
  return run.closed === null ? run.history.length : run.eventCount;
}

/** The texts of a run's events. */
export function historyOf(state: Frozen<State>, run: Frozen<AnyRun>): readonly string[] {
  return run.closed === null ? run.history : linesOf(state, run).slice(1);
}

/** What a description tells of a run beside the lists. */
export function detailsOf(state: Frozen<State>, run: Frozen<AnyRun>): Details {
  if (run.closed === null) return detailsOfOpen(run);
  const json: unknown = JSON.parse(linesOf(state, run)[0] ?? '');
  if (!isDetails(json)) throw new Error(`the record of ${run.runId} is damaged`);
  return json;
}

function detailsOfOpen(run: Frozen<Run>): Details {
  const { configuration, latestActivityAt, executionContext } = run;
  return { configuration, openCounts: openCountsOf(run), latestActivityAt, executionContext };
}

// The records are this server's own, and damage to one shows when it is unpacked.
function isDetails(json: unknown): json is Details {
  return typeof json === 'object' && json !== null && 'configuration' in json && 'openCounts' in json;
}

/** First the details, then one event a line; no text of JSON holds a line end. */
function recordOf(run: Run): Buffer {
  const details = JSON.stringify(detailsOfOpen(run));
  // A small window needs little memory of its own, and histories repeat themselves within it.
  return deflateSync(`${details}\n${run.history.join('\n')}`, { level: 1, windowBits: 13, memLevel: 6 });
}

function linesOf(state: Frozen<State>, run: Frozen<ClosedRun>): string[] {
  try {
    return inflateSync(state.shelf.read(run.place)).toString('utf8').split('\n');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the record of ${run.runId} is damaged: ${reason}`, { cause: error });
  }
}
