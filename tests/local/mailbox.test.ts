import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  GetSendStatisticsCommand,
  ListIdentitiesCommand,
  ListTemplatesCommand,
  SendEmailCommand,
  SendRawEmailCommand,
  SESClient,
  SESServiceException,
  VerifyEmailIdentityCommand,
  type SendEmailCommandInput,
} from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from '../../infrastructure/local/http-server.js';
import type { ShownMail } from '../../infrastructure/local/mailbox/browse.js';
import { startMailbox } from '../../infrastructure/local/mailbox/server.js';

const start = Date.UTC(2026, 0, 5, 9);
let now = start;
let mailbox: LocalServer;
let ses: SESClient;
const clients: SESClient[] = [];

beforeEach(async () => {
  now = start;
  mailbox = await startMailbox({ port: 0, dataDirectory: null, clock: () => now });
  ses = clientOf(mailbox);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await mailbox.close();
});

function clientOf(server: LocalServer): SESClient {
  const client = new SESClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  clients.push(client);
  return client;
}

function confirmation(order: string, change: Partial<SendEmailCommandInput> = {}): SendEmailCommand {
  return new SendEmailCommand({
    Source: 'Shop <orders@shop.example>',
    Destination: { ToAddresses: ['ada@customer.example'] },
    Message: {
      Subject: { Data: `Your order ${order} – £35.64 & more`, Charset: 'UTF-8' },
      Body: {
        Text: { Data: 'Thank you, Zoë.', Charset: 'UTF-8' },
        Html: { Data: '<p>Thank you, <b>Zoë</b>.</p><script>alert(1)</script>', Charset: 'UTF-8' },
      },
    },
    ConfigurationSetName: 'orders',
    Tags: [
      { Name: 'order_id', Value: order },
      { Name: 'kind', Value: 'confirmation' },
      { Name: 'idempotency_key', Value: `${order}-confirmation-1` },
    ],
    ...change,
  });
}

async function mails(query = '', server = mailbox): Promise<{ mails: ShownMail[]; next: number | null }> {
  const response = await fetch(`${server.url}/api/mails${query}`);
  expect(response.status).toBe(200);
  const body: { mails: ShownMail[]; next: number | null } = await response.json();
  return body;
}

async function refusalOf(work: Promise<unknown>): Promise<SESServiceException> {
  const outcome: unknown = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  if (outcome instanceof SESServiceException) return outcome;
  throw new Error(`expected an error of the service, got ${String(outcome)}`);
}

async function postJson(path: string, body: unknown): Promise<number> {
  return (await fetch(`${mailbox.url}${path}`, { method: 'POST', body: JSON.stringify(body) })).status;
}

describe('a mail', () => {
  it('is kept with everything that was said about it', async () => {
    const { MessageId } = await ses.send(confirmation('order-1'));
    const found = await mails('?order=order-1&kind=confirmation');
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
    expect((await mails('?order=order-2')).mails).toEqual([]);
    expect((await mails('?kind=shipped')).mails).toEqual([]);
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
    await ses.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) } }));
    const [mail] = (await mails('?order=order-7')).mails;
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
    const source = await fetch(`${mailbox.url}/mails/${mail?.messageId ?? ''}/source`);
    expect(await source.text()).toBe(raw);
  });

  it('is counted by kind', async () => {
    await ses.send(confirmation('order-1'));
    await ses.send(confirmation('order-2'));
    await ses.send(confirmation('order-2', { Tags: [{ Name: 'kind', Value: 'shipped' }] }));
    const summary: unknown = await (await fetch(`${mailbox.url}/api/summary`)).json();
    expect(summary).toEqual({ total: 3, byKind: { confirmation: 2, shipped: 1 }, suppressedRecipients: 0 });
  });

  it('is accepted and not delivered to a suppressed address', async () => {
    expect(await postJson('/api/suppressed', { address: 'Ada@Customer.example' })).toBe(200);
    await ses.send(confirmation('order-1'));
    expect((await mails()).mails).toMatchObject([{ suppressed: ['ada@customer.example'], delivered: [] }]);
    await fetch(`${mailbox.url}/api/suppressed?address=ada@customer.example`, { method: 'DELETE' });
    await ses.send(confirmation('order-2'));
    expect((await mails('?order=order-2')).mails).toMatchObject([
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
    const refusal = await refusalOf(ses.send(confirmation('order-1', change)));
    expect(refusal.name).toBe('InvalidParameterValue');
    expect(refusal.$metadata.httpStatusCode).toBe(400);
    expect((await mails()).mails).toEqual([]);
  });

  it('is refused above 10 MB', async () => {
    const Data = 'x'.repeat(10 * 1024 * 1024);
    const Message = { Subject: { Data: 'large' }, Body: { Text: { Data } } };
    expect((await refusalOf(ses.send(confirmation('order-1', { Message })))).name).toBe(
      'InvalidParameterValue',
    );
  });
});

