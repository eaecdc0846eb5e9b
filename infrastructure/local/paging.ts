import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, sendLines } from './http-server.js';

/** Something that a stand-in keeps in order, with its place from 1. */
type Numbered = { readonly sequence: number };

/** How many items a page has unless `limit` says otherwise, and at most. */
type PageSize = { readonly usual: number; readonly most: number };

function wholeNumber(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

/**
 * Answers a GET for items in their order: after the sequence `after`, at most `limit`, as `shown` writes them; `next` is
 * the `after` of the next page, null on the last. With `Accept: application/x-ndjson` all come in one stream, one JSON
 * object per line, whatever the limit is.
 */
export async function servePage<Item extends Numbered>(
  request: IncomingMessage,
  response: ServerResponse,
  { searchParams }: URL,
  { usual, most }: PageSize,
  itemsAfter: (after: number) => Iterable<Item>,
  shown: (items: readonly Item[]) => object,
): Promise<void> {
  const after = wholeNumber(searchParams.get('after'), 0);
  const limit = wholeNumber(searchParams.get('limit'), usual);
  if (after === null || limit === null || limit < 1 || limit > most) {
    const problem = `after is a whole number from 0, limit one from 1 to ${most}`;
    return sendJson(response, 400, { problem });
  }
  const found = itemsAfter(after);
  if (request.headers.accept === 'application/x-ndjson') return sendLines(response, found);
  const items: Item[] = [];
  let next: number | null = null;
  for (const item of found) {
    if (items.length === limit) {
      next = items.at(-1)?.sequence ?? null;
      break;
    }
    items.push(item);
  }
  sendJson(response, 200, { ...shown(items), next });
}
