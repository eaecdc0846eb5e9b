import {
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  GetSendStatisticsCommand,
  ListIdentitiesCommand,
  ListTemplatesCommand,
  SendRawEmailCommand,
  VerifyEmailIdentityCommand,
} from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMailbox, type MailboxUnderTest, confirmation, refusalOf } from './world.js';

let mailbox: MailboxUnderTest;
beforeEach(async () => {
  mailbox = await openMailbox();
});
afterEach(() => mailbox.close());

describe('the account', () => {
  it('shows its quota and statistics', async () => {
    await mailbox.ses.send(confirmation('order-1'));
    mailbox.now += 86_400_000;
    await mailbox.ses.send(confirmation('order-2'));
    expect(await mailbox.ses.send(new GetSendQuotaCommand({}))).toMatchObject({
      SentLast24Hours: 1,
      Max24HourSend: 50_000,
    });
    const statistics = await mailbox.ses.send(new GetSendStatisticsCommand({}));
    expect(statistics.SendDataPoints?.map((point) => point.DeliveryAttempts)).toEqual([1, 1]);
  });

  it('verifies identities', async () => {
    await mailbox.ses.send(new VerifyEmailIdentityCommand({ EmailAddress: 'orders@shop.example' }));
    expect((await mailbox.ses.send(new ListIdentitiesCommand({}))).Identities).toEqual([
      'orders@shop.example',
    ]);
    const attributes = await mailbox.ses.send(
      new GetIdentityVerificationAttributesCommand({
        Identities: ['orders@shop.example', 'other@shop.example'],
      }),
    );
    expect(attributes.VerificationAttributes).toEqual({
      'orders@shop.example': { VerificationStatus: 'Success' },
    });
  });

  it('says clearly what it does not have', async () => {
    const refusal = await refusalOf(mailbox.ses.send(new ListTemplatesCommand({})));
    expect(refusal.name).toBe('InvalidAction');
    expect(refusal.message).toContain('ListTemplates');
  });

  it('refuses unsigned requests', async () => {
    const response = await fetch(mailbox.server.url, { method: 'POST', body: 'Action=GetSendQuota' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });
});

describe('a fault on command', () => {
  it('loses the reply after the mail was accepted', async () => {
    expect(
      await mailbox.postJson('/_faults', { kind: 'lose_reply_after_effect', match: { order: 'order-1' } }),
    ).toBe(201);
    await expect(mailbox.ses.send(confirmation('order-1'))).rejects.toThrow();
    expect((await mailbox.mails()).mails).toHaveLength(1);
    await mailbox.ses.send(confirmation('order-1'));
    expect((await mailbox.mails('?order=order-1')).mails).toHaveLength(2);
  });

  it.each([
    ['throttle', false, 400, 'Throttling', 0],
    ['error_500', false, 500, 'InternalFailure', 0],
    ['error_500', true, 500, 'InternalFailure', 1],
  ])('%s (after the effect: %s) answers %i %s', async (kind, afterEffect, status, code, kept) => {
    await mailbox.postJson('/_faults', { kind, afterEffect, match: { kind: 'confirmation' } });
    const refusal = await refusalOf(mailbox.ses.send(confirmation('order-1')));
    expect([refusal.$metadata.httpStatusCode, refusal.name]).toEqual([status, code]);
    expect((await mailbox.mails()).mails).toHaveLength(kept);
  });

  it('finds the raw mail that it is meant for', async () => {
    await mailbox.postJson('/_faults', {
      kind: 'throttle',
      match: { order: 'order-7', recipient: 'ada@customer.example' },
    });
    const raw = (order: string): SendRawEmailCommand =>
      new SendRawEmailCommand({
        RawMessage: {
          Data: Buffer.from(
            `From: orders@shop.example\r\nTo: ada@customer.example\r\nX-SES-MESSAGE-TAGS: order_id=${order}\r\n\r\nHello`,
          ),
        },
      });
    await mailbox.ses.send(raw('order-6'));
    expect((await refusalOf(mailbox.ses.send(raw('order-7')))).name).toBe('Throttling');
    await mailbox.ses.send(raw('order-7'));
    expect((await mailbox.mails()).mails.map((mail) => mail.order)).toEqual(['order-6', 'order-7']);
  });

  it('is refused when it is not understood', async () => {
    expect(await mailbox.postJson('/_faults', { kind: 'explode' })).toBe(400);
    expect(await mailbox.postJson('/_faults', { kind: 'throttle', match: { colour: 'red' } })).toBe(400);
    expect(await mailbox.postJson('/_faults', { kind: 'throttle', times: 0 })).toBe(400);
  });
});
