import * as E from 'fp-ts/lib/Either.js';
import { createServer } from 'node:http';
import type { SESClient } from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inMemoryMailer, type MailFault } from '../../../adapters/ses/in-memory.js';
import { mailbox } from '../../../adapters/ses/mailboxes.js';
import { sesMailer } from '../../../adapters/ses/mailer.js';
import { openSesClient } from '../../../infrastructure/aws-clients/ses.js';
import type { LocalServer } from '../../../infrastructure/local/http-server.js';
import type { ShownMail } from '../../../infrastructure/local/mailbox/browse.js';
import { startMailbox } from '../../../infrastructure/local/mailbox/server.js';
import { answerOf } from '../samples.js';
import { mailerContract, mailOf } from './mailer.js';

const sender = 'Gift Shop <orders@shop.example>';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const clientOf = (endpoint: string, timeoutMilliseconds = 5_000): SESClient =>
  openSesClient({ endpoint, region: 'eu-west-1', credentials, timeoutMilliseconds });

async function mailsIn(service: LocalServer, orderId: string): Promise<readonly ShownMail[]> {
  const response = await fetch(`${service.url}/api/mails?order=${orderId}`);
  const { mails }: { mails: ShownMail[] } = await response.json();
  return mails;
}

mailerContract('memory', async () => {
  let fault: MailFault | null = null;
  const mailer = inMemoryMailer(() => {
    const next = fault;
    fault = null;
    return next;
  });
  return {
    mailer,
    disturb: async (how) => {
      fault = how;
    },
    taken: async (orderId) =>
      mailer
        .sent()
        .filter((mail) => mail.orderId === orderId)
        .map(({ messageId, to, subject, text, html }) => ({
          messageId,
          to: to.address,
          subject,
          text,
          html,
        })),
    close: async () => undefined,
  };
});

async function disturb(service: LocalServer, wish: Readonly<Record<string, unknown>>): Promise<void> {
  const response = await fetch(`${service.url}/_faults`, { method: 'POST', body: JSON.stringify(wish) });
  if (response.status !== 201) throw new Error(`the fault was refused: ${await response.text()}`);
}

mailerContract("SES's protocol", async () => {
  const service = await startMailbox({ port: 0, dataDirectory: null });
  const client = clientOf(service.url);
  return {
    mailer: sesMailer(client, { sender }),
    disturb: (how) =>
      disturb(service, { kind: how === 'throttled' ? 'throttle' : 'lose_reply_after_effect' }),
    taken: async (orderId) =>
      (await mailsIn(service, orderId)).map(({ messageId, to, subject, text, html }) => ({
        messageId,
        to: to.join(),
        subject,
        text: text ?? '',
        html: html ?? '',
      })),
    close: async () => {
      client.destroy();
      await service.close();
    },
  };
});

describe('a mail through SES', () => {
  let service: LocalServer;
  let client: SESClient;
  beforeEach(async () => {
    service = await startMailbox({ port: 0, dataDirectory: null });
    client = clientOf(service.url);
  });
  afterEach(async () => {
    client.destroy();
    await service.close();
  });

  it('carries its order, kind and key as tags, its sender and its configuration set', async () => {
    const mail = mailOf();
    await answerOf(sesMailer(client, { sender, configurationSet: 'orders' }).send(mail));
    expect(await mailsIn(service, mail.orderId)).toMatchObject([
      {
        from: sender,
        configurationSet: 'orders',
        order: mail.orderId,
        kind: 'order_shipped',
        tags: {
          order_id: mail.orderId,
          kind: 'order_shipped',
          fact_revision: '17',
          key: `${mail.orderId}_order_shipped_17`,
        },
        to: ['"Ada Lovelace" <ada@customer.example>'],
        cc: [],
        bcc: [],
      },
    ]);
  });

  it('goes to one person, whatever name and subject say', async () => {
    const bcc = '\r\nBcc: eve@attacker.example\r\n';
    const mail = mailOf({
      to: { name: `Eve" <eve@attacker.example>,${bcc}`, address: 'ada@customer.example' },
      subject: `Your order${bcc}\u0000`,
    });
    await answerOf(sesMailer(client, { sender }).send(mail));
    const [taken] = await mailsIn(service, mail.orderId);
    expect(taken?.delivered.map((address) => address.toLowerCase())).toHaveLength(1);
    expect(taken?.delivered.join()).toContain('ada@customer.example');
    expect(taken).toMatchObject({ bcc: [], cc: [], subject: 'Your order Bcc: eve@attacker.example' });
  });

  it('may have been sent after a server error, with or without effect', async () => {
    for (const afterEffect of [true, false]) {
      const mail = mailOf();
      await disturb(service, { kind: 'error_500', afterEffect });
      const outcome = await sesMailer(client, { sender }).send(mail)();
      expect(outcome).toEqual(
        E.left({ type: 'mail_outcome_unknown', reason: 'mail service: InternalFailure (HTTP 500)' }),
      );
      expect(await mailsIn(service, mail.orderId)).toHaveLength(afterEffect ? 1 : 0);
    }
  });

  it('is refused when the service refuses it', async () => {
    const outcome = await sesMailer(client, { sender: 'nobody' }).send(mailOf())();
    expect(outcome).toEqual(
      E.left({ type: 'mail_refused', reason: 'mail service: InvalidParameterValue (HTTP 400)' }),
    );
  });

  it('was not sent when nobody listens at the address', async () => {
    await service.close();
    const outcome = await sesMailer(client, { sender }).send(mailOf())();
    expect(outcome).toMatchObject(E.left({ type: 'mail_service_unavailable' }));
  });

  it('may have been sent when no answer comes in time, or one that is none', async () => {
    let answer: 'none' | 'nonsense' = 'none';
    const silent = createServer((_request, response) => {
      if (answer === 'nonsense') response.end('<html>');
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const impatient = clientOf(`http://127.0.0.1:${port}`, 100);
    const mailer = sesMailer(impatient, { sender });
    expect(await mailer.send(mailOf())()).toMatchObject(E.left({ type: 'mail_outcome_unknown' }));
    answer = 'nonsense';
    expect(await mailer.send(mailOf())()).toMatchObject(E.left({ type: 'mail_outcome_unknown' }));
    impatient.destroy();
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});

describe('names and addresses', () => {
  const named = (name: string) => mailbox({ name, address: 'a@b.example' });

  it('are written in ASCII, whatever the script', () => {
    expect(named('Zoë Æther')).toBe(
      `=?UTF-8?B?${Buffer.from('Zoë Æther').toString('base64')}?= <a@b.example>`,
    );
    expect(named('O\'Neil "Bob" \\ Co')).toBe('"O\'Neil \\"Bob\\" \\\\ Co" <a@b.example>');
    expect(named('')).toBe('a@b.example');
    expect(named(' \r\n ')).toBe('a@b.example');
    expect(named('Eve\u202Egnp.exe')).toBe('"Eve gnp.exe" <a@b.example>');
    expect(mailbox({ name: '', address: 'zoe@bücher.example' })).toBe('zoe@xn--bcher-kva.example');
  });

  it('of any length are cut into words that are whole and short', () => {
    const name = '株式会社 🎁'.repeat(12);
    const header = named(name) ?? '';
    const words = [...header.matchAll(/=\?UTF-8\?B\?([A-Za-z0-9+/=]+)\?=/g)];
    expect(words.length).toBeGreaterThan(1);
    for (const [word] of words) expect(word.length).toBeLessThanOrEqual(75);
    expect(words.map(([, base64 = '']) => Buffer.from(base64, 'base64').toString('utf8')).join('')).toBe(
      name,
    );
  });
});
