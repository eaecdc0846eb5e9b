// What every mailer must do. What arrived is read from the mail service itself.
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mail, MailError, Mailer } from '../../../application/ports/mail/mailer.js';
import { answerOf } from '../samples.js';
import { newOrderId } from '../../support/ids.js';

/** A mail as the service took it, with the addressee as the mail's header shows them. */
export type TakenMail = {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** A mailer with a service of its own. */
export type MailerUnderTest = {
  readonly mailer: Mailer;
  /** The next mail is refused for now, or is taken and the answer is lost. */
  readonly disturb: (how: 'throttled' | 'reply_lost') => Promise<void>;
  /** What the service took for the order, oldest first. */
  readonly taken: (orderId: Mail['orderId']) => Promise<readonly TakenMail[]>;
  readonly close: () => Promise<void>;
};

/** A mail about a new order. */
export const mailOf = (change: Partial<Mail> = {}): Mail => {
  const orderId = newOrderId();
  return {
    key: `${orderId}:order_shipped:17`,
    orderId,
    kind: 'order_shipped',
    to: { name: 'Ada Lovelace', address: 'ada@customer.example' },
    subject: 'Your order is on its way – £35.64',
    text: 'Hello Zoë,\n\nyour parcel is on its way.\n',
    html: '<p>Hello <b>Zoë</b>,</p>\n<p>your parcel is on its way.</p>',
    ...change,
  };
};

/** The contract of a mailer; `open` is called for each test. */
export function mailerContract(name: string, open: () => Promise<MailerUnderTest>): void {
  describe(`${name} as a mailer`, () => {
    let service: MailerUnderTest;
    beforeEach(async () => {
      service = await open();
    });
    afterEach(() => service.close());

    const send = (mail: Mail) => answerOf(service.mailer.send(mail));
    async function refusalOf(mail: Mail): Promise<MailError['type']> {
      const outcome = await service.mailer.send(mail)();
      if (E.isRight(outcome)) throw new Error('the mail was sent');
      expect(outcome.left.reason).not.toContain('@');
      return outcome.left.type;
    }

    it('hands over the mail as it is, in text and HTML', async () => {
      const mail = mailOf();
      const { messageId } = await send(mail);
      expect(messageId).toMatch(/^[\w-]{1,100}$/);
      const { subject, text, html } = mail;
      expect(await service.taken(mail.orderId)).toEqual([
        { messageId, to: expect.stringContaining('ada@customer.example'), subject, text, html },
      ]);
    });

    it('sends the same mail again when it is told to', async () => {
      const mail = mailOf();
      const [first, second] = [await send(mail), await send(mail)];
      expect(first.messageId).not.toBe(second.messageId);
      expect(await service.taken(mail.orderId)).toHaveLength(2);
    });

    it.each([
      'not an address',
      '',
      '@customer.example',
      'ada@',
      'ada@customer',
      'ada@customer.example, eve@attacker.example',
      'ada@customer.example\r\nBcc: eve@attacker.example',
      'ada@customer.example>,<eve@attacker.example',
      'zoë@customer.example',
      '"a b"@customer.example',
    ])('refuses to write to %j', async (address) => {
      const mail = mailOf({ to: { name: 'Ada', address } });
      expect(await refusalOf(mail)).toBe('mail_refused');
      expect(await service.taken(mail.orderId)).toEqual([]);
    });

    it('did not send a mail that was throttled, and may send it later', async () => {
      const mail = mailOf();
      await service.disturb('throttled');
      expect(await refusalOf(mail)).toBe('mail_service_unavailable');
      expect(await service.taken(mail.orderId)).toEqual([]);
      await send(mail);
      expect(await service.taken(mail.orderId)).toHaveLength(1);
    });

    it('does not know of a mail whose answer was lost, and does not repeat it by itself', async () => {
      const mail = mailOf();
      await service.disturb('reply_lost');
      expect(await refusalOf(mail)).toBe('mail_outcome_unknown');
      expect(await service.taken(mail.orderId)).toHaveLength(1);
    });
  });
}
