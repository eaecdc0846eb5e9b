import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';

/** What a notice of the card processor is about. It is a hint where to look: what is true is read back. */
export type NoticeSubject =
  | { readonly type: 'reservation'; readonly orderId: OrderId; readonly attempt: number }
  | { readonly type: 'refund'; readonly orderId: OrderId; readonly number: number }
  /** The bank takes a charge back. The notice does not say of which order; `findDispute` of the gateway does. */
  | { readonly type: 'dispute'; readonly reference: string }
  /** Genuine, but not about an order of ours or not of interest; kept for people to read. */
  | { readonly type: 'other'; readonly what: string };

/** A genuine notice of the card processor. `noticeId` is the processor's own name for it. */
export type PaymentNotice = {
  readonly noticeId: string;
  readonly subject: NoticeSubject;
  readonly receivedAt: Instant;
};

/** A notice that waits to be acted on, and how often that was tried. */
export type WaitingNotice = PaymentNotice & { readonly tries: number };

/** The notices could not be read or written. */
export type PaymentNoticesError = { readonly type: 'notices_unavailable'; readonly reason: string };

/**
 * Notices of the card processor, stored before they are acknowledged. They arrive more than once and in any order; each
 * id is stored once. Several workers may take notices side by side; one whose taker died comes back after its lease.
 */
export type PaymentNotices = {
  readonly store: (notice: PaymentNotice) => TE.TaskEither<PaymentNoticesError, 'stored' | 'known'>;
  /** The notice that waits longest and is due at `now`, leased to the caller until `until`; null when none is. */
  readonly take: (now: Instant, until: Instant) => TE.TaskEither<PaymentNoticesError, WaitingNotice | null>;
  /** The notice was acted on; repeats change nothing. */
  readonly done: (noticeId: string) => TE.TaskEither<PaymentNoticesError, void>;
  /** The notice could not be acted on; it is due again at `dueAt`. */
  readonly later: (
    noticeId: string,
    dueAt: Instant,
    problem: string,
  ) => TE.TaskEither<PaymentNoticesError, void>;
  /** Resolves when a notice was stored, or after the time; true when one may be due. */
  readonly awaitNotice: (milliseconds: number) => TE.TaskEither<PaymentNoticesError, boolean>;
};

/** A notice that nobody could act on yet, with what stood in the way; null while nobody has tried. */
export type UnfinishedNotice = Pick<WaitingNotice, 'noticeId' | 'receivedAt' | 'tries'> & {
  readonly problem: string | null;
};

/** What people look at when notices wait; nothing is taken. */
export type UnfinishedNotices = {
  /** Up to `limit` notices that are not done and came at `receivedUntil` or before, oldest first. */
  readonly unfinished: (
    receivedUntil: Instant,
    limit: number,
  ) => TE.TaskEither<PaymentNoticesError, readonly UnfinishedNotice[]>;
};
