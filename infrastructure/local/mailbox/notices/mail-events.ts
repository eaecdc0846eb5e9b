import { randomUUID } from 'node:crypto';
import { bareAddress } from '../addresses.js';
import type { Fate, Mail } from '../records.js';
import { recipientsOf } from '../state.js';

/** What can be told of a mail. */
export type MailEventKind = 'Bounce' | 'Complaint' | 'Delivery';

/** One event of a mail at one recipient, as the topic's message. */
export interface MailEvent {
  readonly kind: MailEventKind;
  readonly recipient: string;
  readonly subject: string | null;
  readonly message: string;
}

/** Fates that begin with a delivery; null stands for one that ends there too. */
const delivered: ReadonlySet<Fate | null> = new Set([null, 'complained', 'answered']);

/**
 * Everything there is to tell of an accepted mail, one event for each recipient. A mail that names a configuration set
 * is told in the form of event publishing, which carries the mail's tags; any other in the form of the identity's own
 * notifications, which carries none.
 */
export function eventsOf(mail: Mail): readonly MailEvent[] {
  return recipientsOf(mail).flatMap((recipient) => {
    const fate = mail.fates?.find((known) => known.recipient === recipient)?.fate ?? null;
    const address = bareAddress(recipient);
    const event = (kind: MailEventKind, content: object): MailEvent => ({
      kind,
      recipient: address,
      subject: mail.configurationSet === null ? null : 'Amazon SES Email Event Notification',
      message: JSON.stringify({
        [mail.configurationSet === null ? 'notificationType' : 'eventType']: kind,
        [kind.toLowerCase()]: content,
        mail: mailObject(mail),
      }),
    });
    const at = new Date(mail.acceptedAt).toISOString();
    const first = delivered.has(fate) ? [event('Delivery', deliveryObject(address, at))] : [];
    if (fate === null) return first;
    const second =
      fate === 'complained'
        ? event('Complaint', complaintObject(address, at))
        : event('Bounce', bounceObject(address, at, fate));
    return [...first, second];
  });
}

function mailObject(mail: Mail): object {
  const { from, to, configurationSet, messageId, action } = mail;
  const domain = bareAddress(from).split('@').at(-1) ?? '';
  const account = '000000000000';
  const plain = {
    timestamp: new Date(mail.acceptedAt).toISOString(),
    source: from,
    sourceArn: `arn:aws:ses:eu-west-1:${account}:identity/${domain}`,
    sendingAccountId: account,
    messageId,
    destination: recipientsOf(mail),
  };
  if (configurationSet === null) return { ...plain, sourceIp: '127.0.0.1', callerIdentity: 'local' };
  return {
    ...plain,
    headersTruncated: false,
    headers: [
      { name: 'From', value: from },
      { name: 'To', value: to.join(', ') },
      { name: 'Subject', value: mail.subject },
      ...mail.headers.filter(({ name }) => !['from', 'to', 'subject'].includes(name)),
    ],
    commonHeaders: { from: [from], to, messageId, subject: mail.subject },
    tags: {
      ...Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
      'ses:operation': [action],
      'ses:configuration-set': [configurationSet],
      'ses:source-ip': ['127.0.0.1'],
      'ses:from-domain': [domain],
      'ses:caller-identity': ['local'],
    },
  };
}

function deliveryObject(address: string, timestamp: string): object {
  return {
    timestamp,
    processingTimeMillis: 1,
    recipients: [address],
    smtpResponse: '250 2.0.0 ok',
    reportingMTA: 'mailbox.local',
  };
}

function complaintObject(address: string, timestamp: string): object {
  return {
    feedbackId: newFeedbackId(),
    complaintSubType: null,
    complainedRecipients: [{ emailAddress: address }],
    timestamp,
    userAgent: 'Mailbox',
    complaintFeedbackType: 'abuse',
    arrivalDate: timestamp,
  };
}

type BounceFate = Exclude<Fate, 'complained'>;

const bounceKinds: Readonly<
  Record<BounceFate, readonly [type: string, subType: string, status: string | null, text: string]>
> = {
  bounced_permanently: ['Permanent', 'General', '5.1.1', 'smtp; 550 5.1.1 user unknown'],
  bounced_transiently: ['Transient', 'MailboxFull', '4.2.2', 'smtp; 452 4.2.2 mailbox full'],
  // An automatic answer comes without a delivery status.
  answered: ['Transient', 'General', null, ''],
  suppressed: [
    'Permanent',
    'OnAccountSuppressionList',
    '5.1.1',
    "Not sent: on the account's suppression list",
  ],
  suppressed_by_service: ['Permanent', 'Suppressed', '5.1.1', "Not sent: on the service's suppression list"],
};

function bounceObject(address: string, timestamp: string, fate: BounceFate): object {
  const [bounceType, bounceSubType, status, diagnosticCode] = bounceKinds[fate];
  const details = status === null ? {} : { action: 'failed', status, diagnosticCode };
  return {
    feedbackId: newFeedbackId(),
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress: address, ...details }],
    timestamp,
    reportingMTA: 'dns; mailbox.local',
  };
}

function newFeedbackId(): string {
  return `0100${randomUUID()}-000000`;
}
