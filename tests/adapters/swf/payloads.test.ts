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
import type { Situation } from '../../../domain/process/situation.js';
import { allSteps } from '../../../domain/process/steps.js';
import { newOrder } from '../../process/order-model.js';
import { someOrderId, someSettings } from '../../process/process-run.js';

const situations: fc.Arbitrary<Situation> = fc.record({
  revision: fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }),
  stage: fc.constantFrom(
    ...(['placed', 'authenticated', 'validated', 'released', 'completed'] as const),
    ...(['rejected', 'cancelling', 'cancelled'] as const),
  ),
  payment: fc.constantFrom(
    ...(['none', 'reserving', 'declined', 'reserved'] as const),
    ...(['charging', 'charge_failed', 'charged', 'voided'] as const),
  ),
  stock: fc.constantFrom('none', 'reserved', 'unavailable', 'committed', 'released'),
  fulfilment: fc.constantFrom('waiting', 'picked', 'packed', 'shipped'),
  mailsDue: fc.uniqueArray(
    fc.constantFrom('order_confirmed', 'order_shipped', 'order_rejected', 'order_cancelled'),
  ),
});

describe('payloads are read back as written', () => {
  it('situations, and none is longer than 300 characters', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const text = encodeSituation(situation);
        expect(decodeSituation(text)).toEqual(E.right(situation));
        expect(text.length).toBeLessThanOrEqual(300);
      }),
    );
  });
  it('workflow input', () => {
    const input = { orderId: someOrderId(), settings: someSettings };
    expect(decodeWorkflowInput(encodeWorkflowInput(input))).toEqual(E.right(input));
  });
  it('activity input of every step', () => {
    for (const step of allSteps) {
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
  it('version 1', () => {
    const situation = {
      revision: 7,
      stage: 'released',
      payment: 'reserved',
      stock: 'committed',
      fulfilment: 'waiting',
      mailsDue: ['order_confirmed'],
    } as const;
    const written =
      '{"v":1,"situation":{"revision":7,"stage":"released","payment":"reserved","stock":"committed","fulfilment":"waiting","mailsDue":["order_confirmed"]}}';
    expect(encodeSituation(situation)).toBe(written);
    expect(decodeSituation(written)).toEqual(E.right(situation));
    expect(encodeActivityInput({ name: 'SendMail', mail: 'order_shipped' }, 2)).toBe(
      '{"v":1,"step":"SendMail-order_shipped","run":2}',
    );
    expect(encodeWorkflowInput({ orderId: someOrderId(), settings: someSettings })).toBe(
      `{"v":1,"orderId":"${someOrderId()}","settings":{"graceSeconds":1200,"payAgainSeconds":1800}}`,
    );
    expect(encodeFailure('no')).toBe('{"v":1,"reason":"no"}');
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
      v: 1,
      situation: { ...newOrder, stage: 'ada@example.com', revision: 0.5 },
    });
    expect(expected(decodeSituation(text))).toEqual([
      '$.situation.revision: Revision',
      '$.situation.stage: Stage',
    ]);
    expect(JSON.stringify(decodeSituation(text))).not.toContain('ada@');
  });

  it.each([
    [{ v: 1, orderId: 'x', settings: someSettings }, '$.orderId: OrderId'],
    [
      { v: 1, orderId: someOrderId(), settings: { ...someSettings, graceSeconds: -1 } },
      '$.settings.graceSeconds: Seconds',
    ],
    [{ v: 2, orderId: someOrderId(), settings: someSettings }, '$.v: 1'],
  ])('refuses the input %j', (value, where) => {
    expect(expected(decodeWorkflowInput(JSON.stringify(value)))).toEqual([where]);
  });

  it.each([
    [{ v: 1, step: 'Fly', run: 1 }, '$.step: Step'],
    [{ v: 1, step: 'Pick', run: 0 }, '$.run: Run'],
    [{ v: 1, step: 'Pick', run: 1.5 }, '$.run: Run'],
    [{ v: 1, step: 'x'.repeat(65), run: 1 }, '$.step: StepKey'],
  ])('refuses the step %j', (value, where) => {
    expect(expected(decodeActivityInput(JSON.stringify(value)))).toEqual([where]);
  });

  it('drops what it does not know beside what it knows', () => {
    const text = JSON.stringify({ v: 1, situation: { ...newOrder, name: 'Ada' }, more: 1 });
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
