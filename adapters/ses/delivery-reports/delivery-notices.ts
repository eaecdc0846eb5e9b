// The port DeliveryNotices over Amazon SNS, whose signature is checked here and not by a library: those that do it fetch
// the certificate on their own, over https only, so that no other service could stand in for Amazon's.
import { createVerify, type KeyObject } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Customers, CustomersError } from '../../../application/ports/customers.js';
import type {
  DeliveryNotice,
  DeliveryNoticeError,
  DeliveryNotices,
  DeliveryReport,
} from '../../../application/ports/mail/delivery-reports.js';
import { type Instant, isInstant } from '../../../domain/instant.js';
import { type CertificateKeys, certificateKeys, isOfService } from './certificates.js';
import { type Envelope, envelopeOf, signedText } from './envelope.js';
import { mailEventOf } from './mail-events.js';

/** Whose notices are believed. */
export type DeliveryNoticeSettings = {
  /** The only topics that are ours; with none, no notice is believed. */
  readonly topicArns: ReadonlySet<string>;
  /** Where the topic service is when it is not Amazon's (`http://host:port`); null for Amazon's own hosts. */
  readonly serviceOrigin: string | null;
  /**
   * Seconds after its publishing at which a notice is refused. The service sends one again for at most an hour, with
   * the time of its first sending.
   */
  readonly longestAgeSeconds: number;
  /** Seconds by which the service's clock may be ahead of ours. */
  readonly clockDifferenceSeconds: number;
};

/** An hour of the service's own attempts, and five minutes between the clocks. */
export const usualNoticeTimes = { longestAgeSeconds: 3_900, clockDifferenceSeconds: 300 } as const;

const left = (error: DeliveryNoticeError): E.Either<DeliveryNoticeError, never> => E.left(error);

function isSigned(envelope: Envelope, key: KeyObject): boolean {
  const hash = envelope.SignatureVersion === '1' ? 'sha1' : 'sha256';
  return createVerify(hash).update(signedText(envelope), 'utf8').verify(key, envelope.Signature, 'base64');
}

function timeProblem(
  envelope: Envelope,
  now: Instant,
  { longestAgeSeconds, clockDifferenceSeconds }: DeliveryNoticeSettings,
): DeliveryNoticeError | null {
  const publishedAt = Date.parse(envelope.Timestamp);
  if (!isInstant(publishedAt)) return { type: 'notice_unreadable', reason: 'no time' };
  const age = now - publishedAt;
  return age > longestAgeSeconds * 1000 || age < -clockDifferenceSeconds * 1000
    ? { type: 'notice_out_of_time', publishedAt }
    : null;
}

/** Everything that must hold before a word of the envelope is believed. */
async function believed(
  envelope: Envelope,
  now: Instant,
  settings: DeliveryNoticeSettings,
  keys: CertificateKeys,
): Promise<E.Either<DeliveryNoticeError, Envelope>> {
  if (!settings.topicArns.has(envelope.TopicArn)) return left({ type: 'notice_of_other_topic' });
  const key = await keys(envelope.SigningCertURL, now);
  if (E.isLeft(key)) return key;
  if (!isSigned(envelope, key.right))
    return left({ type: 'notice_not_genuine', reason: 'the signature is not of this text' });
  const problem = timeProblem(envelope, now, settings);
  return problem === null ? E.right(envelope) : left(problem);
}

const markRecipients =
  ({ kind, at }: DeliveryReport, recipients: readonly string[]) =>
  (customers: Pick<Customers, 'markAddress'>): TE.TaskEither<CustomersError, void> =>
  async () => {
    if (kind === 'delivered') return E.right(undefined);
    for (const recipient of recipients) {
      const marked = await customers.markAddress(recipient, kind, at)();
      if (E.isLeft(marked)) return marked;
    }
    return E.right(undefined);
  };

function notificationOf(message: string): E.Either<DeliveryNoticeError, DeliveryNotice> {
  const event = mailEventOf(message);
  if (event.type === 'unreadable')
    return left({ type: 'notice_unreadable', reason: 'fields of a mail event are missing' });
  if (event.type === 'other') return E.right(event);
  const { report, recipients } = event;
  return E.right({ type: 'report', report, markRecipient: markRecipients(report, recipients) });
}

const answerMilliseconds = 10_000;

const confirmation =
  (address: string, fetchFrom: typeof fetch): TE.TaskEither<DeliveryNoticeError, void> =>
  async () => {
    try {
      const signal = AbortSignal.timeout(answerMilliseconds);
      const response = await fetchFrom(address, { redirect: 'error', signal });
      await response.body?.cancel();
      if (response.ok) return E.right(undefined);
      const reason = `the subscription is answered with ${String(response.status)}`;
      return left({ type: 'notice_service_unavailable', reason });
    } catch {
      return left({ type: 'notice_service_unavailable', reason: 'the subscription cannot be confirmed' });
    }
  };

/** Reads notices; `fetchFrom` is asked for certificates and to confirm subscriptions, at the topic service only. */
export function snsDeliveryNotices(
  settings: DeliveryNoticeSettings,
  fetchFrom: typeof fetch,
): DeliveryNotices {
  const keys = certificateKeys(settings.serviceOrigin, fetchFrom);
  return {
    readDeliveryNotice: (rawBody, headers, now) => async () => {
      const read = envelopeOf(rawBody, headers);
      if (E.isLeft(read)) return read;
      const genuine = await believed(read.right, now, settings, keys);
      if (E.isLeft(genuine)) return genuine;
      const envelope = genuine.right;
      if (envelope.Type === 'Notification') return notificationOf(envelope.Message);
      if (envelope.Type === 'UnsubscribeConfirmation') return E.right({ type: 'subscription_ended' });
      return isOfService(envelope.SubscribeURL, settings.serviceOrigin)
        ? E.right({ type: 'subscription', confirm: confirmation(envelope.SubscribeURL, fetchFrom) })
        : left({ type: 'notice_not_genuine', reason: 'the subscription is confirmed somewhere else' });
    },
  };
}
