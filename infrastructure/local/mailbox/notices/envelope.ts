import { sign } from 'node:crypto';
import type { Notice } from '../records.js';
import type { SigningIdentity } from './certificate.js';

/** Version 1 signs a SHA-1 hash, version 2 a SHA-256 hash. */
export type SignatureVersion = '1' | '2';

/** Where a notice comes from; `origin` is the address that the topic's own links begin with. */
export interface Sender {
  readonly origin: string;
  readonly topicArn: string;
  /** Null until the subscription is confirmed. */
  readonly subscriptionArn: string | null;
  readonly identity: SigningIdentity;
  readonly signatureVersion: SignatureVersion;
}

/** The path of the certificate, which is new with each key. */
export const certificatePath = (identity: SigningIdentity): string =>
  `/SimpleNotificationService-${identity.fingerprint}.pem`;

/** The body and the headers of the POST that carries a notice. */
export function envelopeOf(
  notice: Notice,
  sender: Sender,
): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const { origin, topicArn, subscriptionArn, identity, signatureVersion } = sender;
  const aboutSubscription = notice.type !== 'Notification';
  const signed: Readonly<Record<string, string>> = {
    Type: notice.type,
    MessageId: notice.id,
    ...(notice.token === null ? {} : { Token: notice.token }),
    TopicArn: topicArn,
    ...(notice.subject === null ? {} : { Subject: notice.subject }),
    Message: notice.message,
    ...(aboutSubscription
      ? {
          SubscribeURL: link(origin, 'ConfirmSubscription', {
            TopicArn: topicArn,
            Token: notice.token ?? '',
          }),
        }
      : {}),
    Timestamp: new Date(notice.publishedAt).toISOString(),
  };
  const fields = {
    ...signed,
    SignatureVersion: signatureVersion,
    Signature: signatureOf(signed, identity, signatureVersion),
    SigningCertURL: `${origin}${certificatePath(identity)}`,
    ...(aboutSubscription
      ? {}
      : { UnsubscribeURL: link(origin, 'Unsubscribe', { SubscriptionArn: subscriptionArn ?? '' }) }),
  };
  return {
    body: JSON.stringify(fields, null, 2),
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': notice.type,
      'x-amz-sns-message-id': notice.id,
      'x-amz-sns-topic-arn': topicArn,
      ...(aboutSubscription || subscriptionArn === null
        ? {}
        : { 'x-amz-sns-subscription-arn': subscriptionArn }),
    },
  };
}

function link(origin: string, action: string, parameters: Readonly<Record<string, string>>): string {
  return `${origin}/?${new URLSearchParams({ Action: action, ...parameters }).toString()}`;
}

/** Every signed field as its name and its value, a line each, by name. */
function signatureOf(
  fields: Readonly<Record<string, string>>,
  identity: SigningIdentity,
  version: SignatureVersion,
): string {
  const text = Object.entries(fields)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
  return sign(version === '1' ? 'sha1' : 'sha256', Buffer.from(text), identity.privateKey).toString('base64');
}
