// The topic service in a test's hands: it signs what the test says, and hands its certificate out when it is asked.
import type * as E from 'fp-ts/lib/Either.js';
import {
  snsDeliveryNotices,
  usualNoticeTimes,
} from '../../../adapters/ses/delivery-reports/delivery-notices.js';
import type {
  DeliveryNotice,
  DeliveryNoticeError,
} from '../../../application/ports/mail/delivery-reports.js';
import {
  signingIdentity,
  type SigningIdentity,
} from '../../../infrastructure/local/mailbox/notices/certificate.js';
import {
  certificatePath,
  envelopeOf,
  type SignatureVersion,
} from '../../../infrastructure/local/mailbox/notices/envelope.js';
import type { Notice } from '../../../infrastructure/local/mailbox/records.js';
import { instantOf } from '../../support/ids.js';

/** When a notice of these tests is published, in milliseconds since 1970. */
export const publishedAt = Date.UTC(2026, 2, 9, 12);
/** The topic that is ours. */
export const topicArn = 'arn:aws:sns:eu-west-1:123456789012:mail-events';
/** Amazon's own address of the topic's region. */
export const amazon = 'https://sns.eu-west-1.amazonaws.com';

/** A POST as the subscriber gets it. */
export type Posted = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

/** How a posted notice differs from the usual one. */
export type PostedChange = {
  readonly notice?: Partial<Notice>;
  readonly origin?: string;
  readonly topicArn?: string;
  readonly signatureVersion?: SignatureVersion;
};

/** A topic service with a key of its own. */
export type TopicService = {
  readonly identity: SigningIdentity;
  readonly post: (message: string, change?: PostedChange) => Posted;
};

/** Makes a service. */
export async function topicService(): Promise<TopicService> {
  const identity = await signingIdentity(null);
  return {
    identity,
    post: (message, change = {}) =>
      envelopeOf(
        {
          ...{ id: 'notice-1', type: 'Notification', event: null, mailId: null, subject: null, message },
          ...{ token: null, publishedAt, dueAt: publishedAt, copies: 1 },
          ...change.notice,
        },
        {
          origin: change.origin ?? amazon,
          topicArn: change.topicArn ?? topicArn,
          subscriptionArn: `${topicArn}:1`,
          identity,
          signatureVersion: change.signatureVersion ?? '2',
        },
      ),
  };
}

/** What a reader under test asks for, in order, and what it answers: null for nobody there. */
export type Asked = { readonly urls: string[]; readonly fetch: typeof fetch };

/** A network on which the service's certificate lies at its address, and `answers` are given to other addresses. */
export function networkOf(
  { identity }: TopicService,
  answers: (url: string) => Response | null = () => null,
): Asked {
  const urls: string[] = [];
  return {
    urls,
    fetch: async (input, options) => {
      const url = input instanceof Request ? input.url : String(input);
      urls.push(url);
      if (options?.redirect !== 'error') throw new Error('redirects are followed');
      const other = answers(url);
      if (other !== null) return other;
      if (new URL(url).pathname === certificatePath(identity)) return new Response(identity.certificate);
      throw new TypeError('fetch failed');
    },
  };
}

/** A reader of notices for one topic, and how it reads a POST at a number of seconds after its publishing. */
export function readerOn(network: Asked, serviceOrigin: string | null = null) {
  const notices = snsDeliveryNotices(
    { topicArns: new Set([topicArn]), serviceOrigin, ...usualNoticeTimes },
    network.fetch,
  );
  return ({ body, headers }: Posted, seconds = 1): Promise<E.Either<DeliveryNoticeError, DeliveryNotice>> =>
    notices.readDeliveryNotice(Buffer.from(body), headers, instantOf(publishedAt + seconds * 1000))();
}

/** Changes fields of a posted notice without signing it again. */
export const tampered = ({ body, headers }: Posted, fields: Readonly<Record<string, unknown>>): Posted => {
  const envelope: Readonly<Record<string, unknown>> = JSON.parse(body);
  return { headers, body: JSON.stringify({ ...envelope, ...fields }) };
};
