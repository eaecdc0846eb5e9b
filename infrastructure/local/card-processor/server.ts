import { join } from 'node:path';
import { openFaultBook } from '../faults.js';
import { listen, send, sendJson, type LocalServer, type LogLine } from '../http-server.js';
import { openJournal, type Journal } from '../journal.js';
import { openPauses } from '../pauses.js';
import { pageHeaders, pageStyle } from '../page/layout.js';
import { apiHandler, faultFields, faultKinds } from './api.js';
import { serveChallenge } from './challenge-page.js';
import { serveLedger } from './ledger.js';
import { frontPage } from './page.js';
import { openProcessor } from './processor.js';
import { decodeEntry, type Entry } from './records.js';
import { forgetOldKeys } from './rules/idempotency.js';
import { apply, changesOf, emptyState, type State } from './state.js';

/** How long a reservation lasts unless told otherwise, in milliseconds: seven days. */
const defaultReservationLife = 7 * 24 * 60 * 60 * 1000;

/** Settings of the card processor. */
export interface CardProcessorOptions {
  readonly host?: string;
  readonly port: number;
  /** Where the journal is kept; null keeps everything in memory. */
  readonly dataDirectory: string | null;
  readonly secretKey: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly reservationLifeMilliseconds?: number;
  /** How long searches do not find a new payment yet; the real service may take up to a minute. 0 unless told. */
  readonly searchLagMilliseconds?: number;
  readonly log?: LogLine;
}

/**
 * Starts a card processor that speaks Stripe's API. What it has answered is on the disk and is there again after a
 * restart, also after the process was killed. Beside the API: `/` (page), `/_ledger`, `/_faults`, `/_health`.
 */
export async function startCardProcessor(options: CardProcessorOptions): Promise<LocalServer> {
  const clock = options.clock ?? Date.now;
  const journal =
    options.dataDirectory === null
      ? null
      : await openJournal({ path: join(options.dataDirectory, 'card-processor.jsonl'), decode: decodeEntry });
  const state = emptyState();
  let read = 0;
  for (const entry of journal?.entries ?? [])
    for (const change of entry.changes) {
      apply(state, change);
      read += 1;
    }
  forgetOldKeys(state.replies, clock());
  if (journal !== null) await shorten(journal, state, read);

  let publicUrl = '';
  const processor = openProcessor({
    state,
    journal,
    clock,
    reservationLife: options.reservationLifeMilliseconds ?? defaultReservationLife,
    searchLag: options.searchLagMilliseconds ?? 0,
    place: () => ({ publicUrl }),
  });
  const faults = openFaultBook(faultKinds, faultFields);
  const pauses = openPauses();
  const api = apiHandler({ processor, secretKey: options.secretKey, faults, wait: pauses.wait });

  const server = await listen({
    port: options.port,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.log === undefined ? {} : { log: options.log }),
    handle: async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://processor');
      if (url.pathname.startsWith('/v1/')) return api(request, response, url);
      if (url.pathname === '/_faults') return faults.serve(request, response);
      if (url.pathname === '/_health') return sendJson(response, 200, { status: 'ok' });
      if (url.pathname === '/page.css')
        return send(response, 200, { 'content-type': 'text/css; charset=utf-8' }, pageStyle);
      await processor.settle();
      const challenged = /^\/challenge\/(pi_\w+)$/.exec(url.pathname)?.[1];
      if (challenged !== undefined) return serveChallenge(processor, request, response, challenged);
      if (url.pathname === '/_ledger') return serveLedger(state, request, response, url);
      if (url.pathname === '/') return send(response, 200, pageHeaders, frontPage(state, publicUrl));
      sendJson(response, 404, {
        error: { type: 'invalid_request_error', message: `Unrecognized request URL (${url.pathname})` },
      });
    },
  }).catch(async (failure: unknown) => {
    await journal?.close();
    throw failure;
  });
  publicUrl = server.url;

  return {
    ...server,
    close: async () => {
      pauses.end();
      await server.close();
      await journal?.close();
    },
  };
}

/** Rewrites a journal in which most of what it holds has been overtaken since. */
async function shorten(journal: Journal<Entry>, state: State, read: number): Promise<void> {
  const live = [...changesOf(state)];
  if (read < 20_000 || read < live.length * 1.5) return;
  await journal.compact(live.map((change) => ({ changes: [change] })));
}
