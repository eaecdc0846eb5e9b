import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';

const textOrNull = t.union([t.string, t.null]);

const fate = t.keyof({
  bounced_permanently: null,
  bounced_transiently: null,
  complained: null,
  /** Delivered, and answered by a machine: out of the office. */
  answered: null,
  /** Never sent: the address is on the account's suppression list, or on the service's own. */
  suppressed: null,
  suppressed_by_service: null,
});

const acceptedMail = t.type({
  messageId: t.string,
  acceptedAt: t.number,
  action: t.union([t.literal('SendEmail'), t.literal('SendRawEmail')]),
  from: t.string,
  returnPath: textOrNull,
  to: t.array(t.string),
  cc: t.array(t.string),
  bcc: t.array(t.string),
  replyTo: t.array(t.string),
  subject: t.string,
  text: textOrNull,
  html: textOrNull,
  configurationSet: textOrNull,
  tags: t.record(t.string, t.string),
  headers: t.array(t.type({ name: t.string, value: t.string })),
  attachments: t.array(t.type({ name: textOrNull, type: t.string, sizeBytes: t.number })),
  sizeBytes: t.number,
  /** Recipients that were on the suppression list: accepted, and nothing sent to them. */
  suppressed: t.array(t.string),
  source: textOrNull,
});

const mail = t.intersection([
  acceptedMail,
  /** What became of recipients; the mail was delivered to those that are not named. */
  t.partial({ fates: t.array(t.type({ recipient: t.string, fate })) }),
]);

const notice = t.type({
  id: t.string,
  type: t.keyof({ SubscriptionConfirmation: null, UnsubscribeConfirmation: null, Notification: null }),
  /** What it tells of a mail, and of which; null for those about the subscription. */
  event: t.union([t.keyof({ Bounce: null, Complaint: null, Delivery: null }), t.null]),
  mailId: textOrNull,
  subject: textOrNull,
  message: t.string,
  token: textOrNull,
  publishedAt: t.number,
  /** Not sent before. */
  dueAt: t.number,
  /** How often it is sent with success. */
  copies: t.number,
});

const change = t.union([
  t.type({ type: t.literal('MailAccepted'), mail }),
  t.type({ type: t.literal('IdentityVerified'), identity: t.string, at: t.number }),
  t.type({ type: t.literal('AddressSuppressed'), address: t.string, at: t.number }),
  t.type({ type: t.literal('AddressReleased'), address: t.string }),
  t.type({
    type: t.literal('SubscriptionRequested'),
    endpoint: t.string,
    topicArn: t.string,
    token: t.string,
  }),
  t.type({ type: t.literal('SubscriptionConfirmed'), subscriptionArn: t.string, at: t.number }),
  t.type({ type: t.literal('SubscriptionEnded'), at: t.number }),
  t.type({ type: t.literal('NoticePublished'), notice }),
  t.type({ type: t.literal('NoticeTaken'), id: t.string, at: t.number }),
  t.type({ type: t.literal('NoticeGivenUp'), id: t.string, at: t.number }),
]);

/**
 * A mail that the service has taken on. `acceptedAt` is milliseconds since 1970; `source` is the message as it came,
 * base64, for raw mails.
 */
export type Mail = t.TypeOf<typeof mail>;
/** What became of a mail at one recipient, where it was not simply delivered. */
export type Fate = t.TypeOf<typeof fate>;
/** What the topic tells its subscriber. Times are milliseconds since 1970. */
export type Notice = t.TypeOf<typeof notice>;
/** One thing that changed; one entry of the journal. */
export type Change = t.TypeOf<typeof change>;

/** Reads one journal entry; throws with the fields in question when the file was written by something else. */
export function decodeChange(json: unknown): Change {
  const decoded = change.decode(json);
  if (isLeft(decoded))
    throw new Error(`not an entry of the mailbox: ${PathReporter.report(decoded).slice(0, 3).join('; ')}`);
  return decoded.right;
}
