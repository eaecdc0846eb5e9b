import { missing, invalidRequest } from '../wire/errors.js';
import { readParameters, type ParameterReader } from '../wire/parameter-reader.js';
import { done, invalid, type ObjectKind, type Operation, type Outcome, type Question } from './operation.js';
import { matcherOf, type Searched } from './search-query.js';

/** GET of one object. */
export function retrieve(kind: ObjectKind, id: string, name: string): Operation {
  return (question) => {
    const problem = readParameters(question.parameters, ['client_secret']).problem();
    if (problem !== null) return invalid(problem);
    return recordsOf(question, kind).has(id)
      ? done(kind, id)
      : invalid(missing(name, id, kind === 'payment_intent' ? 'intent' : 'id'));
  };
}

/** GET of a list, newest first, 10 at a time unless `limit` says more (at most 100); pages by the id at their edge. */
export function list(kind: ObjectKind, filters: readonly ('payment_intent' | 'charge')[]): Operation {
  return (question) => {
    const read = readParameters(question.parameters, [
      'limit',
      'starting_after',
      'ending_before',
      'created',
      'customer',
      ...filters,
    ]);
    const limit = pageSize(read);
    const after = read.text('starting_after');
    const before = read.text('ending_before');
    const created = read.has('created') ? createdRange(read) : () => true;
    const wanted = filters.map((name) => ({ name, id: read.text(name) }));
    const customer = read.text('customer');
    const problem = read.problem();
    if (problem !== null) return invalid(problem);
    const narrowed =
      customer !== null
        ? []
        : candidates(question, kind, wanted).filter((id) => created(createdAtOf(question, kind, id)));
    return page(kind, narrowed.reverse(), limit, after, before);
  };
}

function page(
  kind: ObjectKind,
  newestFirst: readonly string[],
  limit: number,
  after: string | null,
  before: string | null,
): Outcome {
  if (before !== null) {
    const end = newestFirst.indexOf(before);
    if (end < 0) return invalid(missing('object', before, 'ending_before'));
    const start = Math.max(0, end - limit);
    return listed(kind, newestFirst.slice(start, end), start > 0);
  }
  const start = after === null ? 0 : newestFirst.indexOf(after) + 1;
  if (after !== null && start === 0) return invalid(missing('object', after, 'starting_after'));
  return listed(kind, newestFirst.slice(start, start + limit), newestFirst.length > start + limit);
}

function listed(kind: ObjectKind, ids: readonly string[], hasMore: boolean): Outcome {
  return { type: 'Done', changes: [], answer: { type: 'List', kind, ids, hasMore } };
}

function candidates(
  question: Question,
  kind: ObjectKind,
  wanted: readonly { name: string; id: string | null }[],
): string[] {
  const { state } = question;
  const intent = wanted.find((filter) => filter.name === 'payment_intent')?.id ?? null;
  const charge = wanted.find((filter) => filter.name === 'charge')?.id ?? null;
  const charges = intent === null ? null : (state.chargesByIntent.get(intent) ?? []);
  if (kind === 'charge' && charges !== null) return [...charges];
  if (kind === 'refund' && (charges !== null || charge !== null))
    return (charge === null ? (charges ?? []) : [charge]).flatMap(
      (id) => state.refundsByCharge.get(id) ?? [],
    );
  if (kind === 'dispute')
    return [...state.disputes.values()]
      .filter((dispute) => intent === null || dispute.intent === intent)
      .filter((dispute) => charge === null || dispute.charge === charge)
      .map((dispute) => dispute.id);
  return [...recordsOf(question, kind).keys()];
}

/** GET /v1/payment_intents/search: by metadata and a few fields, newest first. */
export const searchIntents: Operation = (question) => {
  const read = readParameters(question.parameters, ['query', 'limit', 'page']);
  const query = read.requiredText('query');
  const limit = pageSize(read);
  const start = Number(read.text('page') ?? '0');
  if (!Number.isSafeInteger(start) || start < 0)
    read.refuse(invalidRequest('page is not from an earlier answer', { param: 'page' }));
  const matcher = matcherOf(query);
  if (matcher.type === 'BadQuery')
    read.refuse(invalidRequest(`query: ${matcher.problem}`, { param: 'query' }));
  const problem = read.problem();
  if (problem !== null || matcher.type === 'BadQuery')
    return invalid(problem ?? invalidRequest('query', { param: 'query' }));
  const ids =
    matcher.order === null
      ? [...question.state.intents.keys()]
      : [...(question.state.intentsByOrder.get(matcher.order) ?? [])];
  const found = ids.reverse().filter((id) => {
    const intent = question.state.intents.get(id);
    const indexed = intent !== undefined && intent.createdAt <= question.now - question.searchLag;
    return indexed && matcher.matches(searched(intent));
  });
  const nextPage = found.length > start + limit ? String(start + limit) : null;
  return {
    type: 'Done',
    changes: [],
    answer: { type: 'Search', kind: 'payment_intent', ids: found.slice(start, start + limit), nextPage },
  };
};

function searched(intent: {
  metadata: Record<string, string>;
  status: string;
  currency: string;
  amount: number;
  createdAt: number;
}): Searched {
  return {
    metadata: intent.metadata,
    texts: { status: intent.status, currency: intent.currency },
    numbers: { amount: intent.amount, created: Math.floor(intent.createdAt / 1000) },
  };
}

function recordsOf(
  question: Question,
  kind: ObjectKind,
): ReadonlyMap<string, { readonly createdAt: number }> {
  const { state } = question;
  return {
    payment_intent: state.intents,
    charge: state.charges,
    refund: state.refunds,
    payment_method: state.paymentMethods,
    dispute: state.disputes,
  }[kind];
}

function createdAtOf(question: Question, kind: ObjectKind, id: string): number {
  return Math.floor((recordsOf(question, kind).get(id)?.createdAt ?? 0) / 1000);
}

function pageSize(read: ParameterReader): number {
  const limit = read.integer('limit') ?? 10;
  if (limit < 1 || limit > 100)
    read.refuse(
      invalidRequest('limit is from 1 to 100', { code: 'parameter_invalid_integer', param: 'limit' }),
    );
  return limit;
}

function createdRange(read: ParameterReader): (createdAt: number) => boolean {
  const range = read.group('created');
  const bound = (name: string): number | null => {
    const value = range?.get(name);
    return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : null;
  };
  const [above, from, below, to] = [bound('gt'), bound('gte'), bound('lt'), bound('lte')];
  return (createdAt) =>
    (above === null || createdAt > above) &&
    (from === null || createdAt >= from) &&
    (below === null || createdAt < below) &&
    (to === null || createdAt <= to);
}
