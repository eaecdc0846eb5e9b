import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../../domain/ids.js';
import type { NotificationKind } from '../../../domain/order/events.js';

/** A finished mail. `key` (`{orderId}:{kind}:{revision}`) travels with it, so that a copy can be recognised. */
export type Mail = {
  readonly key: string;
  readonly orderId: OrderId;
  readonly kind: NotificationKind;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** Why a mail was not, or may not have been, handed over. */
export type MailError =
  | { readonly type: 'mail_service_unavailable'; readonly reason: string }
  | { readonly type: 'mail_refused'; readonly reason: string }
  | { readonly type: 'mail_outcome_unknown'; readonly reason: string };

/** Hands mails to the mail service, which knows no repeats: the same mail twice is delivered twice. */
export type Mailer = {
  readonly send: (mail: Mail) => TE.TaskEither<MailError, { readonly messageId: string }>;
};
