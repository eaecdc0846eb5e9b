import * as E from 'fp-ts/lib/Either.js';

/** What was taken from the shelf for one line: `picked + short` is the ordered quantity. */
export type PickedLine = {
  readonly lineNumber: number;
  readonly picked: number;
  readonly short: number;
  readonly shortReason: ShortReason | null;
};

/** Why a picker could not take all units of a line. */
export type ShortReason = 'not_in_bin' | 'damaged' | 'wrong_article';

/** One parcel as it left the packing bench; weight in grams. */
export type Parcel = { readonly parcelNumber: number; readonly weightGrams: number };

/** The heaviest parcel a carrier takes, in grams. */
export const heaviestParcelGrams = 1_000_000;

/** The carrier's hand-over: who carries, and under which number the customer can follow it. */
export type Handover = { readonly carrier: string; readonly trackingNumber: string };

/** Reads a carrier's label: 3 to 40 capital letters, digits or dashes, after removing blanks. */
export const trackingNumberFrom = (
  label: string,
): E.Either<{ readonly type: 'not_a_tracking_number' }, string> => {
  const compact = label.replace(/ /g, '').toUpperCase();
  return /^[A-Z0-9-]{3,40}$/.test(compact) ? E.right(compact) : E.left({ type: 'not_a_tracking_number' });
};
