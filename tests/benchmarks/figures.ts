import { table } from '../../adapters/cli/table.js';

/** What a figure should reach; figures without an aim are told for comparison. */
export type Aim = { readonly type: 'at_least' | 'at_most'; readonly bound: number };

/** One measured value. `value` is null where this machine cannot tell it. */
export type Figure = {
  readonly part: string;
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly aim: Aim | null;
};

/** What became of a part; the figures it measured before a failure count all the same. */
export type PartOutcome = {
  readonly part: string;
  readonly figures: readonly Figure[];
  readonly seconds: number;
  readonly ending:
    | { readonly type: 'measured' }
    | { readonly type: 'failed'; readonly reason: string }
    | { readonly type: 'skipped'; readonly reason: string };
};

/** A figure that should be this much or more. */
export const atLeast = (bound: number): Aim => ({ type: 'at_least', bound });

/** A figure that should be this much or less. */
export const atMost = (bound: number): Aim => ({ type: 'at_most', bound });

/** Whether the figure reached its aim; null without an aim or a value. */
export const isMet = ({ value, aim }: Figure): boolean | null => {
  if (value === null || aim === null) return null;
  return aim.type === 'at_least' ? value >= aim.bound : value <= aim.bound;
};

/** The value below which this share of the values lies (nearest rank); null without values. */
export const percentile = (values: readonly number[], share: number): number | null =>
  [...values].sort((left, right) => left - right)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? null;

/** The middle value, which one bad round does not move; null without values. */
export const median = (values: readonly number[]): number | null => percentile(values, 0.5);

/** The sum divided by the count; null without values. */
export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;

const shown = (value: number | null): string => {
  if (value === null) return '–';
  const size = Math.abs(value);
  return value.toFixed(Number.isInteger(value) || size >= 1000 ? 0 : size >= 10 ? 1 : 2);
};

const aimText = (aim: Aim | null): string =>
  aim === null ? '' : `${aim.type === 'at_least' ? '≥' : '≤'} ${String(aim.bound)}`;

const verdict = (figure: Figure): string => {
  const met = isMet(figure);
  return met === null ? '' : met ? 'met' : 'MISSED';
};

const rowsOf = ({ part, figures, ending }: PartOutcome): ReadonlyArray<readonly string[]> => [
  ...figures.map((figure) => [
    part,
    figure.name,
    shown(figure.value),
    figure.unit,
    aimText(figure.aim),
    verdict(figure),
  ]),
  ...(ending.type === 'measured' ? [] : [[part, `${ending.type}: ${ending.reason}`, '', '', '', '']]),
];

/** The one table of a run. A part that failed or was skipped has a line that says why. */
export const figuresTable = (outcomes: readonly PartOutcome[]): string =>
  table(['part', 'figure', 'value', 'unit', 'aim', ''], outcomes.flatMap(rowsOf), new Set([2]));
