// The small nouns: moments, quantities, ids, card tokens, payment keys, tracking numbers.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { trackingNumberFrom } from '../../domain/fulfilment.js';
import { isCommandId, isContactSnapshotId, isCustomerId, isOrderId, isSignInId } from '../../domain/ids.js';
import { hasPassed, isInstant, plusSeconds } from '../../domain/instant.js';
import { isPaymentKey, isPaymentMethodToken } from '../../domain/payment.js';
import { isQuantity } from '../../domain/quantity.js';
import { instantOf, orderIdNumbered } from '../support/ids.js';

const latest = 253_402_300_799_999;

describe('a moment', () => {
  it.each([0, 1, latest])('%d is one', (value) => {
    expect(isInstant(value)).toBe(true);
  });

  it.each([-1, 0.5, latest + 1, Number.NaN, Number.POSITIVE_INFINITY])('%d is none', (value) => {
    expect(isInstant(value)).toBe(false);
  });

  it('moves by seconds, to the millisecond', () => {
    expect(plusSeconds(instantOf(1_000), 1.5)).toBe(2_500);
    expect(plusSeconds(instantOf(1_000), 0)).toBe(1_000);
  });

  it('stops at the last moment of the year 9999', () => {
    expect(plusSeconds(instantOf(latest - 500), 1)).toBe(latest);
    expect(plusSeconds(instantOf(latest), 86_400)).toBe(latest);
  });

  it('has passed from the deadline on', () => {
    expect(hasPassed(instantOf(1_000), instantOf(999))).toBe(false);
    expect(hasPassed(instantOf(1_000), instantOf(1_000))).toBe(true);
  });
});

describe('a quantity', () => {
  it.each([1, 3_186, 1_000_000])('%d is one', (value) => {
    expect(isQuantity(value)).toBe(true);
  });

  it.each([0, -1, 1.5, 1_000_001, Number.NaN])('%d is none', (value) => {
    expect(isQuantity(value)).toBe(false);
  });
});

describe('an id', () => {
  const guards = [isOrderId, isCustomerId, isSignInId, isContactSnapshotId, isCommandId];

  it.each(guards)('is a UUID in lower case: %o', (guard) => {
    const sound = 'c0ffee00-1234-4abc-8def-0123456789ab';
    expect(guard(sound)).toBe(true);
    for (const wrong of [
      '',
      sound.toUpperCase(),
      `${sound}\n`,
      ` ${sound}`,
      sound.slice(1),
      sound.replace('c', 'g'),
    ]) {
      expect(guard(wrong)).toBe(false);
    }
  });
});

describe('a card token', () => {
  it.each(['pm_card_visa', 'pm_1AbCdEfGhIjKlMnO', 'tok_visa'])('%s is one', (token) => {
    expect(isPaymentMethodToken(token)).toBe(true);
  });

  it.each([
    '',
    'pm',
    '4242424242424242',
    'pm_4242424242424242',
    'pm_424242424242',
    'pm card',
    'pm_\n',
    '1pm_',
  ])('%j is none', (token) => {
    expect(isPaymentMethodToken(token)).toBe(false);
  });
});

describe('a payment key', () => {
  const id = orderIdNumbered(1);

  it.each([`${id}:reserve:1`, `${id}:charge:12`, `${id}:charge:9999`])('%s is one', (key) => {
    expect(isPaymentKey(key)).toBe(true);
  });

  it.each([`${id}:reserve:0`, `${id}:gift:1`, `${id}:charge`, `${id}:charge:01`, `x${id}:charge:1`])(
    '%s is none',
    (key) => {
      expect(isPaymentKey(key)).toBe(false);
    },
  );
});

describe('a tracking number', () => {
  it('is read from a label without its blanks, in capitals', () => {
    expect(trackingNumberFrom(' rm 1234 5678 9gb ')).toStrictEqual(E.right('RM123456789GB'));
  });

  it.each(['', 'AB', 'x'.repeat(41), 'RM_1', 'RM1\n', '<script>'])('is not %j', (label) => {
    expect(trackingNumberFrom(label)).toStrictEqual(E.left({ type: 'not_a_tracking_number' }));
  });
});
