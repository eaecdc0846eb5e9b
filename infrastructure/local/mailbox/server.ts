import { join } from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { openFaultBook } from '../faults.js';
import { listen, readBody, send, sendJson, type LocalServer, type LogLine } from '../http-server.js';
import { openJournal } from '../journal.js';
import { pageHeaders, pageStyle } from '../page/layout.js';
import { openPauses } from '../pauses.js';
import { addressProblem, bareAddress } from './addresses.js';
import { apiHandler, faultFields, faultKinds, wishFields, wishKinds } from './api.js';
import { serveMails, shownMail, summaryOf } from './browse.js';
import { signingIdentity } from './notices/certificate.js';
import { serveNotices } from './notices/serve.js';
import { noticeFaultFields, noticeFaultKinds, openTopic, silentTopic } from './notices/topic.js';
import type { NoticeOptions, Topic } from './notices/topic.js';
import { listPage, mailPage, missingPage } from './pages.js';
import { decodeChange, type Change } from './records.js';
import { apply, emptyState, type State } from './state.js';

/** Settings of the mailbox. */
export interface MailboxOptions {
  readonly host?: string;
  readonly port: number;
  /** Where the journal is kept; null keeps everything in memory. */
  readonly dataDirectory: string | null;
  /** Who is told of bounces and complaints; nobody unless told. */
  readonly notices?: NoticeOptions;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly log?: LogLine;
}

/** Headers of a mail's own HTML: it may style itself and show embedded pictures, and nothing else. */
const mailContentHeaders: Readonly<Record<string, string>> = {
  ...pageHeaders,
  'content-security-policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
};

/**
 * Starts a mailbox that speaks the query protocol of SES. Mails it has accepted are on the disk before they are
 * answered. Beside the protocol: `/` (mails as pages), `/api/mails`, `/api/summary`, `/api/suppressed`, `/_faults`, `/_health`;
 * `/_outcomes` (orders what becomes of the next mails), `/_notices` (what the subscriber is told) and `/_notices/faults`.
 * Outcomes and both kinds of faults are used as in `FaultBook`.
 */
export async function startMailbox(options: MailboxOptions): Promise<LocalServer> {
  const clock = options.clock ?? Date.now;
  const { notices, dataDirectory } = options;
  const identity =
    notices === undefined
      ? null
      : await signingIdentity(dataDirectory === null ? null : join(dataDirectory, 'notices-key.pem'));
  const journal =
    dataDirectory === null
      ? null
      : await openJournal({ path: join(dataDirectory, 'mailbox.jsonl'), decode: decodeChange });
  const state = emptyState();
  for (const change of journal?.entries ?? []) apply(state, change);

  let durable: Promise<unknown> = Promise.resolve();
  const commit = async (changes: readonly Change[]): Promise<void> => {
    for (const change of changes) apply(state, change);
    if (journal !== null && changes.length > 0)
      durable = Promise.all(changes.map((change) => journal.append(change)));
    await durable;
  };
  const faults = openFaultBook(faultKinds, faultFields);
  const wishes = openFaultBook(wishKinds, wishFields);
  const noticeFaults = openFaultBook(noticeFaultKinds, noticeFaultFields);
  const books: ReadonlyMap<string, { readonly serve: typeof faults.serve }> = new Map([
    ['/_faults', faults],
    ['/_outcomes', wishes],
    ['/_notices/faults', noticeFaults],
  ]);
  const pauses = openPauses();
  let origin = '';
  const topic: Topic =
    notices === undefined || identity === null
      ? silentTopic
      : openTopic({
          ...{ notices, identity, state, commit, clock, pauses },
          origin: () => origin,
          faults: noticeFaults,
          ...(options.log === undefined ? {} : { log: options.log }),
        });
  const api = apiHandler({ state, commit, clock, faults, wishes, topic, wait: pauses.wait });

  const server = await listen({
    port: options.port,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.log === undefined ? {} : { log: options.log }),
    handle: async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://mailbox');
      const book = books.get(url.pathname);
      if (book !== undefined) return book.serve(request, response);
      if (await serveNotices({ topic, identity, state }, request, response, url)) return;
      if (url.pathname === '/api/suppressed')
        return serveSuppressed(state, commit, clock, request, response, url);
      if (request.method === 'POST') return api(request, response);
      // A reader is never shown what a crash could still take back.
      await commit([]);
      return serveReader(state, request, response, url);
    },
  }).catch(async (failure: unknown) => {
    await journal?.close();
    throw failure;
  });

  origin = server.url;
  await topic.start();

  return {
    ...server,
    close: async () => {
      // First of all, for a wait that ends would otherwise send what it held back.
      const quiet = topic.close();
      pauses.end();
      await server.close();
      await quiet;
      await journal?.close();
    },
  };
}

async function serveReader(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const path = url.pathname;
  if (path === '/') return send(response, 200, pageHeaders, listPage(state, url.searchParams));
  if (path === '/page.css')
    return send(response, 200, { 'content-type': 'text/css; charset=utf-8' }, pageStyle);
  if (path === '/_health') return sendJson(response, 200, { status: 'ok' });
  if (path === '/api/mails') return serveMails(state, request, response, url);
  if (path === '/api/summary') return sendJson(response, 200, summaryOf(state));

  const [, id = '', part] = /^\/(?:api\/)?mails\/([\w-]+)(?:\/(html|source))?$/.exec(path) ?? [];
  const sequence = state.sequenceById.get(id);
  const mail = sequence === undefined ? undefined : state.mails[sequence - 1];
  if (mail === undefined || sequence === undefined) return send(response, 404, pageHeaders, missingPage());
  if (path.startsWith('/api/')) return sendJson(response, 200, shownMail(mail, sequence, true));
  if (part === 'html') return send(response, 200, mailContentHeaders, mail.html ?? '');
  if (part === 'source') {
    const text = Buffer.from(mail.source ?? '', 'base64').toString('utf8');
    return send(response, 200, { ...mailContentHeaders, 'content-type': 'text/plain; charset=utf-8' }, text);
  }
  send(response, 200, pageHeaders, mailPage(mail, sequence));
}

/** The suppression list: GET shows it, POST `{"address": …}` adds to it, DELETE `?address=…` takes off it. */
async function serveSuppressed(
  state: State,
  commit: (changes: readonly Change[]) => Promise<void>,
  clock: () => number,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  if (request.method === 'POST') {
    const body = await readBody(request, 65_536);
    const address = Buffer.isBuffer(body) ? addressOf(body.toString('utf8')) : null;
    const problem = address === null ? 'the body is a JSON object with an address' : addressProblem(address);
    if (address === null || problem !== null) return sendJson(response, 400, { problem });
    await commit([{ type: 'AddressSuppressed', address: bareAddress(address), at: clock() }]);
  } else if (request.method === 'DELETE') {
    const address = url.searchParams.get('address') ?? '';
    if (state.suppressed.has(bareAddress(address)))
      await commit([{ type: 'AddressReleased', address: bareAddress(address) }]);
  } else if (request.method !== 'GET') {
    return sendJson(response, 405, { problem: 'use GET, POST or DELETE' });
  }
  sendJson(response, 200, {
    suppressed: [...state.suppressed].map(([address, since]) => ({ address, since })),
  });
}

function addressOf(text: string): string | null {
  try {
    const json: unknown = JSON.parse(text);
    const address = typeof json === 'object' && json !== null && 'address' in json ? json.address : null;
    return typeof address === 'string' ? address : null;
  } catch {
    return null;
  }
}
