import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { inMemoryMailer } from '../../../adapters/ses/in-memory.js';
import { sparingMailer } from '../../../application/emails/sparing-mailer.js';
import type { AddressMarkReason, Customers } from '../../../application/ports/customers.js';
import * as the from '../../support/examples.js';
import { mailOf } from '../../contracts/mailer/mailer.js';

const markedAs =
  (reason: AddressMarkReason | null): Customers['addressMark'] =>
  (email) =>
  async () =>
    E.right(reason === null || email !== 'ada@customer.example' ? null : { reason, at: the.opening });

describe('a mail to an address', () => {
  it.each([
    ['bounced_permanently', 'recipient_bounced'],
    ['complained', 'recipient_complained'],
  ] as const)('that %s is not sent, and says why without naming it', async (reason, told) => {
    const mailer = inMemoryMailer();
    const sparing = sparingMailer({ addressMark: markedAs(reason) }, mailer);
    expect(await sparing.send(mailOf())()).toEqual(E.left({ type: 'mail_refused', reason: told }));
    expect(mailer.sent()).toEqual([]);
  });

  it.each([null, 'bounced_transiently'] as const)('marked as %s is sent', async (reason) => {
    const mailer = inMemoryMailer();
    const mail = mailOf();
    expect(await sparingMailer({ addressMark: markedAs(reason) }, mailer).send(mail)()).toEqual(
      E.right({ messageId: 'message-1' }),
    );
    expect(mailer.sent()).toMatchObject([mail]);
  });

  it('of which nothing can be found out now is tried later', async () => {
    const mailer = inMemoryMailer();
    const addressMark: Customers['addressMark'] = () => async () =>
      E.left({ type: 'customers_unavailable', reason: 'down' });
    expect(await sparingMailer({ addressMark }, mailer).send(mailOf())()).toEqual(
      E.left({ type: 'mail_service_unavailable', reason: 'customers_unavailable' }),
    );
    expect(mailer.sent()).toEqual([]);
  });
});
