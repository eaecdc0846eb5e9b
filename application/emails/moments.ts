import type { Instant } from '../../domain/instant.js';

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** A moment in words with its time zone: `5 January 2026, 09:00 UTC`. Seconds are cut off, so it is never too late. */
export const readableMoment = (instant: Instant): string =>
  `${day.format(instant)}, ${time.format(instant)} UTC`;
