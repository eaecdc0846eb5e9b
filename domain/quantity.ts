import type { Branded } from './brand.js';

/** A number of units of one product: whole, from 1 to 1,000,000. */
export type Quantity = Branded<number, 'Quantity'>;

/** The largest quantity of one line; far above the largest real one (3,186), far below any overflow. */
export const largestQuantity = 1_000_000;

/** True for a whole number from 1 to 1,000,000. */
export const isQuantity = (value: number): value is Quantity =>
  Number.isInteger(value) && value >= 1 && value <= largestQuantity;
