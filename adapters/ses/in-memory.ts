import * as E from 'fp-ts/lib/Either.js';
import type { Mail, Mailer } from '../../application/ports/mail/mailer.js';
import { mailbox } from './mailboxes.js';
import { recipientRefused } from './mailer.js';

/** `throttled`: nothing is sent; `reply_lost`: the mail is sent and nobody hears of it; `timed_out`: neither. */
export type MailFault = 'throttled' | 'reply_lost' | 'timed_out';

/** A mailer with all it has sent, oldest first. */
export type InMemoryMailer = Mailer & {
  readonly sent: () => ReadonlyArray<Mail & { readonly messageId: string }>;
};

/** A mail service in this process, for simulations. `faultOf` is asked once for each mail; null lets it be. */
export function inMemoryMailer(faultOf: (mail: Mail) => MailFault | null = () => null): InMemoryMailer {
  const sent: (Mail & { readonly messageId: string })[] = [];
  return {
    send: (mail) => async () => {
      if (mailbox(mail.to) === null) return E.left(recipientRefused);
      const fault = faultOf(mail);
      if (fault === 'throttled') return E.left({ type: 'mail_service_unavailable', reason: 'throttled' });
      if (fault === 'timed_out') return E.left({ type: 'mail_outcome_unknown', reason: 'timed_out' });
      const messageId = `message-${String(sent.length + 1)}`;
      sent.push({ ...mail, messageId });
      return fault === 'reply_lost'
        ? E.left({ type: 'mail_outcome_unknown', reason: 'reply_lost' })
        : E.right({ messageId });
    },
    sent: () => [...sent],
  };
}
