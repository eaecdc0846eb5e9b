/** How long sign-ins last and how failures are slowed down. */
export type SignInSettings = {
  /** Seconds without use after which a sign-in is over; noticed with an accuracy of a thirtieth of it. */
  readonly idleSeconds: number;
  /** Seconds after which a sign-in is over in any case. */
  readonly lifeSeconds: number;
  /**
   * Seconds for which an account accepts no password after its 1st, 2nd, … failure in a row. The last entry holds
   * for all further failures, so every pause ends.
   */
  readonly pauseSchedule: readonly number[];
  /** A failure this many seconds after the one before counts as the first again. */
  readonly failuresForgottenSeconds: number;
};

/** Seconds that may pass before the use of a sign-in is written down again; not every request writes. */
export const seenAgainSeconds = ({ idleSeconds }: SignInSettings): number => idleSeconds / 30;
