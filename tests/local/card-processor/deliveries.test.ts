import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.js';
import { openReceiver, webhookSecret, type Receiver } from './webhook-receiver.js';

let receiver: Receiver;
const shops: Shop[] = [];

beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.processor.close();
  await receiver.close();
});

async function open(
  dataDirectory: string | null = null,
  options: Parameters<typeof openShop>[1] = {},
): Promise<Shop> {
  const shop = await openShop(dataDirectory, {
    webhook: { url: receiver.url, secret: webhookSecret },
    ...options,
  });
  shops.push(shop);
  return shop;
}

interface ListedEvent {
  readonly id: string;
  readonly type: string;
  readonly deliveries: readonly { status: string; attempts: number; lastAnswer: string | null }[];
}

async function listed(shop: Shop): Promise<readonly ListedEvent[]> {
  const response = await fetch(`${shop.processor.url}/_webhooks/events`);
  const body: { events: readonly ListedEvent[] } = await response.json();
  return body.events;
}

async function pending(shop: Shop): Promise<number> {
  const response = await fetch(`${shop.processor.url}/_webhooks`);
  const body: { pending: number } = await response.json();
  return body.pending;
}

/** What a value comes to, patiently: other tests share the machine. */
const soon = (value: () => number | Promise<number>) => expect.poll(value, { timeout: 10_000 });

describe('an event that does not arrive', () => {
  it('is sent again, the same bytes, until its address takes it', async () => {
    receiver.answerWith(500, 0, 302, 404);
    const shop = await open();
    await shop.reserve('order-1');
    await receiver.arrived(5);
    const [first, ...others] = receiver.letters;
    for (const letter of others) expect(letter.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
    await soon(() => pending(shop)).toBe(0);
    expect(await listed(shop)).toMatchObject([
      { deliveries: [{ status: 'delivered', attempts: 5, lastAnswer: 'HTTP 200' }] },
    ]);
    expect(receiver.letters).toHaveLength(5);
  });

  it('counts as lost when the answer takes too long', async () => {
    receiver.answerWith(-1);
    const shop = await open(null, {
      webhookTimes: { answerWithinMilliseconds: 30, firstWaitMilliseconds: 10 },
    });
    await shop.reserve('order-1');
    await receiver.arrived(2);
    expect(receiver.letters[1]?.event.id).toBe(receiver.letters[0]?.event.id);
  });

  it('is repeated in one line, however often it was sent by hand', async () => {
    receiver.answerWith(500, 500, 500, 500);
    const shop = await open(null, { webhookTimes: { firstWaitMilliseconds: 600 } });
    await shop.tell('/_webhooks/pause');
    await shop.reserve('order-1');
    const [event] = await listed(shop);
    for (let n = 0; n < 3; n += 1) await shop.tell(`/_webhooks/events/${event?.id ?? ''}/resend`);
    await shop.tell('/_webhooks/resume');
    await soon(() => pending(shop)).toBe(0);
    expect(receiver.letters).toHaveLength(5);
  });

  it('holds up no other', async () => {
    receiver.answerWith(...Array.from({ length: 8 }, () => 503));
    const shop = await open(null, { webhookTimes: { firstWaitMilliseconds: 600_000 } });
    for (const order of ['1', '2', '3', '4', '5', '6', '7', '8', '9']) await shop.reserve(order);
    await receiver.arrived(9);
    await soon(() => pending(shop)).toBe(8);
  });
});

describe('after a restart', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'card-processor-webhooks-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('what had not arrived is sent, and what had arrived is not', async () => {
    const live = await open(join(folder, 'live'), { webhookTimes: { firstWaitMilliseconds: 600_000 } });
    const { id } = await live.reserve('order-1');
    await receiver.arrived(1);
    await soon(() => pending(live)).toBe(0);
    receiver.answerWith(500, 500);
    await live.stripe.paymentIntents.capture(id);
    await receiver.arrived(3);
    // Killed in the middle of it: its files as they are now.
    await cp(join(folder, 'live'), join(folder, 'crashed'), { recursive: true });
    const restarted = await open(join(folder, 'crashed'));
    await receiver.arrived(5);
    await soon(() => pending(restarted)).toBe(0);
    expect([...receiver.types()].slice(3).sort()).toEqual(['charge.captured', 'payment_intent.succeeded']);
    const bytes = receiver.letters.map((letter) => letter.body.toString('utf8'));
    expect(new Set(bytes.slice(3))).toEqual(new Set(bytes.slice(1, 3)));
    expect(await listed(restarted)).toHaveLength(3);
  });

  it('a refund still fails and says so', async () => {
    const live = await open(join(folder, 'live'), { refundDelayMilliseconds: 60_000 });
    const { id } = await live.reserve('order-1', 'pm_card_refundFail');
    await live.stripe.paymentIntents.capture(id);
    const refund = await live.stripe.refunds.create({ payment_intent: id, amount: 1000 });
    await cp(join(folder, 'live'), join(folder, 'crashed'), { recursive: true });
    const restarted = await open(join(folder, 'crashed'), { refundDelayMilliseconds: 60_000 });
    restarted.pass(60_000);
    expect(await restarted.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' });
    await soon(() => receiver.types().filter((type) => type === 'refund.failed').length).toBe(1);
  });

  it('a changed address takes what still waits', async () => {
    receiver.answerWith(500);
    const live = await open(join(folder, 'live'), { webhookTimes: { firstWaitMilliseconds: 600_000 } });
    await live.reserve('order-1');
    await receiver.arrived(1);
    await cp(join(folder, 'live'), join(folder, 'moved'), { recursive: true });
    const elsewhere = await openReceiver();
    try {
      await open(join(folder, 'moved'), { webhook: { url: elsewhere.url, secret: webhookSecret } });
      await elsewhere.arrived(1);
      expect(elsewhere.letters[0]?.event.id).toBe(receiver.letters[0]?.event.id);
    } finally {
      await elsewhere.close();
    }
  });
});

