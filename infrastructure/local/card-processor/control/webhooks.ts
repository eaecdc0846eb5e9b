import * as t from 'io-ts';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultBook } from '../../faults.js';
import { sendJson } from '../../http-server.js';
import { servePage } from '../../paging.js';
import type { Processor } from '../processor.js';
import type { Delivery, Endpoint, WebhookEvent } from '../records.js';
import type { State } from '../state.js';
import type { Courier, webhookFaultKinds } from '../webhooks/courier.js';
import { eventTypes } from '../webhooks/facts.js';
import { alphanumeric } from '../wire/ids.js';
import { readWish } from './json-request.js';

/** The secret that is told about an endpoint is left out of what is shown of it. */
type ShownEndpoint = Omit<Endpoint, 'secret'>;

/** What /_webhooks works with. */
export interface WebhookDesk {
  readonly processor: Processor;
  readonly courier: Courier;
  readonly faults: FaultBook<(typeof webhookFaultKinds)[number]>;
}

/**
 * /_webhooks: the state of all deliveries; `/endpoints` (GET, POST, DELETE `/endpoints/:id`), `/events` (GET, and POST
 * `/events/:id/resend`), `/pause`, `/resume` and `/faults`. Problems are told as by /_control.
 */
export async function serveWebhooks(
  { processor, courier, faults }: WebhookDesk,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { state } = processor;
  const path = url.pathname.replace(/^\/_webhooks\/?/, '');
  if (path === 'faults') return faults.serve(request, response);
  const [collection = '', id = '', action = ''] = path.split('/');
  const named = `${collection}/:id${action === '' ? '' : `/${action}`}`;
  const route = id !== '' && ['endpoints/:id', 'events/:id/resend'].includes(named) ? named : path;
  switch (`${request.method ?? 'GET'} ${route}`) {
    case 'GET ':
      return sendJson(response, 200, overviewOf(state, courier));
    case 'POST pause':
      courier.pause();
      return sendJson(response, 200, { paused: true });
    case 'POST resume':
      courier.resume();
      return sendJson(response, 200, { paused: false });
    case 'GET endpoints':
      return sendJson(response, 200, { endpoints: [...state.endpoints.values()].map(shown) });
    case 'POST endpoints':
      return addEndpoint(processor, request, response);
    case 'DELETE endpoints/:id': {
      if (!state.endpoints.has(id)) return sendJson(response, 404, { problem: 'there is no such endpoint' });
      await processor.keep([{ type: 'EndpointRemoved', id }]);
      return sendJson(response, 200, { removed: id });
    }
    case 'GET events':
      return serveEvents(state, request, response, url);
    case 'POST events/:id/resend':
      return courier.resend(id)
        ? sendJson(response, 200, { resent: id })
        : sendJson(response, 404, { problem: 'there is no such event (any more)' });
    default:
      return sendJson(response, 404, { problem: 'there is no such path or it takes another method' });
  }
}

function overviewOf(state: State, courier: Courier): object {
  let pending = 0;
  for (const deliveries of state.deliveries.values())
    for (const delivery of deliveries.values()) if (delivery.status === 'pending') pending += 1;
  return {
    paused: courier.paused(),
    pending,
    events: state.events.size,
    endpoints: [...state.endpoints.values()].map(shown),
  };
}

function shown({ id, url, events }: Endpoint): ShownEndpoint {
  return { id, url, events };
}

async function addEndpoint(
  processor: Processor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await readWish(request, { url: t.string, secret: t.string }, { events: t.array(t.string) });
  if (asked.type === 'Problem') return sendJson(response, 400, { problem: asked.problem });
  const { url, secret, events = ['*'] } = asked.wish;
  const problem = endpointProblem({ url, secret, events });
  if (problem !== null) return sendJson(response, 400, { problem });
  const id = `we_3${alphanumeric(randomBytes(16).toString('hex')).slice(0, 23)}`;
  const endpoint: Endpoint = { id, url, secret, events };
  await processor.keep([{ type: 'Endpoint', endpoint }]);
  sendJson(response, 201, shown(endpoint));
}

/** What is wrong with an endpoint, null when nothing is. */
export function endpointProblem({ url, secret, events }: Omit<Endpoint, 'id'>): string | null {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return 'url is an http or https address';
  if (!/^whsec_\S{8,}$/.test(secret)) return 'secret begins with whsec_ and has at least 8 characters more';
  const stranger = events.find((type) => type !== '*' && !eventTypes.some((known) => known === type));
  return stranger === undefined ? null : `events are ${eventTypes.join(', ')} or *, not ${stranger}`;
}

type NumberedEvent = Omit<WebhookEvent, 'body'> & {
  readonly sequence: number;
  readonly deliveries: readonly Omit<Delivery, 'event'>[];
};

function serveEvents(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const wanted = ['type', 'intent', 'object'].map((name) => [name, url.searchParams.get(name)] as const);
  const fits = (event: WebhookEvent): boolean =>
    wanted.every(
      ([name, value]) =>
        value === null || Object.entries(event).some(([field, is]) => field === name && is === value),
    );
  function* eventsAfter(after: number): Generator<NumberedEvent> {
    let sequence = 0;
    for (const event of state.events.values()) {
      sequence += 1;
      if (sequence <= after || !fits(event)) continue;
      const { id, type, createdAt, object, intent } = event;
      const deliveries = [...(state.deliveries.get(id)?.values() ?? [])].map(
        ({ endpoint, status, attempts, lastAttemptAt, lastAnswer }) => ({
          endpoint,
          status,
          attempts,
          lastAttemptAt,
          lastAnswer,
        }),
      );
      yield { sequence, id, type, createdAt, object, intent, deliveries };
    }
  }
  return servePage(request, response, url, { usual: 1000, most: 10_000 }, eventsAfter, (events) => ({
    events,
  }));
}
