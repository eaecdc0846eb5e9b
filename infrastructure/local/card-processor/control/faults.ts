import { openFaultBook, type FaultBook } from '../../faults.js';
import type { Intent, PaymentMethod } from '../records.js';
import { declineCodeProblem } from '../rules/tables/decline-codes.js';
import type { Issuer, Verdict } from '../rules/operation.js';
import { matcherOf } from '../rules/search-query.js';
import type { State } from '../state.js';
import { webhookFaultKinds } from '../webhooks/courier.js';
import type { ParameterNode, ParameterTree } from '../wire/parameters.js';

/** What can go wrong between a shop and the processor. */
export const wireFaultKinds = [
  'lose_reply_after_effect',
  'delay',
  'error_500',
  'error_429',
  'conflict_409',
] as const;
/** What a card's issuer can be told to do. */
const issuerFaultKinds = ['decline', 'require_challenge', 'expire_reservation'] as const;
const requestFaultKinds = [...wireFaultKinds, ...issuerFaultKinds] as const;

const aboutPayments = ['intent', 'charge', 'paymentMethod', 'card', 'metadata.*'] as const;

/** Faults of requests. */
export type RequestFaults = FaultBook<(typeof requestFaultKinds)[number]>;

/** Opens the book of faults of requests. */
export function openRequestFaults(): RequestFaults {
  return openFaultBook(
    requestFaultKinds,
    ['method', 'path', 'idempotencyKey', 'operation', ...aboutPayments],
    (kind, code) =>
      kind === 'decline' ? declineCodeProblem(code) : code === null ? null : 'only decline takes a code',
  );
}

/** Opens the book of faults of webhooks. */
export function openWebhookFaults(): FaultBook<(typeof webhookFaultKinds)[number]> {
  return openFaultBook(webhookFaultKinds, ['type', 'object', 'endpoint', ...aboutPayments], (_, code) =>
    code === null ? null : 'a webhook takes no code',
  );
}

/** What a request asks for, in one word; empty for anything else. Confirming asks the issuer as creating does, so both are `reserve`. */
function operationOf(method: string, path: string): string {
  const route = `${method} ${path.replace(/^\/v1\//, '').replace(/^payment_intents\/(?!search$)[^/]+/, 'payment_intents/:id')}`;
  const operations: Readonly<Record<string, string>> = {
    'POST payment_intents': 'reserve',
    'POST payment_intents/:id/confirm': 'reserve',
    'POST payment_intents/:id/capture': 'capture',
    'POST payment_intents/:id/cancel': 'cancel',
    'POST refunds': 'refund',
    'GET payment_intents/:id': 'retrieve',
    'GET payment_intents/search': 'search',
  };
  return operations[route] ?? '';
}

/** What a fault can be matched by about a payment that is known. */
export function factsAbout(
  state: State,
  intent: Intent | undefined,
  paymentMethod: string | null = intent?.paymentMethod ?? null,
): Readonly<Record<string, string>> {
  const card = paymentMethod === null ? undefined : state.paymentMethods.get(paymentMethod)?.card;
  return {
    intent: intent?.id ?? '',
    charge: intent?.latestCharge ?? '',
    paymentMethod: paymentMethod ?? '',
    // A test card can be named directly.
    card: card ?? paymentMethod ?? '',
    ...marked(intent?.metadata ?? {}),
  };
}

/** What a fault can be matched by before the request is judged: what its path and its parameters say. */
export function factsOfRequest(
  state: State,
  request: {
    readonly method: string;
    readonly path: string;
    readonly idempotencyKey: string | null;
    readonly parameters: ParameterTree;
  },
): Readonly<Record<string, string>> {
  const { method, path, parameters } = request;
  const text = (name: string): string | null => textOf(parameters.get(name));
  const charge = text('charge');
  const named =
    /^\/v1\/payment_intents\/(pi_\w+)/.exec(path)?.[1] ??
    text('payment_intent') ??
    (charge === null ? null : (state.charges.get(charge)?.intent ?? null));
  const intent = named === null ? undefined : state.intents.get(named);
  const order = matcherOf(text('query') ?? '');
  return {
    ...factsAbout(state, intent, text('payment_method') ?? intent?.paymentMethod ?? null),
    ...(order.type === 'Matcher' && order.order !== null ? { 'metadata.order_id': order.order } : {}),
    ...marked(metadataOf(parameters)),
    method,
    path,
    idempotencyKey: request.idempotencyKey ?? '',
    operation: operationOf(method, path),
  };
}

/** The issuer that answers as the book of faults says. */
export function issuerWith(faults: RequestFaults, state: State): Issuer {
  return (operation, intent, paymentMethod, metadata): Verdict | null => {
    const facts = {
      ...factsAbout(state, intent, paymentMethod?.id ?? null),
      ...cardOf(paymentMethod),
      ...marked(metadata),
      operation,
    };
    const kinds =
      operation === 'reserve'
        ? (['decline', 'require_challenge'] as const)
        : operation === 'capture'
          ? (['decline', 'expire_reservation'] as const)
          : (['decline'] as const);
    const fault = faults.take<(typeof issuerFaultKinds)[number]>(facts, kinds);
    switch (fault?.kind) {
      case undefined:
        return null;
      case 'decline':
        return { type: 'Decline', code: fault.code ?? 'generic_decline' };
      case 'require_challenge':
        return { type: 'Challenge' };
      case 'expire_reservation':
        return { type: 'Expire' };
    }
  };
}

/** A payment method made for this very request is not in the state yet. */
function cardOf(paymentMethod: PaymentMethod | undefined): Readonly<Record<string, string>> {
  return paymentMethod === undefined ? {} : { card: paymentMethod.card };
}

function marked(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`metadata.${name}`, value]));
}

function metadataOf(parameters: ParameterTree): Readonly<Record<string, string>> {
  const group = parameters.get('metadata');
  if (group === undefined || typeof group === 'string') return {};
  return Object.fromEntries(
    [...group].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function textOf(node: ParameterNode | undefined): string | null {
  return typeof node === 'string' && node !== '' ? node : null;
}
