import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { send } from '../../http-server.js';
import { pageHeaders, pageStyle, renderPage } from '../../page/layout.js';
import type { Service } from '../service.js';
import type { Frozen } from '../state/state.js';
import { eventCountOf, runOfId, type AnyRun } from '../storage/closed-run.js';
import { FilterForm, filterOf } from './filters.js';
import { Overview, Runs } from './overview.js';
import { RunPage } from './run.js';
import { script } from './script.js';
import { stylesheet } from './stylesheet.js';

const headers = {
  ...pageHeaders,
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
};

/** A page before it has its frame: what is `still` does not change while it is looked at. */
interface Content {
  readonly status: number;
  readonly title: string;
  readonly lead: string;
  /** Another one as soon as something else is to be seen; null where only the rendered page tells. */
  readonly version: string | null;
  readonly above: VNode;
  readonly still: VNode | null;
  readonly below: VNode | null;
}

/**
 * Answers a GET for a page or what pages need; false where there is none. A client that names the version which it has
 * (`If-None-Match`) gets 304 as long as nothing has changed.
 */
export function servePage(
  service: Service,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (url.pathname === '/page.css') {
    send(response, 200, { 'content-type': 'text/css; charset=utf-8' }, pageStyle + stylesheet);
    return true;
  }
  if (url.pathname === '/page.js') {
    send(response, 200, { 'content-type': 'text/javascript; charset=utf-8' }, script);
    return true;
  }
  const content = contentOf(service, url);
  if (content === null) return false;
  const known = request.headers['if-none-match'];
  if (content.version !== null && content.version === known) return unchanged(response);
  const above = renderToString(content.above);
  const below = content.below === null ? '' : renderToString(content.below);
  const version = content.version ?? fingerprint(above + below);
  if (version === known) return unchanged(response);
  const html = renderPage({
    title: content.title,
    lead: content.lead,
    home: 'SWF Local',
    children: (
      <>
        <div class="live" data-version={version} dangerouslySetInnerHTML={{ __html: above }} />
        {content.still}
        <div class="live" dangerouslySetInnerHTML={{ __html: below }} />
        <script src="/page.js" defer />
      </>
    ),
  });
  send(response, content.status, { ...headers, etag: version }, html);
  return true;
}

function unchanged(response: ServerResponse): true {
  response.writeHead(304, headers).end();
  return true;
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function contentOf(service: Service, url: URL): Content | null {
  if (url.pathname === '/') {
    const regions = service.regions();
    const domains = [...regions.values()].flatMap((state) => [...state.domains.keys()]);
    return {
      status: 200,
      title: 'Workflows',
      lead: 'Speaks Amazon SWF’s protocol on this machine. The page follows what happens.',
      still: <FilterForm filter={filterOf(url)} domains={[...new Set(domains)].sort()} />,
      version: null,
      above: <Overview service={service} />,
      below: <Runs regions={regions} url={url} />,
    };
  }
  if (url.pathname !== '/run') return null;
  const region = url.searchParams.get('region') ?? '';
  const state = service.regions().get(region);
  const run = state && runOfId(state, url.searchParams.get('runId') ?? '');
  if (state === undefined || run === undefined) {
    const lead = 'There is no such run, or no longer: closed runs go when their retention ends.';
    return {
      status: 404,
      title: 'Unknown run',
      version: null,
      lead,
      above: <p>Nothing to show.</p>,
      still: null,
      below: null,
    };
  }
  return {
    status: 200,
    title: run.workflowId,
    lead: 'What was decided, what came of it, and how long it took.',
    // All that is shown of a run follows from its history; reading a long one anew every second would take its time.
    version: fingerprint(`${eventCountOf(run)} ${lastEventOf(run)} ${url.search}`),
    above: <RunPage region={region} state={state} run={run} url={url} />,
    still: null,
    below: null,
  };
}

/** Nothing follows in a closed run, so that its record need not be read to tell. */
function lastEventOf(run: Frozen<AnyRun>): string {
  return run.closed === null ? (run.history.at(-1) ?? '') : 'closed';
}
