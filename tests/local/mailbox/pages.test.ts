import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMailbox, type MailboxUnderTest, confirmation } from './world.js';

let mailbox: MailboxUnderTest;
beforeEach(async () => {
  mailbox = await openMailbox();
});
afterEach(() => mailbox.close());

describe('the pages', () => {
  it('list mails newest first and find them by recipient and order', async () => {
    await mailbox.ses.send(confirmation('order-1'));
    await mailbox.ses.send(confirmation('order-2', { Destination: { ToAddresses: ['bob@other.example'] } }));
    const subjects = async (query: string): Promise<string[]> => {
      const html = await (await fetch(`${mailbox.server.url}/${query}`)).text();
      return [...html.matchAll(/Your order (order-\d)/g)].map(([, order = '']) => order);
    };
    expect(await subjects('')).toEqual(['order-2', 'order-1']);
    expect(await subjects('?q=customer.example')).toEqual(['order-1']);
    expect(await subjects('?q=order-2')).toEqual(['order-2']);
    expect(await subjects('?q=nobody')).toEqual([]);
  });

  it('show a mail without letting it do anything', async () => {
    const { MessageId = '' } = await mailbox.ses.send(
      confirmation('order-1', {
        Message: {
          Subject: { Data: '<img src=x onerror=alert(1)>' },
          Body: { Html: { Data: '<script>alert(1)</script>' } },
        },
      }),
    );
    const page = await (await fetch(`${mailbox.server.url}/mails/${MessageId}`)).text();
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<script');
    expect(page).toContain('<iframe sandbox');
    const content = await fetch(`${mailbox.server.url}/mails/${MessageId}/html`);
    expect(content.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect((await fetch(`${mailbox.server.url}/mails/unknown`)).status).toBe(404);
  });
});
