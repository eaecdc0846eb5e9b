import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { KeyState, KeyUse, RequestKeys, StoredAnswer } from '../../application/ports/request-keys.js';
import { hasPassed, type Instant, plusSeconds } from '../../domain/instant.js';
import type { RequestKeySettings } from './settings.js';

type Entry = { readonly bodyHash: string; readonly claimedAt: Instant; answer: StoredAnswer | null };

/** Request keys in memory. Each call happens at once, when its task is run. Forgotten keys leave with the process. */
export function inMemoryRequestKeys({ claimSeconds, keptSeconds }: RequestKeySettings): RequestKeys {
  const entries = new Map<string, Entry>();
  const nameOf = ({ scope, key }: KeyUse): string => JSON.stringify([scope, key]);
  const unanswered = (use: KeyUse): Entry | null => {
    const entry = entries.get(nameOf(use));
    return entry?.bodyHash === use.bodyHash && entry.answer === null ? entry : null;
  };

  function claim(use: KeyUse, now: Instant): KeyState {
    const entry = entries.get(nameOf(use));
    if (entry !== undefined && !hasPassed(plusSeconds(entry.claimedAt, keptSeconds), now)) {
      if (entry.bodyHash !== use.bodyHash) return { type: 'other_body' };
      if (entry.answer !== null) return { type: 'answered', answer: entry.answer };
      if (!hasPassed(plusSeconds(entry.claimedAt, claimSeconds), now)) return { type: 'in_flight' };
    }
    entries.set(nameOf(use), { bodyHash: use.bodyHash, claimedAt: now, answer: null });
    return { type: 'claimed' };
  }

  const answering =
    <Answer>(call: () => Answer): TE.TaskEither<never, Answer> =>
    async () =>
      E.right(call());

  return {
    claim: (use, now) => answering(() => claim(use, now)),
    answer: (use, answer) =>
      answering(() => {
        const entry = unanswered(use);
        if (entry !== null) entry.answer = answer;
      }),
    abandon: (use) =>
      answering(() => {
        if (unanswered(use) !== null) entries.delete(nameOf(use));
      }),
  };
}
