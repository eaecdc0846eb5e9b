import fc from 'fast-check';
import { answerChallenge } from '../../../infrastructure/local/card-processor/rules/challenge.js';
import type { Verdict } from '../../../infrastructure/local/card-processor/rules/operation.js';
import {
  endReservations,
  openDispute,
  settleRefund,
} from '../../../infrastructure/local/card-processor/rules/others.js';
import { describe, expect, it } from 'vitest';
import {
  openProcessor,
  type Mishap,
  type Processor,
} from '../../../infrastructure/local/card-processor/processor.js';
import { bookOf } from '../../../infrastructure/local/card-processor/control/payment-books.js';
import {
  decodeEntry,
  type Delivery,
  type Entry,
} from '../../../infrastructure/local/card-processor/records.js';
import {
  apply,
  changesOf,
  emptyState,
  type State,
} from '../../../infrastructure/local/card-processor/state.js';
import { eventTypes } from '../../../infrastructure/local/card-processor/webhooks/facts.js';
import { parametersFromForm } from '../../../infrastructure/local/card-processor/wire/parameters.js';

const noMishap: Mishap = { before: () => Promise.resolve(), after: () => Promise.resolve(), error500: null };
const day = 86_400_000;

/** One thing that a shop does; `payment` picks one of the payments made so far, whatever their number. */
type Step =
  | { readonly type: 'reserve'; readonly card: string; readonly amount: number; readonly manual: boolean }
  | { readonly type: 'capture' | 'refund'; readonly payment: number; readonly amount: number | null }
  | { readonly type: 'cancel' | 'expire' | 'dispute'; readonly payment: number }
  | { readonly type: 'settle refund'; readonly refund: number; readonly status: 'succeeded' | 'failed' }
  | { readonly type: 'challenge'; readonly payment: number; readonly passed: boolean }
  | { readonly type: 'issuer'; readonly verdict: Verdict }
  | { readonly type: 'repeat' }
  | { readonly type: 'pass'; readonly days: number };

// Small amounts close to the smallest charge, so that what is asked for is often nearly what is there.
const amounts = fc.integer({ min: 20, max: 60 });
const card = fc.oneof(
  { arbitrary: fc.constantFrom('pm_card_visa', 'pm_card_mastercard'), weight: 3 },
  {
    arbitrary: fc.constantFrom('pm_card_refundFail', 'pm_card_pendingRefund', 'pm_card_pendingRefundFail'),
    weight: 3,
  },
  {
    arbitrary: fc.constantFrom('pm_card_chargeDeclinedLostCard', 'pm_card_authenticationRequired'),
    weight: 1,
  },
);
const payment = fc.nat(1000);
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('reserve' as const),
        card,
        amount: amounts,
        manual: fc.boolean(),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constantFrom('capture' as const, 'refund' as const),
        payment,
        amount: fc.option(amounts),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constantFrom('cancel' as const, 'cancel' as const, 'expire' as const, 'dispute' as const),
        payment,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('settle refund' as const),
        refund: payment,
        status: fc.constantFrom('succeeded' as const, 'failed' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('challenge' as const), payment, passed: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('issuer' as const),
        verdict: fc.constantFrom<Verdict>(
          { type: 'Decline', code: 'do_not_honor' },
          { type: 'Challenge' },
          { type: 'Expire' },
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('repeat' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('pass' as const), days: fc.integer({ min: 0, max: 8 }) }),
    },
  ),
  { minLength: 10, maxLength: 50, size: 'max' },
);

const endpoint = { id: 'we_1', url: 'http://shop', secret: 'whsec_of_the_shop', events: ['*'] };

interface World {
  readonly processor: Processor;
  readonly entries: Entry[];
  /** Deliveries that the courier was given. */
  readonly announced: readonly Delivery[];
  readonly play: (step: Step) => Promise<void>;
}