describe('the account', () => {
  it('shows its quota and statistics', async () => {
    await ses.send(confirmation('order-1'));
    now += 86_400_000;
    await ses.send(confirmation('order-2'));
    expect(await ses.send(new GetSendQuotaCommand({}))).toMatchObject({
      SentLast24Hours: 1,
      Max24HourSend: 50_000,
    });
    const statistics = await ses.send(new GetSendStatisticsCommand({}));
    expect(statistics.SendDataPoints?.map((point) => point.DeliveryAttempts)).toEqual([1, 1]);
  });

  it('verifies identities', async () => {
    await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: 'orders@shop.example' }));
    expect((await ses.send(new ListIdentitiesCommand({}))).Identities).toEqual(['orders@shop.example']);
    const attributes = await ses.send(
      new GetIdentityVerificationAttributesCommand({
        Identities: ['orders@shop.example', 'other@shop.example'],
      }),
    );
    expect(attributes.VerificationAttributes).toEqual({
      'orders@shop.example': { VerificationStatus: 'Success' },
    });
  });

  it('says clearly what it does not have', async () => {
    const refusal = await refusalOf(ses.send(new ListTemplatesCommand({})));
    expect(refusal.name).toBe('InvalidAction');
    expect(refusal.message).toContain('ListTemplates');
  });

  it('refuses unsigned requests', async () => {
    const response = await fetch(mailbox.url, { method: 'POST', body: 'Action=GetSendQuota' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });
});

