/** How long claims and answers last, in seconds. */
export type RequestKeySettings = {
  /** A claim without an answer is free again after this; longer than any request takes. */
  readonly claimSeconds: number;
  /** Answers are given again for this long after the claim; at least 24 hours are promised to callers. */
  readonly keptSeconds: number;
};

/** What the API's documentation promises. */
export const promisedKeyLife: RequestKeySettings = { claimSeconds: 60, keptSeconds: 24 * 60 * 60 };
