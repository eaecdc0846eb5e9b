import { describe, expect, it } from 'vitest';
import { fromProcessorAmount, toProcessorAmount } from '../../../adapters/payment/amounts.js';
import { currencyOf } from '../../support/ids.js';

describe('amounts at the processor', () => {
  it.each([
    ['GBP', 3564, 3564],
    ['JPY', 1500, 1500],
    ['KWD', 12_340, 12_340],
    ['ISK', 500, 50_000],
    ['MGA', 500, 5],
  ])('%s %i are sent as %i', (code, minor, sent) => {
    const amount = { minor, currency: currencyOf(code) };
    expect(toProcessorAmount(amount)).toBe(sent);
    expect(fromProcessorAmount(sent, code.toLowerCase())).toEqual(amount);
  });

  it('that cannot be expressed are not sent at all', async () => {
    expect(toProcessorAmount({ minor: 501, currency: currencyOf('MGA') })).toBeNull();
    expect(toProcessorAmount({ minor: 0, currency: currencyOf('GBP') })).toBeNull();
    expect(fromProcessorAmount(550, 'isk')).toBeNull();
    expect(fromProcessorAmount(1, 'xxx')).toBeNull();
  });
});
