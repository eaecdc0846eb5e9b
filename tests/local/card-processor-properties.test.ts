import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openProcessor,
  type Mishap,
  type Processor,
} from '../../infrastructure/local/card-processor/processor.js';
import { decodeEntry, type Entry } from '../../infrastructure/local/card-processor/records.js';
import { apply, changesOf, emptyState, type State } from '../../infrastructure/local/card-processor/state.js';
import { parametersFromForm } from '../../infrastructure/local/card-processor/wire/parameters.js';

const noMishap: Mishap = { before: () => Promise.resolve(), after: () => Promise.resolve(), error500: null };
const day = 86_400_000;

/** One thing that a shop does; `payment` picks one of the payments made so far. */
type Step =
  | { readonly type: 'reserve'; readonly card: string; readonly amount: number; readonly manual: boolean }
  | { readonly type: 'capture' | 'refund'; readonly payment: number; readonly amount: number | null }
  | { readonly type: 'cancel'; readonly payment: number }
  | { readonly type: 'repeat' }
  | { readonly type: 'pass'; readonly days: number };

const amounts = fc.integer({ min: 1, max: 5000 });
const steps = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant('reserve' as const),
      card: fc.constantFrom(
        'pm_card_visa',
        'pm_card_mastercard',
        'pm_card_chargeDeclinedLostCard',
        'pm_card_authenticationRequired',
      ),
      amount: amounts,
      manual: fc.boolean(),
    }),
    fc.record({
      type: fc.constantFrom('capture' as const, 'refund' as const),
      payment: fc.nat(5),
      amount: fc.option(amounts),
    }),
    fc.record({ type: fc.constant('cancel' as const), payment: fc.nat(5) }),
    fc.record({ type: fc.constant('repeat' as const) }),
    fc.record({ type: fc.constant('pass' as const), days: fc.integer({ min: 0, max: 8 }) }),
  ),
  { maxLength: 40 },
);

interface World {
  readonly processor: Processor;
  readonly entries: Entry[];
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
  const processor = openProcessor({
    state: emptyState(),
    journal,
    clock: () => now,
    reservationLife: 7 * day,
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
  const pick = (payment: number): string => [...processor.state.intents.keys()][payment] ?? 'pi_none';
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
  return { processor, entries, play };
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
    expect(sum('refunded')).toBeLessThanOrEqual(sum('captured'));
    expect(sum('reserved')).toBeLessThanOrEqual(intent.amount);
    expect(intent.status === 'requires_capture').toBe(intent.amountCapturable > 0);
    expect(state.openReservations.has(intent.id)).toBe(intent.status === 'requires_capture');
  }
}

describe('whatever a shop does', () => {
  it('the books balance, and replaying the journal gives the same state', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const { processor, entries, play } = openWorld();
        for (const step of story) {
          await play(step);
          checkBooks(processor.state);
        }
        const replayed = emptyState();
        for (const entry of entries) for (const change of entry.changes) apply(replayed, change);
        // Old keys are dropped while serving, so a replay may know more of them.
        expect({ ...replayed, replies: null }).toEqual({ ...processor.state, replies: null });
        for (const [key, reply] of processor.state.replies) expect(replayed.replies.get(key)).toEqual(reply);
        const shortened = emptyState();
        for (const change of changesOf(processor.state)) apply(shortened, change);
        expect(shortened).toEqual(processor.state);
      }),
      { numRuns: 150 },
    );
  });
});
