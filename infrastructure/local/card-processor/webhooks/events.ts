import type { JsonObject } from '../answers/json-object.js';
import { seconds } from '../answers/json-object.js';
import { renderObject, type Place } from '../answers/objects.js';
import { viewOf } from '../answers/view.js';
import type { Change, Endpoint, WebhookEvent } from '../records.js';
import type { State } from '../state.js';
import type { MintId } from '../wire/ids.js';
import { factsOf } from './facts.js';

/** The version of the API that events are written in. */
const apiVersion = '2026-10-28.endive';

/** The request that brought changes about; both null when it was not the shop's. */
export interface Origin {
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
}

/** Nobody at the shop asked: the clock, a bank or a cardholder did. */
export const notTheShop: Origin = { requestId: null, idempotencyKey: null };

/**
 * The events that changes give rise to, each followed by its deliveries, to be stored together with the changes. Only
 * what some endpoint wants becomes an event.
 */
export function eventChanges(
  state: State,
  changes: readonly Change[],
  context: { readonly now: number; readonly mint: MintId; readonly place: Place; readonly origin: Origin },
): readonly Change[] {
  if (state.endpoints.size === 0) return [];
  const view = viewOf(state, changes);
  return factsOf(state, view, changes).flatMap((fact, index): readonly Change[] => {
    const recipients = [...state.endpoints.values()].filter((endpoint) => wants(endpoint, fact.type));
    if (recipients.length === 0) return [];
    const id = context.mint('evt', index);
    const body: JsonObject = {
      id,
      object: 'event',
      api_version: apiVersion,
      created: seconds(context.now),
      data: { object: renderObject(view, context.place, fact.kind, fact.object, []) },
      livemode: false,
      pending_webhooks: recipients.length,
      request: { id: context.origin.requestId, idempotency_key: context.origin.idempotencyKey },
      type: fact.type,
    };
    const event: WebhookEvent = {
      id,
      type: fact.type,
      createdAt: context.now,
      object: fact.object,
      intent: fact.intent,
      body: JSON.stringify(body),
    };
    return [
      { type: 'Event', event },
      ...recipients.map((endpoint): Change => ({
        type: 'Delivery',
        delivery: firstDelivery(id, endpoint.id),
      })),
    ];
  });
}

/** A delivery that has not been tried yet. */
function firstDelivery(event: string, endpoint: string) {
  return { event, endpoint, status: 'pending', attempts: 0, lastAttemptAt: null, lastAnswer: null } as const;
}

function wants(endpoint: Endpoint, type: string): boolean {
  return endpoint.events.includes('*') || endpoint.events.includes(type);
}
