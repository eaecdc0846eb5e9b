import type { ServerResponse } from 'node:http';
import { send } from '../../http-server.js';
import { pageHeaders } from '../../page/layout.js';
import type { State } from '../state.js';
import { frontPage } from './front.js';
import { paymentPage, paymentsPage } from './payments.js';
import { refundsPage } from './refunds.js';
import { webhooksPage } from './webhooks.js';

/** Answers a request for one of the pages that only show; false when the path is none of them. */
export function servePage(
  shown: { readonly state: State; readonly publicUrl: string; readonly paused: boolean },
  response: ServerResponse,
  url: URL,
): boolean {
  const page = pageAt(shown, url);
  if (page === null) return false;
  send(response, 200, pageHeaders, page);
  return true;
}

function pageAt(
  {
    state,
    publicUrl,
    paused,
  }: { readonly state: State; readonly publicUrl: string; readonly paused: boolean },
  url: URL,
): string | null {
  const payment = /^\/payments\/(pi_\w+)$/.exec(url.pathname)?.[1];
  if (payment !== undefined) return paymentPage(state, payment);
  switch (url.pathname) {
    case '/':
      return frontPage(state, publicUrl);
    case '/payments':
      return paymentsPage(state, url.searchParams.get('order') ?? '');
    case '/refunds':
      return refundsPage(state);
    case '/webhooks':
      return webhooksPage(state, paused);
    default:
      return null;
  }
}
