import type { Fault } from '../../faults.js';
import { seconds } from '../answers/json-object.js';
import type { Change, Delivery } from '../records.js';
import type { State } from '../state.js';
import { post } from './sending.js';
import { signatureHeader } from './signature.js';

/** What can be made to go wrong with a webhook on its way. */
export const webhookFaultKinds = ['duplicate', 'delay', 'reorder', 'drop'] as const;

/** A webhook's misfortune, asked for in advance. */
export type WebhookFault = Fault<(typeof webhookFaultKinds)[number]>;

/** Brings events to their endpoints, at least once each and in no particular order. */
export interface Courier {
  /** Takes new deliveries, which are on the disk already. */
  readonly take: (deliveries: readonly Delivery[]) => void;
  /** Sends an event again now, whether it arrived or not; false when the event is not known (any more). */
  readonly resend: (event: string) => boolean;
  readonly pause: () => void;
  /** Sends what waited, also what was held back to be reordered. */
  readonly resume: () => void;
  readonly paused: () => boolean;
  /** Cuts what is under way; what has not arrived is sent after the next start. */
  readonly close: () => Promise<void>;
}

const underWayAtOnce = 8;

/** Opens the courier of one processor; deliveries that are still pending set out at once. */
export function openCourier(options: {
  readonly state: State;
  readonly clock: () => number;
  /** Stores how a delivery came out. */
  readonly record: (changes: readonly Change[]) => void;
  /** The misfortune of a new delivery, null for none. */
  readonly faultOf: (delivery: Delivery) => WebhookFault | null;
  /** How long an endpoint may take to answer, in milliseconds. */
  readonly answerWithin: number;
  /** The wait before the first repeat, in milliseconds; it doubles with each one up to `longestWait`. */
  readonly firstWait: number;
  readonly longestWait: number;
}): Courier {
  const { state } = options;
  // Each group goes one after the other, the groups side by side.
  const ready: (readonly Delivery[])[] = [];
  let heldBack: Delivery[] = [];
  // One repeat at a time, however often an event was sent at once.
  const repeating = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();
  const ending = new AbortController();
  let paused = false;

  const later = (milliseconds: number, delivery: Delivery, begun: () => void = () => undefined): void => {
    if (ending.signal.aborted) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      begun();
      ready.push([delivery]);
      pump();
    }, milliseconds);
    timers.add(timer);
  };

  const carry = async (delivery: Delivery): Promise<void> => {
    const endpoint = state.endpoints.get(delivery.endpoint);
    const event = state.events.get(delivery.event);
    if (endpoint === undefined || event === undefined) return;
    const body = Buffer.from(event.body);
    const answer = await post({
      url: endpoint.url,
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signatureHeader(body, endpoint.secret, seconds(options.clock())),
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      within: options.answerWithin,
      signal: ending.signal,
    });
    if (ending.signal.aborted || !state.endpoints.has(delivery.endpoint)) return;
    const known = state.deliveries.get(delivery.event)?.get(delivery.endpoint) ?? delivery;
    const next: Delivery = {
      ...known,
      status: answer.arrived ? 'delivered' : known.status,
      attempts: known.attempts + 1,
      lastAttemptAt: options.clock(),
      lastAnswer: answer.said,
    };
    options.record([{ type: 'Delivery', delivery: next }]);
    const key = `${next.event} ${next.endpoint}`;
    if (next.status !== 'pending' || repeating.has(key)) return;
    repeating.add(key);
    const wait = Math.min(options.longestWait, options.firstWait * 2 ** Math.min(known.attempts, 30));
    later(wait, next, () => repeating.delete(key));
  };

  const carryAll = async (group: readonly Delivery[]): Promise<void> => {
    for (const delivery of group) if (!ending.signal.aborted) await carry(delivery);
  };

  const pump = (): void => {
    while (!paused && !ending.signal.aborted && underWay.size < underWayAtOnce) {
      const group = ready.shift();
      if (group === undefined) return;
      const work = carryAll(group).finally(() => {
        underWay.delete(work);
        pump();
      });
      underWay.add(work);
    }
  };

  const start = (delivery: Delivery): void => {
    const fault = options.faultOf(delivery);
    switch (fault?.kind) {
      case undefined:
        ready.push([delivery]);
        return;
      case 'duplicate':
        ready.push([delivery], [delivery]);
        return;
      case 'delay':
        return later(fault.delayMilliseconds, delivery);
      case 'drop':
        return options.record([{ type: 'Delivery', delivery: { ...delivery, status: 'dropped' } }]);
      case 'reorder':
        heldBack.unshift(delivery);
        // The fault's last one is here: all go, the newest first.
        if (fault.timesLeft === 1) release();
    }
  };

  const release = (): void => {
    ready.push(heldBack);
    heldBack = [];
  };

  for (const deliveries of state.deliveries.values())
    for (const delivery of deliveries.values()) if (delivery.status === 'pending') ready.push([delivery]);
  pump();

  return {
    take: (deliveries) => {
      for (const delivery of deliveries) start(delivery);
      pump();
    },
    resend: (event) => {
      if (!state.events.has(event)) return false;
      for (const endpoint of state.endpoints.keys()) {
        const known = state.deliveries.get(event)?.get(endpoint);
        if (known === undefined) continue;
        // What was dropped is owed again.
        const owed: Delivery = known.status === 'dropped' ? { ...known, status: 'pending' } : known;
        if (owed !== known) options.record([{ type: 'Delivery', delivery: owed }]);
        ready.push([owed]);
      }
      pump();
      return true;
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      release();
      pump();
    },
    paused: () => paused,
    close: async () => {
      ending.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}
