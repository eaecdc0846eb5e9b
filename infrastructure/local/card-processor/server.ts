import { join } from 'node:path';
import { listen, send, sendJson, type LocalServer, type LogLine } from '../http-server.js';
import { openJournal, type Journal } from '../journal.js';
import { openPauses } from '../pauses.js';
import { pageStyle } from '../page/layout.js';
import { apiHandler } from './api.js';
import { factsAbout, issuerWith, openRequestFaults, openWebhookFaults } from './control/faults.js';
import { serveLedger } from './control/ledger.js';
import { servePaymentBooks } from './control/payment-books.js';
import { serveControl } from './control/payments.js';
import { endpointProblem, serveWebhooks } from './control/webhooks.js';
import { serveChallenge } from './pages/challenge.js';
import { servePage } from './pages/pages.js';
import { openProcessor } from './processor.js';
import { decodeEntry, type Change, type Entry } from './records.js';
import { forgetOldKeys } from './rules/idempotency.js';
import { apply, changesOf, emptyState, type State } from './state.js';
import { openCourier, type Courier } from './webhooks/courier.js';

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
  /** How long a bank takes over a refund that it does not settle at once; 2 s unless told. */
  readonly refundDelayMilliseconds?: number;
  /** Where webhooks go beside the endpoints that were added while running; null or left out for none. */
  readonly webhook?: { readonly url: string; readonly secret: string } | null;
  /** How webhooks are repeated: 10 s for an answer, then a wait of 1 s that doubles up to 60 s, unless told. */
  readonly webhookTimes?: {
    readonly answerWithinMilliseconds?: number;
    readonly firstWaitMilliseconds?: number;
    readonly longestWaitMilliseconds?: number;
  };
  readonly log?: LogLine;
}

/**
 * Starts a card processor that speaks Stripe's API. What it has answered is on the disk and is there again after a
 * restart, also after the process was killed; webhooks that had not arrived set out again. Beside the API: `/` (pages),
 * `/challenge/…`, `/_ledger`, `/_faults`, `/_control/…`, `/_webhooks/…`, `/_health`. README.md describes them. Throws
 * when the webhook address or secret cannot be used.
 */
export async function startCardProcessor(options: CardProcessorOptions): Promise<LocalServer> {
  const clock = options.clock ?? Date.now;
  const webhook = options.webhook ?? null;
  const webhookWrong = webhook === null ? null : endpointProblem({ ...webhook, events: ['*'] });
  if (webhookWrong !== null) throw new Error(`the card processor's webhook: ${webhookWrong}`);
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
  const faults = openRequestFaults();
  const webhookFaults = openWebhookFaults();
  let courier: Courier | null = null;
  const processor = openProcessor({
    state,
    journal,
    clock,
    reservationLife: options.reservationLifeMilliseconds ?? defaultReservationLife,
    searchLag: options.searchLagMilliseconds ?? 0,
    refundDelay: options.refundDelayMilliseconds ?? 2_000,
    issuer: issuerWith(faults, state),
    place: () => ({ publicUrl }),
    announce: (deliveries) => courier?.take(deliveries),
  });
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
      const command = /^\/_control\/(.+)$/.exec(url.pathname)?.[1];
      if (command !== undefined) return serveControl(processor, clock, request, response, command);
      if (/^\/_webhooks(\/|$)/.test(url.pathname))
        return courier === null
          ? sendJson(response, 503, { problem: 'the server is starting' })
          : serveWebhooks({ processor, courier, faults: webhookFaults }, request, response, url);
      if (url.pathname === '/_ledger') return serveLedger(state, request, response, url);
      if (url.pathname === '/_ledger/payments') return servePaymentBooks(state, request, response, url);
      if (servePage({ state, publicUrl, paused: courier?.paused() ?? false }, response, url)) return;
      sendJson(response, 404, {
        error: { type: 'invalid_request_error', message: `Unrecognized request URL (${url.pathname})` },
      });
    },
  }).catch(async (failure: unknown) => {
    await journal?.close();
    throw failure;
  });
  publicUrl = server.url;
  await processor.keep(configuredEndpoint(state, webhook));
  courier = openCourier({
    state,
    clock,
    record: (changes) => {
      // Written in the background: a result that is lost costs one more delivery.
      processor.keep(changes).catch(() => undefined);
    },
    faultOf: ({ event, endpoint }) => {
      const told = state.events.get(event);
      const intent = state.intents.get(told?.intent ?? '');
      return webhookFaults.take({
        ...factsAbout(state, intent),
        type: told?.type ?? '',
        object: told?.object ?? '',
        endpoint,
      });
    },
    answerWithin: options.webhookTimes?.answerWithinMilliseconds ?? 10_000,
    firstWait: options.webhookTimes?.firstWaitMilliseconds ?? 1_000,
    longestWait: options.webhookTimes?.longestWaitMilliseconds ?? 60_000,
  });
  // What time alone changes is told by webhooks as well, so it must not wait for a request.
  const tick = setInterval(() => {
    processor.settle().catch(() => undefined);
  }, 200);

  return {
    ...server,
    close: async () => {
      clearInterval(tick);
      pauses.end();
      await server.close();
      await courier?.close();
      await journal?.close();
    },
  };
}

const configured = 'we_configured';

/** The endpoint of the settings takes the place of the one of the last start. */
function configuredEndpoint(
  state: State,
  webhook: { readonly url: string; readonly secret: string } | null,
): readonly Change[] {
  if (webhook === null)
    return state.endpoints.has(configured) ? [{ type: 'EndpointRemoved', id: configured }] : [];
  const known = state.endpoints.get(configured);
  if (known?.url === webhook.url && known.secret === webhook.secret) return [];
  return [{ type: 'Endpoint', endpoint: { id: configured, ...webhook, events: ['*'] } }];
}

/** Rewrites a journal in which most of what it holds has been overtaken since. */
async function shorten(journal: Journal<Entry>, state: State, read: number): Promise<void> {
  const live = [...changesOf(state)];
  if (read < 20_000 || read < live.length * 1.5) return;
  await journal.compact(live.map((change) => ({ changes: [change] })));
}
