import { type Instant, isInstant } from '../../domain/instant.js';

/** A moment as the database driver reads it; throws when it is beyond what an Instant can be. */
export function storedInstant(date: Date): Instant {
  const instant = date.getTime();
  if (!isInstant(instant)) throw new Error('a stored moment is out of range');
  return instant;
}
