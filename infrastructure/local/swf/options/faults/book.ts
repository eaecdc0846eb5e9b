import { createHash } from 'node:crypto';
import { fits } from '../authorisation/patterns.js';
import { faultRuleOf, FaultProblem, type FaultField, type FaultKind, type FaultRule } from './rule.js';

/** What a moment of a call is about; what is not known is left out. */
export type Occasion = Readonly<Partial<Record<FaultField, string | null>>>;

/** A fault that is still waiting, as it is listed. */
export interface WaitingFault {
  readonly id: number;
  readonly kind: FaultKind;
  readonly match: Readonly<Record<string, string>>;
  /** Null for ever. */
  readonly timesLeft: number | null;
  readonly probability: number;
  /** How often it has struck. */
  readonly struck: number;
}

/** Faults that wait for their occasions, kept in memory only. */
export interface FaultBook {
  /** The oldest fault that fits and strikes, among those that `concerns` picks; this uses it up once. */
  readonly take: (occasion: Occasion, concerns: (rule: FaultRule) => boolean) => FaultRule | null;
  /** Adds one fault or a list of them, all or none; throws FaultProblem. */
  readonly add: (json: unknown) => readonly WaitingFault[];
  readonly list: () => readonly WaitingFault[];
  readonly clear: () => void;
  readonly isEmpty: () => boolean;
}

/** Faults as they stand in a file: a list, or an object with `faults` and a `seed` for the chances. */
export interface FaultPlan {
  readonly seed: number;
  readonly faults: unknown;
}

const usualSeed = 1;

/** Reads the outer form of a file of faults; throws FaultProblem. */
export function faultPlanOf(json: unknown): FaultPlan {
  if (Array.isArray(json)) return { seed: usualSeed, faults: json };
  if (typeof json !== 'object' || json === null || !('faults' in json) || !Array.isArray(json.faults)) {
    throw new FaultProblem(
      'faults are a JSON list, or an object with a list `faults` and optionally a `seed`',
    );
  }
  const seed = 'seed' in json ? json.seed : usualSeed;
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed)) {
    throw new FaultProblem('seed is a whole number');
  }
  return { seed, faults: json.faults };
}

interface Entry {
  readonly id: number;
  readonly rule: FaultRule;
  timesLeft: number | null;
  struck: number;
}

/** With equal seeds and equal occasions in equal order, equal faults strike. */
export function openFaultBook(plan: FaultPlan): FaultBook {
  const chance = generator(plan.seed);
  const entries = new Map<number, Entry>();
  let lastId = 0;

  function add(json: unknown): readonly WaitingFault[] {
    const given: readonly unknown[] = Array.isArray(json) ? json : [json];
    const rules = given.map((one, index) =>
      faultRuleOf(one, Array.isArray(json) ? `faults[${index}]` : 'fault'),
    );
    return rules.map((rule) => {
      lastId += 1;
      const entry = { id: lastId, rule, timesLeft: rule.times, struck: 0 };
      entries.set(lastId, entry);
      return shown(entry);
    });
  }
  add(plan.faults);

  return {
    add,
    list: () => [...entries.values()].map(shown),
    clear: () => entries.clear(),
    isEmpty: () => entries.size === 0,
    take(occasion, concerns) {
      for (const entry of entries.values()) {
        const { rule } = entry;
        if (!concerns(rule) || !suits(rule, occasion)) continue;
        if (rule.probability < 1 && chance() >= rule.probability) continue;
        entry.struck += 1;
        if (entry.timesLeft !== null) entry.timesLeft -= 1;
        if (entry.timesLeft === 0) entries.delete(entry.id);
        return rule;
      }
      return null;
    },
  };
}

function suits(rule: FaultRule, occasion: Occasion): boolean {
  for (const [field, pattern] of rule.match) {
    if (!fits(pattern, occasion[field] ?? '')) return false;
  }
  return true;
}

function shown({ id, rule, timesLeft, struck }: Entry): WaitingFault {
  const { kind, match, probability } = rule;
  return { id, kind, match: Object.fromEntries(match), timesLeft, probability, struck };
}

/** Numbers from 0 to below 1, the same for the same seed. */
function generator(seed: number): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${drawn}`).digest().readUInt32BE() / 2 ** 32;
  };
}
