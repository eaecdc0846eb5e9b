import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, sendLines } from '../http-server.js';
import type { LedgerLine } from './records.js';
import type { State } from './state.js';

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
  const after = wholeNumber(url.searchParams.get('after'), 0);
  const limit = wholeNumber(url.searchParams.get('limit'), 1000);
  if (after === null || limit === null || limit < 1 || limit > 10_000)
    return sendJson(response, 400, { problem: 'after is a whole number from 0, limit one from 1 to 10000' });
  const wanted = { orderId: url.searchParams.get('order_id'), kind: url.searchParams.get('kind') };
  const lines = linesOf(state, after, wanted);
  if (request.headers.accept === 'application/x-ndjson') return sendLines(response, lines);
  const entries: NumberedLine[] = [];
  let more = false;
  for (const line of lines) {
    if (entries.length === limit) {
      more = true;
      break;
    }
    entries.push(line);
  }
  sendJson(response, 200, {
    entries,
    next: more ? (entries.at(-1)?.sequence ?? null) : null,
    totals: Object.fromEntries(state.totals),
  });
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

function wholeNumber(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}
