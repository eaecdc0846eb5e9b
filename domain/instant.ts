import type { Branded } from './brand.js';

/** A moment: whole milliseconds since 1970-01-01T00:00:00Z. The domain never asks for the time; it is told. */
export type Instant = Branded<number, 'Instant'>;

/** 9999-12-31T23:59:59.999Z; later moments do not fit the stored form. */
const latest = 253_402_300_799_999;

/** True for whole milliseconds from 1970 to the end of the year 9999. */
export const isInstant = (value: number): value is Instant =>
  Number.isInteger(value) && value >= 0 && value <= latest;

/** The moment that many seconds later; the last representable one if that would be beyond the year 9999. */
export const plusSeconds = (instant: Instant, seconds: number): Instant => {
  const later = instant + Math.round(seconds * 1000);
  if (isInstant(later)) return later;
  return isInstant(latest) ? latest : instant;
};

/** True when `instant` is at or after `deadline`. */
export const hasPassed = (deadline: Instant, instant: Instant): boolean => instant >= deadline;
