import { randomBytes } from 'node:crypto';
import type { Journal } from '../journal.js';
import { decide, refusal, type Decision } from './decide.js';
import type { Change, Delivery, Entry, StoredReply } from './records.js';
import { fingerprintOf, forgetOldKeys, judgeKey } from './rules/idempotency.js';
import type { Issuer, Operation, Outcome, Question } from './rules/operation.js';
import { operationFor } from './rules/routing.js';
import { settleRefunds } from './rules/refunds.js';
import { expire } from './rules/settlement.js';
import { apply, type State } from './state.js';
import { errorBody, type ApiError } from './wire/errors.js';
import { minting } from './wire/ids.js';
import type { Place } from './answers/objects.js';
import type { ParameterTree } from './wire/parameters.js';
import { eventChanges, notTheShop, type Origin } from './webhooks/events.js';

/** An API request with its secret key already checked. */
export interface ApiRequest {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: ParameterTree;
  readonly idempotencyKey: string | null;
}

/** An answer ready to be sent. `replayOf` names the request whose stored answer this is. */
export interface ApiReply {
  readonly status: number;
  readonly body: string;
  readonly replayOf: string | null;
}

/** What goes wrong around one request, on command. */
export interface Mishap {
  /** Waited for before the effect. */
  readonly before: () => Promise<void>;
  /** Waited for after the effect, with the idempotency key still in flight. */
  readonly after: () => Promise<void>;
  /** `InsteadOfEffect` answers 500 and changes nothing, `AfterEffect` changes everything and answers 500 all the same. */
  readonly error500: 'InsteadOfEffect' | 'AfterEffect' | null;
}

/** The processor at work: one request after the other is decided in memory, and answered once its journal entry is on the disk. */
export interface Processor {
  readonly state: State;
  readonly answer: (request: ApiRequest, mishap: Mishap) => Promise<ApiReply>;
  /** Carries out what somebody other than the shop asks for (a cardholder, a bank, a test). Resolves with what came of it when it is durable. */
  readonly carryOut: (operation: Operation) => Promise<Outcome>;
  /** Keeps changes that no rule has to judge (endpoints, deliveries). Resolves when they are durable. */
  readonly keep: (changes: readonly Change[]) => Promise<void>;
  /** Takes over what the clock alone has changed (expired reservations, settled refunds). Resolves when everything shown is durable. */
  readonly settle: () => Promise<void>;
}

const entropy = (): string => randomBytes(16).toString('hex');

const internalError: ApiError = {
  status: 500,
  type: 'api_error',
  message: 'Something went wrong on the processor’s side',
};

/** @param journal where changes are kept; null keeps them in memory only */
export function openProcessor(options: {
  readonly state: State;
  readonly journal: Journal<Entry> | null;
  readonly clock: () => number;
  readonly reservationLife: number;
  readonly searchLag: number;
  /** How long a bank takes to settle a refund that it does not settle at once, in milliseconds. */
  readonly refundDelay?: number;
  readonly issuer?: Issuer;
  readonly place: () => Place;
  /** Hears of new webhook deliveries once they are durable. */
  readonly announce?: (deliveries: readonly Delivery[]) => void;
}): Processor {
  const { state, journal, clock } = options;
  const inFlight = new Set<string>();
  let durable: Promise<void> = Promise.resolve();

  const take = (changes: readonly Change[], origin: Origin): void => {
    if (changes.length === 0) return;
    const told = eventChanges(state, changes, {
      now: clock(),
      mint: minting(entropy()),
      place: options.place(),
      origin,
    });
    const all = [...changes, ...told];
    for (const change of all) apply(state, change);
    if (journal !== null) durable = journal.append({ changes: all });
    const deliveries = told.flatMap((change) => (change.type === 'Delivery' ? [change.delivery] : []));
    // Whoever waits for it hears of a failed write; nobody waiting must not end the process.
    durable.then(
      () => (deliveries.length === 0 ? undefined : options.announce?.(deliveries)),
      () => undefined,
    );
  };

  const takeDue = (now: number): void => {
    take(expire(state, now), notTheShop);
    take(settleRefunds(state, now), notTheShop);
  };

  const carryOutRequest = async (
    request: ApiRequest,
    fingerprint: string,
    mishap: Mishap,
  ): Promise<ApiReply> => {
    await mishap.before();
    const now = clock();
    takeDue(now);
    const decision = mishap.error500 === 'InsteadOfEffect' ? brokenDecision : decisionOn(request, now);
    const shown =
      mishap.error500 === 'AfterEffect' ? { ...decision, status: 500, body: brokenDecision.body } : decision;
    const reply: StoredReply = {
      key: request.idempotencyKey ?? '',
      fingerprint,
      storedAt: now,
      requestId: request.id,
      status: shown.status,
      body: shown.body,
    };
    const kept: readonly Change[] =
      request.idempotencyKey !== null && shown.began ? [{ type: 'Reply', reply }] : [];
    take([...decision.changes, ...kept], { requestId: request.id, idempotencyKey: request.idempotencyKey });
    await durable;
    await mishap.after();
    return { status: shown.status, body: shown.body, replayOf: null };
  };

  const decisionOn = (request: ApiRequest, now: number): Decision => {
    const operation = operationFor(request.method, request.path);
    return typeof operation === 'function'
      ? decide(operation, questionAt(now, request.parameters), options.place(), request.path)
      : refusal(operation);
  };

  const questionAt = (now: number, parameters: ParameterTree): Question => ({
    state,
    now,
    mint: minting(entropy()),
    parameters,
    reservationLife: options.reservationLife,
    searchLag: options.searchLag,
    refundDelay: options.refundDelay ?? 0,
    issuer: options.issuer ?? (() => null),
  });

  const carryOut = async (operation: Operation): Promise<Outcome> => {
    const now = clock();
    takeDue(now);
    const outcome = operation(questionAt(now, new Map()));
    if (outcome.type !== 'Invalid') take(outcome.changes, notTheShop);
    await durable;
    return outcome;
  };

  const answer = async (request: ApiRequest, mishap: Mishap): Promise<ApiReply> => {
    const key = request.idempotencyKey;
    const fingerprint = key === null ? '' : fingerprintOf(request.method, request.path, request.parameters);
    if (key === null) return carryOutRequest(request, fingerprint, mishap);
    forgetOldKeys(state.replies, clock());
    const verdict = judgeKey(state.replies, inFlight, key, fingerprint, clock());
    if (verdict.type === 'Refuse')
      return { status: verdict.error.status, body: JSON.stringify(errorBody(verdict.error)), replayOf: null };
    if (verdict.type === 'Replay') {
      await durable;
      return { status: verdict.reply.status, body: verdict.reply.body, replayOf: verdict.reply.requestId };
    }
    inFlight.add(key);
    try {
      return await carryOutRequest(request, fingerprint, mishap);
    } finally {
      inFlight.delete(key);
    }
  };

  return {
    state,
    answer,
    carryOut,
    keep: async (changes) => {
      take(changes, notTheShop);
      await durable;
    },
    settle: async () => {
      takeDue(clock());
      await durable;
    },
  };
}

const brokenDecision: Decision = {
  began: true,
  changes: [],
  status: 500,
  body: JSON.stringify(errorBody(internalError)),
};
