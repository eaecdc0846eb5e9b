import fc from 'fast-check';
import type { NotificationKind } from '../../domain/order/events.js';
import { isNotificationKind, type Step, stepFromKey, stepNames } from '../../domain/process/steps.js';

const kinds: readonly NotificationKind[] = [
  ...['order_confirmed', 'payment_needed', 'order_shipped', 'order_rejected'],
  ...['order_cancelled', 'order_refunded'],
].filter(isNotificationKind);

const stepOf = (key: string): Step[] => {
  const step = stepFromKey(key);
  return step === null ? [] : [step];
};

/** One step of every name, and every kind of mail. */
export const oneOfEach: readonly Step[] = [
  ...stepNames.flatMap((name) => [...stepOf(name), ...stepOf(`${name}.1`)]),
  ...kinds.map((mail): Step => ({ name: 'SendMail', mail, factRevision: 7 })),
];

/** Any step, with any number. */
export const someSteps: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom(...oneOfEach), fc.integer({ min: 0, max: 999_999_999 }))
  .map(([step, number]): Step => {
    if (step.name === 'SendMail') return { ...step, factRevision: number };
    return 'number' in step ? { ...step, number } : step;
  });
