import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProcessor } from '../../../infrastructure/local/card-processor/processor.js';
import { decodeEntry } from '../../../infrastructure/local/card-processor/records.js';
import { emptyState } from '../../../infrastructure/local/card-processor/state.js';
import { parametersFromForm } from '../../../infrastructure/local/card-processor/wire/parameters.js';
import { openShop, refusalOf, start, type Shop } from './shop.js';

const noWait = (): Promise<void> => Promise.resolve();

let folder: string;
const open: Shop[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'card-processor-'));
});
afterEach(async () => {
  for (const shop of open.splice(0)) await shop.processor.close();
  await rm(folder, { recursive: true });
});

async function openIn(directory: string): Promise<Shop> {
  const shop = await openShop(directory);
  open.push(shop);
  return shop;
}

/** What a killed process leaves behind: its files as they are at this moment. */
async function crashImage(name: string): Promise<string> {
  const copy = join(folder, name);
  await cp(join(folder, 'live'), copy, { recursive: true });
  return copy;
}

describe('after a crash', () => {
  it('everything that was answered is known', async () => {
    const live = await openIn(join(folder, 'live'));
    const first = await live.reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    const declined = await refusalOf(live.reserve('order-2', 'pm_card_visa_chargeDeclined', 100, 'key-2'));
    await live.stripe.paymentIntents.capture(
      first.id,
      { amount_to_capture: 3000 },
      { idempotencyKey: 'key-3' },
    );
    await live.stripe.refunds.create({ payment_intent: first.id, amount: 1 });
    const booked = await live.ledger();

    const restarted = await openIn(await crashImage('crashed'));
    expect(await restarted.ledger()).toEqual(booked);
    const replayed = await restarted.reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    expect(replayed).toMatchObject({ id: first.id, status: 'requires_capture' });
    expect(replayed.lastResponse.headers['idempotent-replayed']).toBe('true');
    const again = await refusalOf(restarted.reserve('order-2', 'pm_card_visa_chargeDeclined', 100, 'key-2'));
    expect(again.payment_intent?.id).toBe(declined.payment_intent?.id);
    const intent = await restarted.stripe.paymentIntents.retrieve(first.id);
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 3000 });
    expect((await restarted.stripe.refunds.create({ payment_intent: first.id })).amount).toBe(2999);
  });

  it('in the middle of many requests, a repeat with the same key never books twice', async () => {
    const live = await openIn(join(folder, 'live'));
    const orders = Array.from({ length: 60 }, (_, index) => `order-${index}`);
    const answered = new Map<string, string>();
    const images: Promise<string>[] = [];
    const known = new Map<string, string>();
    await Promise.all(
      orders.map(async (order) => {
        const { id } = await live.reserve(order, 'pm_card_visa', 3564, order);
        answered.set(order, id);
        if (answered.size !== 20) return;
        for (const entry of answered) known.set(...entry);
        images.push(crashImage('crashed'));
      }),
    );
    const image = await images[0];
    const restarted = await openIn(image ?? '');
    for (const order of orders) {
      const { id } = await restarted.reserve(order, 'pm_card_visa', 3564, order);
      expect(id).toBe(known.get(order) ?? id);
    }
    expect(known.size).toBe(20);
    const booked = await restarted.ledger();
    expect(new Set(booked.map((line) => line.orderId)).size).toBe(orders.length);
    expect(booked).toHaveLength(orders.length);
  });

  it('a reservation still ends at its time', async () => {
    const live = await openIn(join(folder, 'live'));
    const { id } = await live.reserve('order-1');
    const restarted = await openIn(await crashImage('crashed'));
    restarted.pass(7 * 86_400_000);
    expect((await restarted.ledger()).map((line) => line.kind)).toEqual(['reserved', 'released']);
    expect((await restarted.stripe.paymentIntents.retrieve(id)).status).toBe('canceled');
  });
});

describe('nothing is answered before it is on the disk', () => {
  it.each([
    ['a new payment', 'POST', '/v1/payment_intents', 'amount=100&currency=gbp', 'key-1'],
    ['a repeat of it', 'POST', '/v1/payment_intents', 'amount=100&currency=gbp', 'key-0'],
    ['a reader', 'GET', '/v1/payment_intents', '', null],
  ])('%s', async (_, method, path, form, idempotencyKey) => {
    let written: () => void = () => undefined;
    const disk = new Promise<void>((resolve) => {
      written = resolve;
    });
    const processor = openProcessor({
      state: emptyState(),
      journal: { entries: [], append: () => disk, compact: () => disk, close: () => disk },
      clock: () => start,
      reservationLife: 1,
      searchLag: 0,
      place: () => ({ publicUrl: '' }),
    });
    const events: string[] = [];
    const ask = async (name: string, verb: string, text: string, key: string | null): Promise<void> => {
      const request = {
        id: name,
        method: verb,
        path,
        parameters: parametersFromForm(text),
        idempotencyKey: key,
      };
      const { status } = await processor.answer(request, { before: noWait, after: noWait, error500: null });
      events.push(`${name} ${status}`);
    };
    const first = ask('first', 'POST', 'amount=100&currency=gbp', 'key-0');
    const second = ask('second', method, form, idempotencyKey);
    await new Promise((resolve) => setImmediate(resolve));
    events.push('on the disk');
    written();
    await Promise.all([first, second]);
    const twin = idempotencyKey === 'key-0';
    expect(events).toEqual(
      twin ? ['second 409', 'on the disk', 'first 200'] : ['on the disk', 'first 200', 'second 200'],
    );
  });
});

