// The whole way: a mail is sent through the mailer, comes back, and its report finds the order it was about.
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  snsDeliveryNotices,
  usualNoticeTimes,
} from '../../../adapters/ses/delivery-reports/delivery-notices.js';
import { sesMailer } from '../../../adapters/ses/mailer.js';
import type { DeliveryNotice } from '../../../application/ports/mail/delivery-reports.js';
import { openSesClient } from '../../../infrastructure/aws-clients/ses.js';
import { mailOf } from '../../contracts/mailer/mailer.js';
import { answerOf } from '../../contracts/samples.js';
import { openSubscriber, type Subscriber } from '../../local/mailbox/subscriber.js';
import { type MailboxUnderTest, openMailbox, start } from '../../local/mailbox/world.js';
import { instantOf } from '../../support/ids.js';

const topicArn = 'arn:aws:sns:eu-west-1:000000000000:bounces';

describe.each(['1', '2'] as const)('with signature version %s', (signatureVersion) => {
  let subscriber: Subscriber;
  let service: MailboxUnderTest;
  beforeEach(async () => {
    subscriber = await openSubscriber({ confirms: false });
    service = await openMailbox({
      notices: { endpoint: subscriber.url, topicArn, signatureVersion, retryDelays: [5] },
    });
  });
  afterEach(async () => {
    await service.close();
    await subscriber.close();
  });

  it('a bounce and a complaint find their order', async () => {
    const times = usualNoticeTimes;
    const { readDeliveryNotice } = snsDeliveryNotices(
      { topicArns: new Set([topicArn]), serviceOrigin: service.server.url, ...times },
      fetch,
    );
    const noticeNumbered = async (number: number): Promise<DeliveryNotice> => {
      await subscriber.count(number);
      const { body, headers } = subscriber.received[number - 1] ?? { body: '', headers: {} };
      const outcome = await readDeliveryNotice(Buffer.from(body), headers, instantOf(start + 1000))();
      if (E.isLeft(outcome)) throw new Error(`refused: ${JSON.stringify(outcome.left)}`);
      return outcome.right;
    };

    const subscription = await noticeNumbered(1);
    if (subscription.type !== 'subscription') throw new Error(subscription.type);
    await answerOf(subscription.confirm);
    await answerOf(subscription.confirm);

    const client = openSesClient({
      endpoint: service.server.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      timeoutMilliseconds: 5_000,
    });
    const mailer = sesMailer(client, { sender: 'orders@shop.example', configurationSet: 'orders' });
    try {
      for (const [number, name, kind] of [
        [2, 'bounce', 'bounced_permanently'],
        [3, 'ooto', 'bounced_transiently'],
        [4, 'complaint', 'complained'],
      ] as const) {
        const address = `${name}@simulator.amazonses.com`;
        const mail = mailOf({ to: { name: 'Zoë', address } });
        const { messageId } = await answerOf(mailer.send(mail));
        const notice = await noticeNumbered(number);
        if (notice.type !== 'report') throw new Error(notice.type);
        expect(notice.report).toEqual({
          reportId: expect.stringMatching(/^[\w-]+$/),
          messageId,
          kind,
          orderId: mail.orderId,
          notification: { kind: 'order_shipped', factRevision: 17 },
          at: start,
        });
        const marked: string[] = [];
        const markAddress = (email: string) => async () => {
          marked.push(email);
          return E.right(undefined);
        };
        await answerOf(notice.markRecipient({ markAddress }));
        expect(marked).toEqual([address]);
      }
    } finally {
      client.destroy();
    }
  });
});
