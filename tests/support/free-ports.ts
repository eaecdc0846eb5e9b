import { randomInt } from 'node:crypto';
import { layoutOf, takenPorts } from '../../infrastructure/local/stack/layout.js';

/** A port base whose whole block is free now, away from the default ports and from those the system hands out. */
export const freePortBase = async (): Promise<number> => {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 10_000 + randomInt(200) * 100;
    if ((await takenPorts(layoutOf(base, '.'))).length === 0) return base;
  }
  throw new Error('no free block of ports was found');
};
