// What Amazon SES says of a mail: as a configuration set's event, or as an identity's own notification, which differs in
// the name of one field and carries no tags.
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { DeliveryReport } from '../../../application/ports/mail/delivery-reports.js';
import { isOrderId } from '../../../domain/ids.js';
import { type Instant, isInstant } from '../../../domain/instant.js';
import { notificationKind } from '../../event-schema/parts.js';
import { tagNames } from '../tags.js';

/** What a message says: a report with the addresses it is about, or its name when it is none. */
export type MailEvent =
  | { readonly type: 'report'; readonly report: DeliveryReport; readonly recipients: readonly string[] }
  | { readonly type: 'other'; readonly what: string }
  | { readonly type: 'unreadable' };

const time = new t.Type<Instant, string, unknown>(
  'Time',
  (value): value is Instant => typeof value === 'number' && isInstant(value),
  (value, context) => {
    const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return isInstant(milliseconds) ? t.success(milliseconds) : t.failure(value, context);
  },
  (instant) => new Date(instant).toISOString(),
);

const addressed = t.array(t.type({ emailAddress: t.string }));
const mail = t.intersection([
  t.type({ messageId: t.string, destination: t.array(t.string) }),
  t.partial({ tags: t.record(t.string, t.array(t.string)) }),
]);
const bounce = t.type({
  mail,
  bounce: t.type({
    bounceType: t.string,
    bouncedRecipients: addressed,
    timestamp: time,
    feedbackId: t.string,
  }),
});
const complaint = t.type({
  mail,
  complaint: t.intersection([
    t.type({ complainedRecipients: addressed, timestamp: time, feedbackId: t.string }),
    t.partial({ complaintFeedbackType: t.union([t.string, t.null]) }),
  ]),
});
const delivery = t.type({ mail, delivery: t.type({ timestamp: time }) });
const named = t.partial({ eventType: t.string, notificationType: t.string });

type Mail = t.TypeOf<typeof mail>;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads a topic's message. A text that is no JSON, such as the one that tries a new topic out, is of another kind. */
export function mailEventOf(message: string): MailEvent {
  const json = jsonOf(message);
  const decoded = named.decode(json);
  const kind = E.isRight(decoded) ? (decoded.right.eventType ?? decoded.right.notificationType) : undefined;
  if (kind === 'Bounce') return E.getOrElse(unreadable)(E.map(bounceReport)(bounce.decode(json)));
  if (kind === 'Complaint') return E.getOrElse(unreadable)(E.map(complaintReport)(complaint.decode(json)));
  if (kind === 'Delivery') return E.getOrElse(unreadable)(E.map(deliveryReport)(delivery.decode(json)));
  return { type: 'other', what: kind?.slice(0, 40) ?? 'no event of a mail' };
}

const unreadable = (): MailEvent => ({ type: 'unreadable' });

/** An undetermined bounce counts as a transient one: there is nothing definite against the address. */
function bounceReport({ mail: of, bounce: told }: t.TypeOf<typeof bounce>): MailEvent {
  const kind = told.bounceType === 'Permanent' ? 'bounced_permanently' : 'bounced_transiently';
  const report = { ...aboutMail(of), reportId: told.feedbackId, kind, at: told.timestamp } as const;
  return { type: 'report', report, recipients: recipientsOf(of, told.bouncedRecipients) };
}

/** `not-spam` takes a complaint back, which no mark of ours needs. */
function complaintReport({ mail: of, complaint: told }: t.TypeOf<typeof complaint>): MailEvent {
  if (told.complaintFeedbackType === 'not-spam') return { type: 'other', what: 'Complaint taken back' };
  const about = { ...aboutMail(of), reportId: told.feedbackId, at: told.timestamp };
  const recipients = recipientsOf(of, told.complainedRecipients);
  return { type: 'report', report: { ...about, kind: 'complained' }, recipients };
}

function deliveryReport({ mail: of, delivery: told }: t.TypeOf<typeof delivery>): MailEvent {
  const about = { ...aboutMail(of), reportId: `${of.messageId}-delivered`, at: told.timestamp };
  return { type: 'report', report: { ...about, kind: 'delivered' }, recipients: [] };
}

function aboutMail({
  messageId,
  tags,
}: Mail): Pick<DeliveryReport, 'messageId' | 'orderId' | 'notification'> {
  const tag = (name: string): string => tags?.[name]?.[0] ?? '';
  const orderId = tag(tagNames.orderId);
  const kind = tag(tagNames.kind);
  const revision = tag(tagNames.factRevision);
  return {
    messageId,
    orderId: isOrderId(orderId) ? orderId : null,
    notification:
      notificationKind.is(kind) && /^\d{1,15}$/.test(revision)
        ? { kind, factRevision: Number(revision) }
        : null,
  };
}

/** A bounce without recipients happens; then it can only mean the one the mail went to. */
function recipientsOf(
  { destination }: Mail,
  told: readonly { readonly emailAddress: string }[],
): readonly string[] {
  const addresses = told.map(({ emailAddress }) => emailAddress);
  const meant = addresses.length === 0 && destination.length === 1 ? destination : addresses;
  return meant.map((address) => /<([^<>]+)>\s*$/.exec(address)?.[1] ?? address);
}