it('no webhook sets out before what it tells is on the disk', async () => {
  let written: () => void = () => undefined;
  const disk = new Promise<void>((resolve) => {
    written = resolve;
  });
  const announced: string[] = [];
  const processor = openProcessor({
    state: emptyState(),
    journal: { entries: [], append: () => disk, compact: () => disk, close: () => disk },
    clock: () => start,
    reservationLife: 1,
    searchLag: 0,
    place: () => ({ publicUrl: '' }),
    announce: (deliveries) => announced.push(...deliveries.map((delivery) => delivery.endpoint)),
  });
  const endpoint = { id: 'we_1', url: 'http://shop', secret: 'whsec_of_the_shop', events: ['*'] };
  const kept = processor.keep([{ type: 'Endpoint', endpoint }]);
  const form =
    'amount=100&currency=gbp&payment_method=pm_card_visa&confirm=true&capture_method=manual&off_session=true';
  const request = { id: 'req_1', method: 'POST', path: '/v1/payment_intents', idempotencyKey: null };
  const answered = processor.answer(
    { ...request, parameters: parametersFromForm(form) },
    { before: noWait, after: noWait, error500: null },
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect([processor.state.events.size, announced]).toEqual([1, []]);
  written();
  await Promise.all([kept, answered]);
  expect(announced).toEqual(['we_1']);
});

it('a journal of an earlier version, which knew neither pending refunds nor disputes, can be read', () => {
  const charge = {
    id: 'ch_1',
    createdAt: start,
    intent: 'pi_1',
    paymentMethod: 'pm_1',
    amount: 100,
    currency: 'gbp',
    amountCaptured: 100,
    amountReleased: 0,
    amountRefunded: 40,
    captured: true,
    declineCode: null,
    authenticated: false,
    captureBefore: null,
  };
  const { id, createdAt, intent, currency } = charge;
  const refund = {
    id: 're_1',
    createdAt,
    intent,
    charge: id,
    amount: 40,
    currency,
    reason: null,
    metadata: {},
  };
  const changes = [
    { type: 'Charge', charge },
    { type: 'Refund', refund },
  ];
  expect(decodeEntry({ changes }).changes).toEqual([
    { type: 'Charge', charge: { ...charge, networkDeclineCode: null, disputed: false } },
    { type: 'Refund', refund: { ...refund, status: 'succeeded', failureReason: null, coming: null } },
  ]);
});

describe('the ledger', () => {
  it('is read in pages, by order, and as a stream', async () => {
    const shop = await openIn(join(folder, 'live'));
    for (const order of ['1', '2', '3']) await shop.reserve(order);
    const read = async (query: string): Promise<{ sequences: number[]; next: number | null }> => {
      const response = await fetch(`${shop.processor.url}/_ledger${query}`);
      const body: { entries: { sequence: number }[]; next: number | null } = await response.json();
      return { sequences: body.entries.map((entry) => entry.sequence), next: body.next };
    };
    expect(await read('?limit=2')).toEqual({ sequences: [1, 2], next: 2 });
    expect(await read('?limit=2&after=2')).toEqual({ sequences: [3], next: null });
    expect(await read('?order_id=2')).toEqual({ sequences: [2], next: null });
    expect((await fetch(`${shop.processor.url}/_ledger?limit=x`)).status).toBe(400);
    const stream = await fetch(`${shop.processor.url}/_ledger`, {
      headers: { accept: 'application/x-ndjson' },
    });
    expect((await stream.text()).trim().split('\n')).toHaveLength(3);
  });

  it('is shown on a page with totals and cards', async () => {
    const shop = await openIn(join(folder, 'live'));
    await shop.reserve('order-1');
    const page = await (await fetch(shop.processor.url)).text();
    expect(page).toContain('35.64 GBP');
    expect(page).toContain('order-1');
    expect(page).toContain('pm_card_visa_chargeDeclinedLostCard');
  });
});
