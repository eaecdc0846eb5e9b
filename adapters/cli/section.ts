import type { Instant } from '../../domain/instant.js';
import { type Money, toDecimal } from '../../domain/money.js';
import { table } from './table.js';

/** A part of a page: a title and its rows; one without rows is not shown. */
export type Section = {
  readonly title: string;
  readonly rows: ReadonlyArray<readonly string[]>;
  /** Names of the columns; without them the rows speak for themselves. */
  readonly head?: readonly string[];
  /** Columns whose cells end flush, from 0. */
  readonly alignRight?: readonly number[];
};

/** An instant as people in any place read it alike: UTC, to the second. */
export const readableMoment = (at: Instant): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;

/** An amount with its currency: `GBP 45.80`. */
export const readableMoney = (money: Money): string => `${money.currency} ${toDecimal(money)}`;

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');

/** The section as text: its title, and its rows as columns beneath it. */
export const sectionText = ({ title, rows, head, alignRight = [] }: Section): string => {
  const [first = [], ...others] = head === undefined ? rows : [head, ...rows];
  return `${title}\n${indented(table(first, others, new Set(alignRight)))}`;
};
