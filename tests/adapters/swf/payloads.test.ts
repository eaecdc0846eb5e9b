// The texts inside workflow histories: read back as written, and read strictly.
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import {
  decodeActivityInput,
  decodeContext,
  decodeFailure,
  decodeSituation,
  decodeWorkflowInput,
  encodeActivityInput,
  encodeContext,
  encodeFailure,
  encodeSituation,
  encodeWorkflowInput,
} from '../../../adapters/swf/payloads.js';
import { orderIdOf, workflowIdOf } from '../../../adapters/swf/names.js';
import type { Instant } from '../../../domain/instant.js';
import type { Situation } from '../../../domain/process/situation.js';
import { oneOfEach } from '../../process/some-steps.js';
import { instantOf } from '../../support/ids.js';
import { newOrder } from '../../process/order-model.js';
import { someOrderId, someSettings } from '../../process/process-run.js';

const someInstants: fc.Arbitrary<Instant | null> = fc.option(
  fc.integer({ min: 0, max: 2_000_000_000_000 }).map(instantOf),
);
const someNumbers = fc.integer({ min: 0, max: 9_999 });

const situations: fc.Arbitrary<Situation> = fc.record({
  revision: fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }),
  stage: fc.constantFrom(
    ...(['placed', 'authenticated', 'validated', 'released', 'completed'] as const),
    ...(['rejected', 'cancelling', 'cancelled'] as const),
  ),
  payment: fc.constantFrom(
    ...(['none', 'reserving', 'authenticating', 'declined', 'reserved'] as const),
    ...(['charging', 'charge_failed', 'expired', 'charged', 'voided'] as const),
  ),
  nextPayment: fc.constantFrom(
    ...(['nothing', 'reserve', 'reserve_soon', 'charge_soon', 'ask', 'give_up'] as const),
  ),
  attempt: someNumbers,
  charge: someNumbers,
  held: fc.option(someNumbers),
  heldFrom: someInstants,
  heldUntil: someInstants,
  customerSince: someInstants,
  stock: fc.constantFrom('none', 'reserved', 'unavailable', 'committed', 'released'),
  stockUntil: someInstants,
  fulfilment: fc.constantFrom('waiting', 'picked', 'packed', 'shipped', 'put_back'),
  offTheShelf: fc.boolean(),
  onHold: fc.boolean(),
  surplus: fc.array(someNumbers, { maxLength: 3 }),
  refundsDue: fc.array(someNumbers, { maxLength: 3 }),
  mailsDue: fc.array(
    fc.record({
      kind: fc.constantFrom(
        ...(['order_confirmed', 'payment_needed', 'order_shipped', 'order_rejected'] as const),
        ...(['order_cancelled', 'order_refunded'] as const),
      ),
      factRevision: someNumbers,
    }),
    { maxLength: 3 },
  ),
});

describe('payloads are read back as written', () => {
  it('situations, and none is longer than 800 characters', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const text = encodeSituation(situation);
        expect(decodeSituation(text)).toEqual(E.right(situation));
        expect(text.length).toBeLessThanOrEqual(800);
      }),
    );
  });
  it('workflow input', () => {
    const input = { orderId: someOrderId(), settings: someSettings };
    expect(decodeWorkflowInput(encodeWorkflowInput(input))).toEqual(E.right(input));
  });
  it('activity input of every step', () => {
    for (const step of oneOfEach) {
      expect(decodeActivityInput(encodeActivityInput(step, 31))).toEqual(E.right({ step, run: 31 }));
    }
  });
  it('failures, cut at 1,024 characters', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (reason) => {
        expect(decodeFailure(encodeFailure(reason))).toEqual(E.right(reason.slice(0, 1024)));
      }),
    );
  });
  it('contexts', () => {
    const context = { note: 'decider 1', decisions: 'ab'.repeat(32) };
    expect(decodeContext(encodeContext(context))).toEqual(E.right(context));
  });
  it('workflow ids', () => {
    expect(orderIdOf(workflowIdOf(someOrderId()))).toBe(someOrderId());
    expect(
      ['', 'order-', 'order-7', `Order-${someOrderId()}`, `order-${someOrderId()} `].map(orderIdOf),
    ).toEqual(Array.from({ length: 5 }, () => null));
  });
});

