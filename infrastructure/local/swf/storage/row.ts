import type { CloseStatus, Parent, TypeReference } from '../state/state.js';
import type { ClosedRun } from './closed-run.js';
import type { Row } from './shelf.js';

const closeStatuses: Readonly<Record<CloseStatus, true>> = {
  COMPLETED: true,
  FAILED: true,
  CANCELED: true,
  TERMINATED: true,
  CONTINUED_AS_NEW: true,
  TIMED_OUT: true,
};

/** The members of a closed run in the order in which `readerOfRows` reads them; its place follows. */
export function rowOf(run: Omit<ClosedRun, 'place'>): Row {
  const { domain, workflowId, runId, workflowType, startedAt, sequence, closed, eventCount, due } = run;
  const { name, version } = workflowType;
  const { tagList = null, parent } = run;
  return [
    ...[domain, workflowId, runId, name, version, startedAt, sequence],
    ...[closed.at, closed.status, eventCount, due, tagList, parentRow(parent)],
  ];
}

/** Reads rows followed by offset and length; null for what is none. Runs of one type share one object for it. */
export function readerOfRows(segment: number): (row: Row) => ClosedRun | null {
  const types = new Map<string, TypeReference>();
  const domains = new Map<string, string>();
  const typeOf = (name: string, version: string): TypeReference => {
    const key = `${name}:${version}`; // neither holds a colon
    const known = types.get(key);
    if (known !== undefined) return known;
    const type = { name, version };
    types.set(key, type);
    return type;
  };
  const shared = (name: string): string => {
    const known = domains.get(name);
    if (known !== undefined) return known;
    domains.set(name, name);
    return name;
  };
  return (row) => {
    // By index: taking many long lists apart by pattern costs four times as much.
    const domain = row[0];
    const workflowId = row[1];
    const runId = row[2];
    const name = row[3];
    const version = row[4];
    const startedAt = row[5];
    const sequence = row[6];
    const at = row[7];
    const status = row[8];
    const eventCount = row[9];
    const due = row[10];
    const tagList = tagsOf(row[11]);
    const of = parentOf(row[12]);
    const offset = row[13];
    const length = row[14];
    if (
      typeof domain !== 'string' ||
      typeof workflowId !== 'string' ||
      typeof runId !== 'string' ||
      typeof name !== 'string' ||
      typeof version !== 'string' ||
      typeof startedAt !== 'number' ||
      typeof sequence !== 'number' ||
      typeof at !== 'number' ||
      !isCloseStatus(status) ||
      typeof eventCount !== 'number' ||
      typeof due !== 'number' ||
      tagList === null ||
      of === 'damaged' ||
      typeof offset !== 'number' ||
      typeof length !== 'number'
    ) {
      return null;
    }
    return {
      domain: shared(domain),
      workflowId,
      runId,
      workflowType: typeOf(name, version),
      startedAt,
      sequence,
      tagList: tagList === 'none' ? undefined : tagList,
      parent: of,
      closed: { at, status },
      eventCount,
      due,
      heapIndex: -1,
      place: { segment, offset, length },
    };
  };
}

function isCloseStatus(text: unknown): text is CloseStatus {
  return typeof text === 'string' && Object.hasOwn(closeStatuses, text);
}

function tagsOf(json: unknown): readonly string[] | 'none' | null {
  if (json === null) return 'none';
  return isTexts(json) ? json : null;
}

function isTexts(json: unknown): json is string[] {
  return Array.isArray(json) && json.every((text) => typeof text === 'string');
}

function parentRow(parent: Parent | null): Row | null {
  if (parent === null) return null;
  const { workflowExecution, initiatedEventId } = parent;
  return [workflowExecution.workflowId, workflowExecution.runId, initiatedEventId];
}

function parentOf(json: unknown): Parent | null | 'damaged' {
  if (json === null) return null;
  if (!Array.isArray(json)) return 'damaged';
  const parts: readonly unknown[] = json;
  const [workflowId, runId, initiatedEventId] = parts;
  if (typeof workflowId !== 'string' || typeof runId !== 'string' || typeof initiatedEventId !== 'number') {
    return 'damaged';
  }
  return { workflowExecution: { workflowId, runId }, initiatedEventId };
}