function openWorld(): World {
  let now = Date.UTC(2026, 0, 1);
  let count = 0;
  let last: { path: string; form: string; key: string; body: string; at: number } | null = null;
  const entries: Entry[] = [];
  const journal = {
    entries: [],
    append: (entry: Entry) => {
      entries.push(decodeEntry(JSON.parse(JSON.stringify(entry))));
      return Promise.resolve();
    },
    compact: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const verdicts: Verdict[] = [];
  const announced: Delivery[] = [];
  const processor = openProcessor({
    state: emptyState(),
    journal,
    clock: () => now,
    reservationLife: 7 * day,
    searchLag: 0,
    refundDelay: day,
    issuer: () => verdicts.shift() ?? null,
    announce: (deliveries) => announced.push(...deliveries),
    place: () => ({ publicUrl: 'http://processor' }),
  });
  const post = async (path: string, form: string, key: string): Promise<string> => {
    const parameters = parametersFromForm(form);
    const request = { id: `req_${count}`, method: 'POST', path, parameters, idempotencyKey: key };
    return (await processor.answer(request, noMishap)).body;
  };
  const send = async (path: string, form: string): Promise<void> => {
    count += 1;
    const key = `key-${count}`;
    last = { path, form, key, body: await post(path, form, key), at: now };
  };
  const pickOf = (ids: readonly string[], chosen: number): string =>
    ids[chosen % Math.max(1, ids.length)] ?? 'none';
  const pick = (chosen: number): string => pickOf([...processor.state.intents.keys()], chosen);
  const play = async (step: Step): Promise<void> => {
    switch (step.type) {
      case 'reserve':
        return send(
          '/v1/payment_intents',
          `amount=${step.amount}&currency=gbp&payment_method=${step.card}&confirm=true&capture_method=${step.manual ? 'manual' : 'automatic'}&allowed_payment_method_types[0]=card`,
        );
      case 'capture':
        return send(
          `/v1/payment_intents/${pick(step.payment)}/capture`,
          step.amount === null ? '' : `amount_to_capture=${step.amount}`,
        );
      case 'refund':
        return send(
          '/v1/refunds',
          `payment_intent=${pick(step.payment)}${step.amount === null ? '' : `&amount=${step.amount}`}`,
        );
      case 'cancel':
        return send(`/v1/payment_intents/${pick(step.payment)}/cancel`, '');
      case 'expire': {
        const chosen = pick(step.payment);
        await processor.carryOut(endReservations((intent) => intent.id === chosen));
        return;
      }
      case 'dispute':
        await processor.carryOut(
          openDispute(pickOf([...processor.state.charges.keys()], step.payment), null, 'fraudulent'),
        );
        return;
      case 'settle refund':
        await processor.carryOut(
          settleRefund(pickOf([...processor.state.refunds.keys()], step.refund), step.status, null),
        );
        return;
      case 'challenge':
        await processor.carryOut(answerChallenge(pick(step.payment), step.passed));
        return;
      case 'issuer':
        verdicts.push(step.verdict);
        return;
      case 'pass':
        now += step.days * day;
        return processor.settle();
      case 'repeat': {
        if (last === null || now - last.at >= day) return;
        const booked = processor.state.ledger.length;
        const wasKept = processor.state.replies.has(last.key);
        const again = await post(last.path, last.form, last.key);
        if (!wasKept) return;
        expect(again).toBe(last.body);
        expect(processor.state.ledger).toHaveLength(booked);
      }
    }
  };
  return { processor, entries, announced, play };
}

/** Recomputed from the ledger alone, payment by payment. */
function checkBooks(state: State): void {
  for (const intent of state.intents.values()) {
    const sum = (kind: string): number =>
      state.ledger
        .filter((line) => line.paymentIntent === intent.id && line.kind === kind)
        .reduce((total, line) => total + line.amount, 0);
    expect(sum('captured')).toBe(intent.amountReceived);
    expect(sum('reserved') - sum('captured') - sum('released')).toBe(intent.amountCapturable);
    const refunds = [...state.refunds.values()].filter((refund) => refund.intent === intent.id);
    const amountOf = (...statuses: readonly string[]): number =>
      refunds
        .filter((refund) => statuses.includes(refund.status))
        .reduce((total, refund) => total + refund.amount, 0);
    expect(sum('refunded') - sum('refund_reversed')).toBe(amountOf('succeeded'));
    expect(amountOf('succeeded', 'pending')).toBeLessThanOrEqual(sum('captured'));
    expect(sum('captured')).toBeLessThanOrEqual(sum('reserved'));
    expect(sum('disputed') + amountOf('succeeded', 'pending')).toBeLessThanOrEqual(sum('captured'));
    expect(sum('reserved')).toBeLessThanOrEqual(intent.amount);
    const charge = state.charges.get(intent.latestCharge ?? '');
    expect(charge?.amountRefunded ?? 0).toBe(amountOf('succeeded', 'pending'));
    expect(bookOf(state, intent, 1)).toMatchObject({
      held: intent.amountCapturable,
      captured: intent.amountReceived,
      refunded: amountOf('succeeded'),
      refundsPending: amountOf('pending'),
      live: intent.status === 'requires_capture',
    });
    expect(intent.status === 'requires_capture').toBe(intent.amountCapturable > 0);
    expect(state.openReservations.has(intent.id)).toBe(intent.status === 'requires_capture');
  }
}

describe('whatever a shop does', () => {
  it('the books balance, and replaying the journal gives the same state', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const { processor, entries, announced, play } = openWorld();
        await processor.keep([{ type: 'Endpoint', endpoint }]);
        for (const step of story) {
          await play(step);
          checkBooks(processor.state);
        }
        for (const line of processor.state.ledger) {
          const what = `${line.kind} ${line.reason ?? ''}`.trim();
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
        // Whatever happened is told, each thing once.
        expect(announced.map((delivery) => delivery.event)).toEqual([...processor.state.events.keys()]);
        for (const event of processor.state.events.values())
          seen.set(event.type, (seen.get(event.type) ?? 0) + 1);
        const replayed = emptyState();
        for (const entry of entries) for (const change of entry.changes) apply(replayed, change);
        // Old keys are dropped while serving, so a replay may know more of them.
        expect({ ...replayed, replies: null }).toEqual({ ...processor.state, replies: null });
        for (const [key, reply] of processor.state.replies) expect(replayed.replies.get(key)).toEqual(reply);
        const shortened = emptyState();
        for (const change of changesOf(processor.state)) apply(shortened, change);
        expect(shortened).toEqual(processor.state);
      }),
      { numRuns: 60 },
    );
    // A run in which one of these never happened has proven nothing about it.
    for (const what of [
      'captured',
      'declined lost_card',
      'refunded',
      'released canceled',
      'released expired',
      'released partial capture',
      'refund_reversed expired_or_canceled_card',
      'disputed fraudulent',
      ...eventTypes,
    ])
      expect([what, (seen.get(what) ?? 0) > 0]).toEqual([what, true]);
  });
});
