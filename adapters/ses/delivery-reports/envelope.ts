// A message of Amazon SNS as its HTTP subscribers get it, and the text that its signature is about.
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { DeliveryNoticeError } from '../../../application/ports/mail/delivery-reports.js';

const common = {
  MessageId: t.string,
  TopicArn: t.string,
  Message: t.string,
  Timestamp: t.string,
  SignatureVersion: t.keyof({ '1': null, '2': null }),
  Signature: t.string,
  SigningCertURL: t.string,
};

const aboutSubscription = t.type({
  ...common,
  Type: t.keyof({ SubscriptionConfirmation: null, UnsubscribeConfirmation: null }),
  Token: t.string,
  SubscribeURL: t.string,
});

const envelope = t.union([
  t.intersection([
    t.type({ ...common, Type: t.literal('Notification') }),
    t.partial({ Subject: t.union([t.string, t.null]) }),
  ]),
  aboutSubscription,
]);

/** A message of a topic, not believed yet. */
export type Envelope = t.TypeOf<typeof envelope>;

const unreadable = (reason: string): DeliveryNoticeError => ({ type: 'notice_unreadable', reason });

/** Strict: the text is signed, so no byte of it may be replaced. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

function jsonOf(rawBody: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof rawBody === 'string' ? rawBody : utf8.decode(rawBody));
  } catch {
    return null;
  }
}

/**
 * Reads the body of a POST of the topic. A body without the topic's own headers is refused before it is parsed, and so
 * is a raw delivery: that is a setting of the subscription under which nothing is signed.
 */
export function envelopeOf(
  rawBody: Uint8Array | string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): E.Either<DeliveryNoticeError, Envelope> {
  const type = headers['x-amz-sns-message-type'];
  if (type === undefined) return E.left(unreadable('no notice of a topic'));
  if (headers['x-amz-sns-rawdelivery'] === 'true') return E.left(unreadable('raw delivery is not signed'));
  const decoded = envelope.decode(jsonOf(rawBody));
  if (E.isLeft(decoded)) return E.left(unreadable('fields of a notice are missing'));
  return decoded.right.Type === type
    ? decoded
    : E.left(unreadable('the header names another type than the body'));
}

/** The signed text: the name and the value of each signed field, a line each, in the order of the names. */
export function signedText(message: Envelope): string {
  const { Message, MessageId, Timestamp, TopicArn, Type } = message;
  const fields: readonly (readonly [string, string])[] =
    message.Type === 'Notification'
      ? [
          ['Message', Message],
          ['MessageId', MessageId],
          ...(typeof message.Subject === 'string' ? [['Subject', message.Subject] as const] : []),
          ['Timestamp', Timestamp],
          ['TopicArn', TopicArn],
          ['Type', Type],
        ]
      : [
          ['Message', Message],
          ['MessageId', MessageId],
          ['SubscribeURL', message.SubscribeURL],
          ['Timestamp', Timestamp],
          ['Token', message.Token],
          ['TopicArn', TopicArn],
          ['Type', Type],
        ];
  return fields.map(([name, value]) => `${name}\n${value}\n`).join('');
}
