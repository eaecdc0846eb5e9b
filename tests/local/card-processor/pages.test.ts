import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.js';
import { openReceiver, webhookSecret, type Receiver } from './webhook-receiver.js';

let receiver: Receiver;
let shop: Shop;

beforeEach(async () => {
  receiver = await openReceiver();
  shop = await openShop(null, { webhook: { url: receiver.url, secret: webhookSecret } });
});
afterEach(async () => {
  await shop.processor.close();
  await receiver.close();
});

const page = async (path: string): Promise<string> => (await fetch(`${shop.processor.url}${path}`)).text();

describe('the pages', () => {
  it('show payments, one payment, refunds and webhooks', async () => {
    const { id } = await shop.reserve('order <1>');
    await shop.stripe.paymentIntents.capture(id, { amount_to_capture: 3000 });
    const refund = await shop.stripe.refunds.create({
      payment_intent: id,
      amount: 1000,
      reason: 'duplicate',
    });
    await receiver.arrived(5);
    const list = await page('/payments');
    expect(list).toContain('order &lt;1>');
    expect(list).toContain('kept 20.00 GBP');
    expect(await page('/payments?order=none')).toContain('There is no such payment');
    const detail = await page(`/payments/${id}`);
    for (const text of ['35.64 GBP', '5.64 GBP', refund.id, 'charge.captured', 'duplicate'])
      expect(detail).toContain(text);
    expect(await page('/refunds')).toContain(refund.id);
    const webhooks = await page('/webhooks');
    expect(webhooks).toContain(receiver.url);
    expect(webhooks).not.toContain(webhookSecret);
    expect(webhooks).toContain('refund.created');
    expect((await fetch(`${shop.processor.url}/payments/pi_none`)).status).toBe(404);
  });

  it('say so when there is nothing yet', async () => {
    expect(await page('/')).toContain('No card has been used yet');
    expect(await page('/refunds')).toContain('Nothing has been refunded yet');
    expect(await page('/payments')).toContain('There is no such payment');
  });
});

describe('on the challenge page the cardholder', () => {
  const ask = async (): Promise<string> => {
    const intent = await shop.stripe.paymentIntents.create({
      amount: 3564,
      currency: 'gbp',
      payment_method: 'pm_card_authenticationRequired',
      capture_method: 'manual',
      confirm: true,
      return_url: 'https://shop.example/back',
    });
    return intent.id;
  };
  const press = (id: string, answer: string): Promise<Response> =>
    fetch(`${shop.processor.url}/challenge/${id}`, {
      method: 'POST',
      body: new URLSearchParams({ answer }),
      redirect: 'manual',
    });

  it('closes the tab, and nothing is decided', async () => {
    const id = await ask();
    const closed = await press(id, 'closed');
    expect([closed.status, await closed.text()]).toEqual([
      200,
      expect.stringContaining('Nothing was decided'),
    ]);
    expect((await shop.stripe.paymentIntents.retrieve(id)).status).toBe('requires_action');
    expect((await press(id, 'passed')).status).toBe(303);
  });

  it('says yes and does not come back, so that only a webhook tells', async () => {
    const id = await ask();
    const closed = await press(id, 'passed_and_closed');
    expect([closed.status, closed.headers.get('location')]).toEqual([200, null]);
    await receiver.arrived(2);
    expect([...receiver.types()].sort()).toEqual([
      'payment_intent.amount_capturable_updated',
      'payment_intent.requires_action',
    ]);
  });
});
