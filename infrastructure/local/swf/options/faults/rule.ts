/** What can be made to go wrong, and what each takes beside `match`, `times` and `probability`. */
const kinds = {
  /** The answer comes late; with `afterEffect` the effect is there before the wait. */
  delay: ['delayMilliseconds', 'afterEffect'],
  /** ThrottlingException, without effect. */
  throttle: [],
  /** InternalFailure with status 500. */
  internalFailure: ['afterEffect'],
  /** ServiceUnavailable with status 503. */
  unavailable: ['afterEffect'],
  /** No answer at all until the client gives up. */
  hang: ['afterEffect'],
  /** The connection is cut instead of an answer. */
  cut: ['afterEffect'],
  /** A poll's task is started, but nobody gets it: the poll is answered as empty. */
  loseTask: [],
  /** The next poll of the same list gets the same task once more. The live service never does this. */
  duplicateTask: [],
  /** The call is carried out twice, as if it had been sent twice; the first answer leaves. */
  duplicateCall: [],
  /** A decision fails with `cause`. */
  failDecision: ['cause'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The kind of a fault. */
export type FaultKind = keyof typeof kinds;

const fields = [
  'region',
  'action',
  'domain',
  'workflowId',
  'type',
  'version',
  'taskList',
  'decision',
] as const;

/** What a fault can be bound to; `type` and `version` are those of the workflow or the activity concerned. */
export type FaultField = (typeof fields)[number];

/** A fault as asked for. */
export interface FaultRule {
  readonly kind: FaultKind;
  /** Every field must fit its pattern, in which `*` stands for any text. */
  readonly match: ReadonlyMap<FaultField, string>;
  /** How often it strikes before it is forgotten; null for ever. */
  readonly times: number | null;
  /** From 0 to 1: how probable it strikes where it could. */
  readonly probability: number;
  readonly delayMilliseconds: number;
  readonly afterEffect: boolean;
  /** Only of `failDecision`. */
  readonly cause: string;
}

/** A fault that cannot be understood; the message says what is wrong where. */
export class FaultProblem extends Error {}

const longestDelay = 600_000;

/**
 * Reads one fault. Without `times` it strikes once, or for ever when it has a probability.
 * @throws FaultProblem
 */
export function faultRuleOf(json: unknown, place: string): FaultRule {
  const members = membersOf(json, place);
  const kind = members.get('kind');
  if (!isKind(kind)) throw new FaultProblem(`${place}.kind is one of ${Object.keys(kinds).join(', ')}`);
  const own: readonly string[] = kinds[kind];
  for (const name of members.keys()) {
    if (['kind', 'match', 'times', 'probability', ...own].includes(name)) continue;
    throw new FaultProblem(`${place}: a fault of kind ${kind} has no member ${name}`);
  }
  const probability = members.get('probability') ?? 1;
  if (typeof probability !== 'number' || !(probability > 0 && probability <= 1)) {
    throw new FaultProblem(`${place}.probability is a number above 0, at most 1`);
  }
  const times = members.get('times') ?? (members.has('probability') ? null : 1);
  if (times !== null && !isWhole(times, 1, Number.MAX_SAFE_INTEGER)) {
    throw new FaultProblem(`${place}.times is a whole number from 1, or null for ever`);
  }
  const delayMilliseconds = members.get('delayMilliseconds') ?? 0;
  if (!isWhole(delayMilliseconds, 0, longestDelay) || (kind === 'delay' && delayMilliseconds === 0)) {
    throw new FaultProblem(`${place}.delayMilliseconds is a whole number from 1 to ${longestDelay}`);
  }
  const afterEffect = members.get('afterEffect') ?? false;
  if (typeof afterEffect !== 'boolean') throw new FaultProblem(`${place}.afterEffect is true or false`);
  const cause = members.get('cause') ?? '';
  if (typeof cause !== 'string' || (kind === 'failDecision' && cause === '')) {
    throw new FaultProblem(`${place}.cause is the cause that the decision fails with`);
  }
  const match = matchOf(members.get('match'), `${place}.match`);
  if (kind !== 'failDecision' && match.has('decision')) {
    throw new FaultProblem(`${place}.match: only a fault of kind failDecision concerns a decision`);
  }
  return { kind, match, times, probability, delayMilliseconds, afterEffect, cause };
}

function matchOf(json: unknown, place: string): FaultRule['match'] {
  if (json === undefined) return new Map();
  return new Map(
    [...membersOf(json, place)].map(([name, pattern]) => {
      const field = fields.find((known) => known === name);
      if (field === undefined) throw new FaultProblem(`${place} knows ${fields.join(', ')}, not ${name}`);
      if (typeof pattern !== 'string') throw new FaultProblem(`${place}.${name} is a text`);
      return [field, pattern];
    }),
  );
}

function membersOf(json: unknown, place: string): ReadonlyMap<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new FaultProblem(`${place} is a JSON object`);
  }
  return new Map<string, unknown>(Object.entries(json));
}

function isKind(value: unknown): value is FaultKind {
  return typeof value === 'string' && Object.hasOwn(kinds, value);
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
}
