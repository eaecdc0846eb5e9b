import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../../application/ports/system.js';
import { type CommandId, isCommandId } from '../../domain/ids.js';
import { type Instant, isInstant } from '../../domain/instant.js';

const now = (): Instant => {
  const milliseconds = Date.now();
  if (!isInstant(milliseconds)) throw new Error(`the system clock is out of range: ${String(milliseconds)}`);
  return milliseconds;
};

const newCommandId = (): CommandId => {
  const id = randomUUID();
  if (!isCommandId(id)) throw new Error('the system made a malformed UUID');
  return id;
};

/** The real clock, real randomness and real waiting. Waits end early when `stopping` is aborted. */
export const createSystem = (stopping: AbortSignal): System => ({
  now,
  newId: () => randomUUID(),
  newCommandId,
  wait: (milliseconds) => async () => {
    await sleep(milliseconds, undefined, { signal: stopping }).catch(() => undefined);
  },
});
