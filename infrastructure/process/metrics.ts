import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Observation } from '../../application/ports/observer.js';

/** What a process counts; read at `/metrics` in Prometheus' text form. */
export type Metrics = {
  readonly registry: Registry;
  readonly countObservation: (type: Observation['type']) => void;
  readonly countRequest: (method: string, route: string, status: number, milliseconds: number) => void;
};

/** A registry with the process's own figures (memory, event loop, CPU) and ours. */
export const createMetrics = (): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const observations = new Counter({
    name: 'checkout_observations_total',
    help: 'Meaningful facts by type',
    labelNames: ['type'],
    registers: [registry],
  });
  const requests = new Histogram({
    name: 'checkout_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  });
  return {
    registry,
    countObservation: (type) => observations.inc({ type }),
    countRequest: (method, route, status, milliseconds) =>
      requests.observe({ method, route, status: String(status) }, milliseconds / 1000),
  };
};
