import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../../domain/ids.js';
import type { Instant } from '../../../domain/instant.js';
import type { NotificationKind } from '../../../domain/order/events.js';
import type { Customers, CustomersError } from '../customers.js';

/** What the mail service tells of a mail after it took it: any number of times, in any order, perhaps never. */
export type DeliveryReport = {
  /** The same for every copy of one report. */
  readonly reportId: string;
  /** The mail, as the mailer named it. */
  readonly messageId: string;
  readonly kind: 'bounced_permanently' | 'bounced_transiently' | 'complained' | 'delivered';
  /** The order that the mail was about; null when the report does not say. */
  readonly orderId: OrderId | null;
  /** Which mail of the order it was; null when the report does not say. */
  readonly notification: { readonly kind: NotificationKind; readonly factRevision: number } | null;
  /** When the service learnt of it. */
  readonly at: Instant;
};

/** Why a notice is not to be believed, or cannot be judged yet. */
export type DeliveryNoticeError =
  /** No notice of the topic's kind at all. */
  | { readonly type: 'notice_unreadable'; readonly reason: string }
  /** A notice of a topic that is not ours. */
  | { readonly type: 'notice_of_other_topic' }
  /** Not signed by the service: another certificate address, another key, or changed on its way. */
  | { readonly type: 'notice_not_genuine'; readonly reason: string }
  /** Genuine, and too far from now: perhaps kept by somebody to be sent again. */
  | { readonly type: 'notice_out_of_time'; readonly publishedAt: Instant }
  /** The certificate, or the answer to a subscription, was not to be had now; the service sends the notice again. */
  | { readonly type: 'notice_service_unavailable'; readonly reason: string };

/** A genuine notice. */
export type DeliveryNotice =
  | {
      readonly type: 'report';
      readonly report: DeliveryReport;
      /** Marks the recipient's address, which nothing else is told; a delivery marks nothing. Repeats change nothing. */
      readonly markRecipient: (
        customers: Pick<Customers, 'markAddress'>,
      ) => TE.TaskEither<CustomersError, void>;
    }
  /** The service asks whether it may tell us; it tells nothing before `confirm`, whose repeats change nothing. */
  | { readonly type: 'subscription'; readonly confirm: TE.TaskEither<DeliveryNoticeError, void> }
  /** The service tells us nothing any more: somebody ended the subscription. */
  | { readonly type: 'subscription_ended' }
  /** Genuine and of no consequence here; `what` names it, without values of a mail. */
  | { readonly type: 'other'; readonly what: string };

/** Judges what was posted to us in the mail service's name. */
export type DeliveryNotices = {
  /**
   * Reads one notice.
   * @param rawBody the bytes as they came: the signature is about them
   * @param headers names in lower case, as node's server has them
   */
  readonly readDeliveryNotice: (
    rawBody: Uint8Array | string,
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
    now: Instant,
  ) => TE.TaskEither<DeliveryNoticeError, DeliveryNotice>;
};
