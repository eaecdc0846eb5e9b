// What every process offers to those who run it, without a key and on a port of its own: alive, ready, metrics.
import type { Registry } from 'prom-client';
import { closed, list, line, truth } from '../codecs.js';
import { anyone, type Endpoint, jsonAnswer, takingNothing } from '../endpoint.js';

/** One thing that must work before the process can do its task: true when it does. A throw counts as false. */
export type ReadinessCheck = { readonly name: string; readonly isReady: () => Promise<boolean> };

/** What the operational endpoints show. */
export type Operational = {
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: Pick<Registry, 'metrics' | 'contentType'>;
};

const checkMilliseconds = 2_000;

async function outcomeOf({ name, isReady }: ReadinessCheck): Promise<{ name: string; ready: boolean }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), checkMilliseconds);
  });
  try {
    return { name, ready: await Promise.race([isReady(), late]) };
  } catch {
    return { name, ready: false };
  } finally {
    clearTimeout(timer);
  }
}

const health = closed('Health', {
  ready: truth,
  checks: list(closed('Check', { name: line(1, 60), ready: truth }), 0, 100),
});
const alive = jsonAnswer(200, 'The process answers.', closed('Alive', { alive: truth }));
const ready = jsonAnswer(200, 'The process can do its task.', health);
const notReady = jsonAnswer(503, 'Something is missing; each check is named.', health);

/** Health and metrics, for any process. */
export const operationalEndpoints = ({ checks, metrics }: Operational): readonly Endpoint[] => [
  takingNothing({
    ...{ guard: anyone, method: 'get', path: '/health/live', id: 'live', problems: [] },
    summary: 'Whether the process answers at all.',
    answers: [alive],
    handle: () => Promise.resolve(alive.reply({ alive: true })),
  }),
  takingNothing({
    ...{ guard: anyone, method: 'get', path: '/health/ready', id: 'ready', problems: [] },
    summary: 'Whether the process can do its task now. Each check has 2 s.',
    answers: [ready, notReady],
    handle: async () => {
      const outcomes = await Promise.all(checks.map(outcomeOf));
      const isReady = outcomes.every((outcome) => outcome.ready);
      return (isReady ? ready : notReady).reply({ ready: isReady, checks: outcomes });
    },
  }),
  takingNothing({
    ...{ guard: anyone, method: 'get', path: '/metrics', id: 'metrics', problems: [] },
    summary: 'Metrics in the text form of Prometheus.',
    answers: [{ status: 200, description: 'Metrics.', mediaType: 'text/plain', schema: { type: 'string' } }],
    handle: async () => ({
      type: 'text',
      status: 200,
      mediaType: metrics.contentType,
      text: await metrics.metrics(),
    }),
  }),
];