describe('on command, webhooks', () => {
  it('wait while paused', async () => {
    const shop = await open();
    await shop.tell('/_webhooks/pause');
    const { id } = await shop.reserve('order-1');
    await shop.stripe.paymentIntents.cancel(id);
    expect(await pending(shop)).toBe(3);
    expect(receiver.letters).toEqual([]);
    await shop.tell('/_webhooks/resume');
    await receiver.arrived(3);
  });

  it('come twice', async () => {
    const shop = await open();
    await shop.tell('/_webhooks/faults', { kind: 'duplicate', match: { 'metadata.order_id': 'order-2' } });
    await shop.reserve('order-1');
    await shop.reserve('order-2');
    await receiver.arrived(3);
    const ids = receiver.letters.map((letter) => letter.event.id);
    expect(new Set(ids).size).toBe(2);
  });

  it('come in another order', async () => {
    const shop = await open();
    const wish = { kind: 'reorder', match: { type: 'payment_intent.*' }, times: 2 };
    expect((await shop.tell('/_webhooks/faults', wish)).status).toBe(201);
    const { id } = await shop.reserve('order-1');
    await shop.stripe.paymentIntents.capture(id);
    await receiver.arrived(3);
    expect(receiver.types().filter((type) => type.startsWith('payment_intent.'))).toEqual([
      'payment_intent.succeeded',
      'payment_intent.amount_capturable_updated',
    ]);
  });

  it('come late', async () => {
    const shop = await open();
    const wish = { kind: 'delay', match: { type: 'charge.captured' }, delayMilliseconds: 150 };
    await shop.tell('/_webhooks/faults', wish);
    const { id } = await shop.reserve('order-1');
    await shop.stripe.paymentIntents.capture(id);
    await receiver.arrived(3);
    expect(receiver.types()[2]).toBe('charge.captured');
  });

  it('are lost, and come after all when they are sent again', async () => {
    const shop = await open();
    await shop.tell('/_webhooks/faults', { kind: 'drop' });
    await shop.reserve('order-1');
    await soon(() => pending(shop)).toBe(0);
    const [event] = await listed(shop);
    expect(event).toMatchObject({ deliveries: [{ status: 'dropped', attempts: 0 }] });
    receiver.answerWith(500);
    expect((await shop.tell(`/_webhooks/events/${event?.id ?? ''}/resend`)).status).toBe(200);
    await receiver.arrived(2);
    await soon(() => pending(shop)).toBe(0);
    expect(await listed(shop)).toMatchObject([{ deliveries: [{ status: 'delivered', attempts: 2 }] }]);
    expect((await shop.tell('/_webhooks/events/evt_none/resend')).status).toBe(404);
  });

  it('go to addresses that were added while running, until they are removed', async () => {
    const shop = await open(null, { webhook: null });
    await shop.reserve('order-1');
    const added = await shop.tell('/_webhooks/endpoints', {
      url: receiver.url,
      secret: webhookSecret,
      events: ['payment_intent.succeeded'],
    });
    expect(added).toMatchObject({ status: 201, body: { events: ['payment_intent.succeeded'] } });
    expect(JSON.stringify(added.body)).not.toContain(webhookSecret);
    const { id } = await shop.reserve('order-2');
    await shop.stripe.paymentIntents.capture(id);
    await receiver.arrived(1);
    expect(receiver.types()).toEqual(['payment_intent.succeeded']);
    const remove = (): Promise<Response> =>
      fetch(`${shop.processor.url}/_webhooks/endpoints/${String(added.body['id'])}`, { method: 'DELETE' });
    expect((await remove()).status).toBe(200);
    expect((await remove()).status).toBe(404);
    const other = await shop.reserve('order-3');
    await shop.stripe.paymentIntents.capture(other.id);
    expect(await listed(shop)).toHaveLength(1);
  });

  it.each([
    ['endpoints', { url: 'ftp://shop.example', secret: webhookSecret }],
    ['endpoints', { url: 'http://shop.example', secret: 'secret' }],
    ['endpoints', { url: 'http://shop.example', secret: webhookSecret, events: ['payment_intent.created'] }],
    ['endpoints', { url: 'http://shop.example' }],
    ['endpoints', { url: 'http://shop.example', secret: webhookSecret, name: 'x' }],
    ['faults', { kind: 'lose' }],
    ['faults', { kind: 'drop', match: { path: '/' } }],
    ['faults', { kind: 'drop', code: 'lost_card' }],
    ['faults', { kind: 'drop', time: 2 }],
  ])('are not told %s %j', async (path, wish) => {
    const shop = await open();
    const { status, body } = await shop.tell(`/_webhooks/${path}`, wish);
    expect([status, typeof body['problem']]).toEqual([400, 'string']);
  });
});

it('a processor does not start with a webhook address that it cannot use', async () => {
  await expect(openShop(null, { webhook: { url: 'shop', secret: webhookSecret } })).rejects.toThrow(
    'webhook: url',
  );
});
