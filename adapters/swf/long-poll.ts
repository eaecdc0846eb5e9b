// What both kinds of poll share: an end that may come at any time, and an answer that means "nothing".
import { setMaxListeners } from 'node:events';

/** How this process polls. */
export type PollSettings = {
  readonly domain: string;
  readonly site: string;
  /** Ends polls at once when the role stops: a stopping role must not be given tasks any more. */
  readonly stopping: AbortSignal;
};

/** Lets any number of open polls wait for the same end; by default Node takes more than ten for a leak and warns. */
export const letPollsWaitFor = (stopping: AbortSignal): void => setMaxListeners(0, stopping);

/** SWF keeps 256 characters of who polled. */
export const identityOf = (identity: string): string => identity.slice(0, 256);

/** The answer of a poll; null when it was ended because the role stops. Other failures are thrown. */
export const unlessStopping = async <Answer>(
  stopping: AbortSignal,
  poll: () => Promise<Answer>,
): Promise<Answer | null> => {
  if (stopping.aborted) return null;
  try {
    return await poll();
  } catch (error) {
    if (stopping.aborted) return null;
    throw error;
  }
};