describe('stored forms stay readable for ever', () => {
  it('version 2', () => {
    const situation: Situation = { ...newOrder, mailsDue: [{ kind: 'order_confirmed', factRevision: 7 }] };
    const written =
      '{"v":2,"situation":{"revision":0,"stage":"placed","payment":"none","nextPayment":"reserve","attempt":0,' +
      '"charge":0,"held":null,"heldFrom":null,"heldUntil":null,"customerSince":null,"stock":"none",' +
      '"stockUntil":null,"fulfilment":"waiting","offTheShelf":false,"onHold":false,"surplus":[],"refundsDue":[],' +
      '"mailsDue":[{"kind":"order_confirmed","factRevision":7}]}}';
    expect(encodeSituation(situation)).toBe(written);
    expect(decodeSituation(written)).toEqual(E.right(situation));
    expect(encodeActivityInput({ name: 'SendMail', mail: 'order_shipped', factRevision: 9 }, 2)).toBe(
      '{"v":2,"step":"SendMail.order_shipped.9","run":2}',
    );
    expect(encodeWorkflowInput({ orderId: someOrderId(), settings: someSettings })).toBe(
      `{"v":2,"orderId":"${someOrderId()}","settings":{"graceSeconds":1200,"payAgainSeconds":1800,` +
        '"payAgainLaterSeconds":259200,"challengeSeconds":900,"renewMarginSeconds":86400,"pickSeconds":14400,' +
        '"unshippedSeconds":172800}}',
    );
    expect(encodeFailure('no')).toBe('{"v":2,"reason":"no"}');
  });
});

describe('payloads are read strictly', () => {
  const expected = (
    result: E.Either<{ readonly expected: readonly string[] }, unknown>,
  ): readonly string[] => (E.isLeft(result) ? result.left.expected : []);

  it.each([undefined, '', '{', 'null', '[]', '7', '{}', '{"v":2}'])('%j is none', (text) => {
    const results = [
      decodeSituation(text),
      decodeWorkflowInput(text),
      decodeActivityInput(text),
      decodeFailure(text),
      decodeContext(text),
    ];
    expect(results.map(E.isLeft)).toEqual([true, true, true, true, true]);
  });

  it('says where and what was expected, and never repeats what was there', () => {
    const text = JSON.stringify({
      v: 2,
      situation: { ...newOrder, stage: 'ada@example.com', revision: 0.5 },
    });
    expect(expected(decodeSituation(text))).toEqual([
      '$.situation.revision: Revision',
      '$.situation.stage: Stage',
    ]);
    expect(JSON.stringify(decodeSituation(text))).not.toContain('ada@');
  });

  it.each([
    [{ v: 2, orderId: 'x', settings: someSettings }, '$.orderId: OrderId'],
    [
      { v: 2, orderId: someOrderId(), settings: { ...someSettings, graceSeconds: -1 } },
      '$.settings.graceSeconds: Seconds',
    ],
    [{ v: 1, orderId: someOrderId(), settings: someSettings }, '$.v: 2'],
  ])('refuses the input %j', (value, where) => {
    expect(expected(decodeWorkflowInput(JSON.stringify(value)))).toEqual([where]);
  });

  it.each([
    [{ v: 2, step: 'Fly', run: 1 }, '$.step: Step'],
    [{ v: 2, step: 'Pick', run: 0 }, '$.run: Run'],
    [{ v: 2, step: 'Pick', run: 1.5 }, '$.run: Run'],
    [{ v: 2, step: 'x'.repeat(65), run: 1 }, '$.step: StepKey'],
  ])('refuses the step %j', (value, where) => {
    expect(expected(decodeActivityInput(JSON.stringify(value)))).toEqual([where]);
  });

  it('drops what it does not know beside what it knows', () => {
    const text = JSON.stringify({ v: 2, situation: { ...newOrder, name: 'Ada' }, more: 1 });
    expect(decodeSituation(text)).toEqual(E.right(newOrder));
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const decode of [decodeSituation, decodeWorkflowInput, decodeActivityInput, decodeFailure]) {
          expect(['Left', 'Right']).toContain(decode(text)._tag);
        }
      }),
    );
  });
});
