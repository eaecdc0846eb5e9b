import { SendRawEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMailbox, type MailboxUnderTest, confirmation, refusalOf, start } from './world.js';

let mailbox: MailboxUnderTest;
beforeEach(async () => {
  mailbox = await openMailbox();
});
afterEach(() => mailbox.close());

describe('a mail', () => {
  it('is kept with everything that was said about it', async () => {
    const { MessageId } = await mailbox.ses.send(confirmation('order-1'));
    const found = await mailbox.mails('?order=order-1&kind=confirmation');
    expect(found.next).toBeNull();
    expect(found.mails).toMatchObject([
      {
        sequence: 1,
        messageId: MessageId,
        acceptedAt: start,
        from: 'Shop <orders@shop.example>',
        to: ['ada@customer.example'],
        subject: 'Your order order-1 – £35.64 & more',
        text: 'Thank you, Zoë.',
        configurationSet: 'orders',
        order: 'order-1',
        kind: 'confirmation',
        tags: { idempotency_key: 'order-1-confirmation-1' },
        delivered: ['ada@customer.example'],
        suppressed: [],
      },
    ]);
    expect((await mailbox.mails('?order=order-2')).mails).toEqual([]);
    expect((await mailbox.mails('?kind=shipped')).mails).toEqual([]);
  });

  it('is taken apart when it comes raw', async () => {
    const raw = [
      'From: Shop <orders@shop.example>',
      'To: Ada <ada@customer.example>',
      'Subject: =?UTF-8?Q?On_its_way_=E2=9C=93?=',
      'X-SES-CONFIGURATION-SET: orders',
      'X-SES-MESSAGE-TAGS: order_id=order-7, kind=shipped',
      'X-Idempotency-Key: order-7:shipped:1',
      'MIME-Version: 1.0',
      'Content-Type: multipart/alternative; boundary=parts',
      '',
      '--parts',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('Grüße').toString('base64'),
      '--parts',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Hello</p>',
      '--parts--',
      '',
    ].join('\r\n');
    await mailbox.ses.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) } }));
    const [mail] = (await mailbox.mails('?order=order-7')).mails;
    expect(mail).toMatchObject({
      action: 'SendRawEmail',
      from: 'orders@shop.example',
      to: ['ada@customer.example'],
      subject: 'On its way ✓',
      kind: 'shipped',
      configurationSet: 'orders',
    });
    expect(mail?.text?.trim()).toBe('Grüße');
    expect(mail?.html?.trim()).toBe('<p>Hello</p>');
    expect(mail?.headers).toContainEqual({ name: 'x-idempotency-key', value: 'order-7:shipped:1' });
    const source = await fetch(`${mailbox.server.url}/mails/${mail?.messageId ?? ''}/source`);
    expect(await source.text()).toBe(raw);
  });

  it('is counted by kind', async () => {
    await mailbox.ses.send(confirmation('order-1'));
    await mailbox.ses.send(confirmation('order-2'));
    await mailbox.ses.send(confirmation('order-2', { Tags: [{ Name: 'kind', Value: 'shipped' }] }));
    const summary: unknown = await (await fetch(`${mailbox.server.url}/api/summary`)).json();
    expect(summary).toEqual({ total: 3, byKind: { confirmation: 2, shipped: 1 }, suppressedRecipients: 0 });
  });

  it('is accepted and not delivered to a suppressed address', async () => {
    expect(await mailbox.postJson('/api/suppressed', { address: 'Ada@Customer.example' })).toBe(200);
    await mailbox.ses.send(confirmation('order-1'));
    expect((await mailbox.mails()).mails).toMatchObject([
      { suppressed: ['ada@customer.example'], delivered: [] },
    ]);
    await fetch(`${mailbox.server.url}/api/suppressed?address=ada@customer.example`, { method: 'DELETE' });
    await mailbox.ses.send(confirmation('order-2'));
    expect((await mailbox.mails('?order=order-2')).mails).toMatchObject([
      { suppressed: [], delivered: ['ada@customer.example'] },
    ]);
  });

  it.each<[string, Partial<SendEmailCommandInput>]>([
    ['no recipient', { Destination: { ToAddresses: [] } }],
    ['no domain', { Destination: { ToAddresses: ['ada'] } }],
    ['a space in the address', { Destination: { ToAddresses: ['a da@customer.example'] } }],
    [
      'a line break in the address',
      { Destination: { ToAddresses: ['ada@customer.example\r\nBcc: eve@x.example'] } },
    ],
    ['a domain outside ASCII', { Destination: { ToAddresses: ['ada@bücher.example'] } }],
    ['a sender without domain', { Source: 'orders' }],
    [
      'too many recipients',
      { Destination: { ToAddresses: Array.from({ length: 51 }, (_, index) => `c${index}@x.example`) } },
    ],
    ['a tag with a colon', { Tags: [{ Name: 'idempotency_key', Value: 'order-1:confirmation:1' }] }],
    ['text outside its charset', { Message: { Subject: { Data: 'é' }, Body: { Text: { Data: 'ok' } } } }],
    [
      'an unknown charset',
      { Message: { Subject: { Data: 'e', Charset: 'klingon' }, Body: { Text: { Data: 'ok' } } } },
    ],
    [
      'a line break in the subject',
      { Message: { Subject: { Data: 'Hello\nBcc: eve@x.example' }, Body: { Text: { Data: 'ok' } } } },
    ],
  ])('is refused with %s', async (_, change) => {
    const refusal = await refusalOf(mailbox.ses.send(confirmation('order-1', change)));
    expect(refusal.name).toBe('InvalidParameterValue');
    expect(refusal.$metadata.httpStatusCode).toBe(400);
    expect((await mailbox.mails()).mails).toEqual([]);
  });

  it('is refused above 10 MB', async () => {
    const Data = 'x'.repeat(10 * 1024 * 1024);
    const Message = { Subject: { Data: 'large' }, Body: { Text: { Data } } };
    expect((await refusalOf(mailbox.ses.send(confirmation('order-1', { Message })))).name).toBe(
      'InvalidParameterValue',
    );
  });
});
