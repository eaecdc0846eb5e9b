import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';

const textOrNull = t.union([t.string, t.null]);

const mail = t.type({
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

const change = t.union([
  t.type({ type: t.literal('MailAccepted'), mail }),
  t.type({ type: t.literal('IdentityVerified'), identity: t.string, at: t.number }),
  t.type({ type: t.literal('AddressSuppressed'), address: t.string, at: t.number }),
  t.type({ type: t.literal('AddressReleased'), address: t.string }),
]);

/**
 * A mail that the service has taken on. `acceptedAt` is milliseconds since 1970; `source` is the message as it came,
 * base64, for raw mails.
 */
export type Mail = t.TypeOf<typeof mail>;
/** One thing that changed; one entry of the journal. */
export type Change = t.TypeOf<typeof change>;

/** Reads one journal entry; throws with the fields in question when the file was written by something else. */
export function decodeChange(json: unknown): Change {
  const decoded = change.decode(json);
  if (isLeft(decoded))
    throw new Error(`not an entry of the mailbox: ${PathReporter.report(decoded).slice(0, 3).join('; ')}`);
  return decoded.right;
}
