// The port Mailer over Amazon SES (the query protocol of 2010). The service knows no repeats, so nothing here repeats.
import * as E from 'fp-ts/lib/Either.js';
import { SendEmailCommand, type SendEmailCommandInput, type SESClient } from '@aws-sdk/client-ses';
import type { Mail, MailError, Mailer } from '../../application/ports/mail/mailer.js';
import { mailbox, oneLine } from './mailboxes.js';
import { mailError } from './service-errors.js';
import { tagsOf } from './tags.js';

/** Who sends. Without a configuration set the service's reports do not say which order they are about. */
export type SesMailerSettings = {
  /** The sender as the mail's `From` shows it, such as `Shop <orders@shop.example>`, verified at the service. */
  readonly sender: string;
  readonly configurationSet?: string;
};

/** A mail that cannot be addressed. */
export const recipientRefused: MailError = { type: 'mail_refused', reason: 'recipient_not_addressable' };

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

const inputOf = (mail: Mail, recipient: string, settings: SesMailerSettings): SendEmailCommandInput => ({
  Source: settings.sender,
  Destination: { ToAddresses: [recipient] },
  Message: {
    Subject: utf8(oneLine(mail.subject)),
    Body: { Text: utf8(mail.text), Html: utf8(mail.html) },
  },
  Tags: tagsOf(mail),
  ...(settings.configurationSet === undefined ? {} : { ConfigurationSetName: settings.configurationSet }),
});

/** Makes the mailer. The client must not repeat calls by itself: the same mail would be delivered twice. */
export const sesMailer = (client: Pick<SESClient, 'send'>, settings: SesMailerSettings): Mailer => ({
  send: (mail) => async () => {
    const recipient = mailbox(mail.to);
    if (recipient === null) return E.left(recipientRefused);
    try {
      const { MessageId: messageId } = await client.send(
        new SendEmailCommand(inputOf(mail, recipient, settings)),
      );
      const lost: MailError = { type: 'mail_outcome_unknown', reason: 'mail service: no message id' };
      return messageId === undefined ? E.left(lost) : E.right({ messageId });
    } catch (error) {
      return E.left(mailError(error));
    }
  },
});