describe('a fault on command', () => {
  it('loses the reply after the mail was accepted', async () => {
    expect(await postJson('/_faults', { kind: 'lose_reply_after_effect', match: { order: 'order-1' } })).toBe(
      201,
    );
    await expect(ses.send(confirmation('order-1'))).rejects.toThrow();
    expect((await mails()).mails).toHaveLength(1);
    await ses.send(confirmation('order-1'));
    expect((await mails('?order=order-1')).mails).toHaveLength(2);
  });

  it.each([
    ['throttle', false, 400, 'Throttling', 0],
    ['error_500', false, 500, 'InternalFailure', 0],
    ['error_500', true, 500, 'InternalFailure', 1],
  ])('%s (after the effect: %s) answers %i %s', async (kind, afterEffect, status, code, kept) => {
    await postJson('/_faults', { kind, afterEffect, match: { kind: 'confirmation' } });
    const refusal = await refusalOf(ses.send(confirmation('order-1')));
    expect([refusal.$metadata.httpStatusCode, refusal.name]).toEqual([status, code]);
    expect((await mails()).mails).toHaveLength(kept);
  });

  it('finds the raw mail that it is meant for', async () => {
    await postJson('/_faults', {
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
    await ses.send(raw('order-6'));
    expect((await refusalOf(ses.send(raw('order-7')))).name).toBe('Throttling');
    await ses.send(raw('order-7'));
    expect((await mails()).mails.map((mail) => mail.order)).toEqual(['order-6', 'order-7']);
  });

  it('is refused when it is not understood', async () => {
    expect(await postJson('/_faults', { kind: 'explode' })).toBe(400);
    expect(await postJson('/_faults', { kind: 'throttle', match: { colour: 'red' } })).toBe(400);
    expect(await postJson('/_faults', { kind: 'throttle', times: 0 })).toBe(400);
  });
});

describe('the pages', () => {
  it('list mails newest first and find them by recipient and order', async () => {
    await ses.send(confirmation('order-1'));
    await ses.send(confirmation('order-2', { Destination: { ToAddresses: ['bob@other.example'] } }));
    const subjects = async (query: string): Promise<string[]> => {
      const html = await (await fetch(`${mailbox.url}/${query}`)).text();
      return [...html.matchAll(/Your order (order-\d)/g)].map(([, order = '']) => order);
    };
    expect(await subjects('')).toEqual(['order-2', 'order-1']);
    expect(await subjects('?q=customer.example')).toEqual(['order-1']);
    expect(await subjects('?q=order-2')).toEqual(['order-2']);
    expect(await subjects('?q=nobody')).toEqual([]);
  });

  it('show a mail without letting it do anything', async () => {
    const { MessageId = '' } = await ses.send(
      confirmation('order-1', {
        Message: {
          Subject: { Data: '<img src=x onerror=alert(1)>' },
          Body: { Html: { Data: '<script>alert(1)</script>' } },
        },
      }),
    );
    const page = await (await fetch(`${mailbox.url}/mails/${MessageId}`)).text();
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<script');
    expect(page).toContain('<iframe sandbox');
    const content = await fetch(`${mailbox.url}/mails/${MessageId}/html`);
    expect(content.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect((await fetch(`${mailbox.url}/mails/unknown`)).status).toBe(404);
  });
});

describe('after a restart', () => {
  it('still has what it accepted, also when it was not closed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailbox-'));
    const crashed = await startMailbox({ port: 0, dataDirectory: folder, clock: () => now });
    const client = clientOf(crashed);
    await Promise.all(Array.from({ length: 20 }, (_, index) => client.send(confirmation(`order-${index}`))));
    await client.send(new VerifyEmailIdentityCommand({ EmailAddress: 'orders@shop.example' }));
    await fetch(`${crashed.url}/api/suppressed`, { method: 'POST', body: '{"address":"eve@x.example"}' });
    const before = await mails('', crashed);
    const restarted = await startMailbox({ port: 0, dataDirectory: folder, clock: () => now });
    try {
      expect(await mails('', restarted)).toEqual(before);
      expect(before.mails).toHaveLength(20);
      const again = clientOf(restarted);
      expect((await again.send(new ListIdentitiesCommand({}))).Identities).toEqual(['orders@shop.example']);
      const list: unknown = await (await fetch(`${restarted.url}/api/suppressed`)).json();
      expect(list).toEqual({ suppressed: [{ address: 'eve@x.example', since: start }] });
    } finally {
      await restarted.close();
      await crashed.close();
      await rm(folder, { recursive: true });
    }
  });

  it('pages and streams what it has', async () => {
    for (const order of ['1', '2', '3', '4', '5']) await ses.send(confirmation(order));
    const first = await mails('?limit=3&bodies=false');
    expect(first.mails.map((mail) => [mail.order, mail.text])).toEqual([
      ['1', null],
      ['2', null],
      ['3', null],
    ]);
    expect(first.next).toBe(3);
    const rest = await mails(`?limit=3&after=${first.next ?? 0}`);
    expect([rest.mails.map((mail) => mail.order), rest.next]).toEqual([['4', '5'], null]);
    const stream = await fetch(`${mailbox.url}/api/mails`, { headers: { accept: 'application/x-ndjson' } });
    expect((await stream.text()).trim().split('\n')).toHaveLength(5);
  });
});
