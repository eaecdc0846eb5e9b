import type { IncomingMessage, ServerResponse } from 'node:http';
import { servePage } from '../../paging.js';
import type { LedgerLine } from '../records.js';
import type { State } from '../state.js';

/** A ledger line with its place in the ledger, counted from 1. */
export interface NumberedLine extends LedgerLine {
  readonly sequence: number;
}

/**
 * GET /_ledger: `{ entries, next, totals }`, oldest first. `after` is the last sequence already seen, `limit` the page
 * size (1000, at most 10000), `order_id` and `kind` narrow it; `next` is the `after` of the next page, null on the last.
 * With `Accept: application/x-ndjson` all lines come in one stream, one JSON object per line.
 */
export async function serveLedger(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const wanted = { orderId: url.searchParams.get('order_id'), kind: url.searchParams.get('kind') };
  return servePage(
    request,
    response,
    url,
    { usual: 1_000, most: 10_000 },
    (after) => linesOf(state, after, wanted),
    (entries) => ({ entries, totals: Object.fromEntries(state.totals) }),
  );
}

function* linesOf(
  state: State,
  after: number,
  wanted: { readonly orderId: string | null; readonly kind: string | null },
): Generator<NumberedLine> {
  for (let index = after; index < state.ledger.length; index += 1) {
    const line = state.ledger[index];
    if (line === undefined) return;
    if (wanted.orderId !== null && line.orderId !== wanted.orderId) continue;
    if (wanted.kind !== null && line.kind !== wanted.kind) continue;
    yield { sequence: index + 1, ...line };
  }
}
