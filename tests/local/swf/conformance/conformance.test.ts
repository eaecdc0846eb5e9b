import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSwfLocal, type SwfLocal } from '../../../../infrastructure/local/swf/server.js';
import { virtualClock } from '../support/virtual-clock.js';
import { children } from './cases/children.js';
import { endings } from './cases/endings.js';
import { externals } from './cases/externals.js';
import { refusals } from './cases/refusals.js';
import { schedulings } from './cases/schedulings.js';
import { timeouts } from './cases/timeouts.js';
import { openWorld } from './harness.js';

const tables = { children, endings, externals, refusals, schedulings, timeouts };
const clock = virtualClock();
let server: SwfLocal;
let worlds = 0;

beforeAll(async () => {
  server = await startSwfLocal({ port: 0, dataDirectory: null, clock });
});
// Otherwise every later case would move the clocks of all runs that earlier ones left open.
afterEach(() => fetch(`${server.url}/_local/reset`, { method: 'POST' }));
afterAll(() => server.close());

describe.each(Object.entries(tables))('%s', (_, cases) => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', async (__, { run, covers }) => {
    worlds += 1;
    const world = await openWorld(server.url, clock, `region-${worlds}`);
    await run(world);
    expect(covers.filter((name) => !world.seen.has(name))).toEqual([]);
  });
});
