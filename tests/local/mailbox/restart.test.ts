import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListIdentitiesCommand, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMailbox, type MailboxUnderTest, confirmation, start } from './world.js';

let mailbox: MailboxUnderTest;
beforeEach(async () => {
  mailbox = await openMailbox();
});
afterEach(() => mailbox.close());

describe('after a restart', () => {
  it('still has what it accepted, also when it was not closed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailbox-'));
    const crashed = await openMailbox({ dataDirectory: folder });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => crashed.ses.send(confirmation(`order-${index}`))),
    );
    await crashed.ses.send(new VerifyEmailIdentityCommand({ EmailAddress: 'orders@shop.example' }));
    await crashed.postJson('/api/suppressed', { address: 'eve@x.example' });
    const before = await crashed.mails();
    const restarted = await openMailbox({ dataDirectory: folder });
    try {
      expect(await restarted.mails()).toEqual(before);
      expect(before.mails).toHaveLength(20);
      const identities = await restarted.ses.send(new ListIdentitiesCommand({}));
      expect(identities.Identities).toEqual(['orders@shop.example']);
      const list: unknown = await (await fetch(`${restarted.server.url}/api/suppressed`)).json();
      expect(list).toEqual({ suppressed: [{ address: 'eve@x.example', since: start }] });
    } finally {
      await restarted.close();
      await crashed.close();
      await rm(folder, { recursive: true });
    }
  });

  it('pages and streams what it has', async () => {
    for (const order of ['1', '2', '3', '4', '5']) await mailbox.ses.send(confirmation(order));
    const first = await mailbox.mails('?limit=3&bodies=false');
    expect(first.mails.map((mail) => [mail.order, mail.text])).toEqual([
      ['1', null],
      ['2', null],
      ['3', null],
    ]);
    expect(first.next).toBe(3);
    const rest = await mailbox.mails(`?limit=3&after=${first.next ?? 0}`);
    expect([rest.mails.map((mail) => mail.order), rest.next]).toEqual([['4', '5'], null]);
    const stream = await fetch(`${mailbox.server.url}/api/mails`, {
      headers: { accept: 'application/x-ndjson' },
    });
    expect((await stream.text()).trim().split('\n')).toHaveLength(5);
  });
});
