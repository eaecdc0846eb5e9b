import type { Fault } from '../protocol/faults.js';
import { invalid } from '../protocol/faults.js';
import { fingerprint, pageTokenOf, positionOf } from '../protocol/tokens.js';

/** The paging members of a request. */
export interface Paging {
  readonly nextPageToken?: string;
  readonly maximumPageSize?: number;
  readonly reverseOrder?: boolean;
}

/** One page of a result. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly nextPageToken: string | undefined;
}

const largestPage = 1000;

/** The text that all pages of one result share: the action and its arguments without the token. */
export function requestText(action: string, input: Paging): string {
  return `${action} ${fingerprint(JSON.stringify({ ...input, nextPageToken: undefined }))}`;
}

/** Rows of a page when asked for; 0 and absent mean the largest. */
export function pageSize(input: Paging): number {
  return input.maximumPageSize === undefined || input.maximumPageSize === 0
    ? largestPage
    : input.maximumPageSize;
}

/**
 * The page of rows that a request asks for. `rows` are in ascending order; `keyOf` gives a row's sort key, which is
 * unique among the rows and lets a page begin at the right place although rows came or went in the meantime.
 */
export function pageOf<Row>(
  action: string,
  input: Paging,
  now: number,
  rows: readonly Row[],
  keyOf: (row: Row) => readonly (string | number)[],
  descending: boolean,
): Page<Row> | { readonly fault: Fault } {
  const request = requestText(action, input);
  const ordered = descending ? [...rows].reverse() : rows;
  let from = 0;
  if (input.nextPageToken !== undefined && input.nextPageToken !== '') {
    const found = positionOf(input.nextPageToken, request, now);
    if ('problem' in found) return { fault: invalid(found.problem) };
    const start = ordered.findIndex((row) => {
      const order = compareKeys(keyOf(row), found.position);
      return descending ? order <= 0 : order >= 0;
    });
    from = start === -1 ? ordered.length : start;
  }
  const size = pageSize(input);
  const next = ordered[from + size];
  return {
    rows: ordered.slice(from, from + size),
    nextPageToken:
      next === undefined ? undefined : pageTokenOf({ request, position: keyOf(next), issuedAt: now }),
  };
}

/** Orders two keys part by part; texts by code unit. */
export function compareKeys(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  for (const [index, part] of one.entries()) {
    const counterpart = other[index];
    if (counterpart === undefined || part === counterpart) continue;
    return part < counterpart ? -1 : 1;
  }
  return 0;
}
