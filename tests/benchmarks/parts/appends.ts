import { measureAppends } from '../append.js';
import { atLeast } from '../figures.js';
import type { Part } from '../part.js';

/** Appends through the event store beside bare one-row inserts of the same bytes, in turns. */
export const appends: Part = {
  name: 'appends',
  about: 'appends of the Postgres event store against bare one-row inserts of the same bytes',
  limitSeconds: 120,
  run: ({ scope, record, say }) =>
    measureAppends({ connections: [1, 16, 64], rounds: 5, milliseconds: 500 }, scope, (rate) => {
      const at = `${String(rate.connections)} connection${rate.connections === 1 ? '' : 's'}`;
      record(`bare inserts, ${at}`, rate.bareInsertsPerSecond, 'per s');
      record(`appends, ${at}`, rate.appendsPerSecond, 'per s');
      record(`ratio, ${at}`, rate.ratio, 'appends per insert', atLeast(0.6));
      say(`${at}: ratio ${rate.ratio.toFixed(2)}`);
    }),
};
