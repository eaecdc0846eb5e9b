import type { StreamingRead } from '@eventstore/db-client';
import { ClientGone, TimeUp } from './failure.js';

/**
 * All items of a read. Rejects with `TimeUp` when none came for so long, because the client gives reads no end, and
 * with `ClientGone` when the client was given up, because the client ends cancelled reads without a word.
 */
export const collect = <Item>(
  open: () => StreamingRead<Item>,
  idleMilliseconds: number,
  ended: AbortSignal,
): Promise<readonly Item[]> =>
  new Promise((resolve, reject) => {
    const stream = open();
    const items: Item[] = [];
    const timer = setTimeout(() => {
      settle();
      reject(new TimeUp());
      stream.cancel().catch(() => undefined);
    }, idleMilliseconds);
    const gone = (): void => {
      settle();
      reject(new ClientGone());
    };
    const settle = (): void => {
      clearTimeout(timer);
      ended.removeEventListener('abort', gone);
    };
    ended.addEventListener('abort', gone);
    // Stays after the end: an error that nobody hears would end the process.
    stream.on('error', (failure: Error) => {
      settle();
      reject(failure);
    });
    stream.on('data', (item: Item) => {
      items.push(item);
      timer.refresh();
    });
    stream.on('end', () => {
      settle();
      resolve(items);
    });
  });

/** What the promise brings, or a rejection with `TimeUp` after so many milliseconds; the loser is left alone. */
export const within = async <Answer>(promise: Promise<Answer>, milliseconds: number): Promise<Answer> => {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeUp()), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([promise, timeUp]);
  } finally {
    clearTimeout(timer);
  }
};
