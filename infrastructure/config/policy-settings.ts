import { isCountryCode, type CountryCode } from '../../domain/country.js';
import { isCurrency, type Currency } from '../../domain/currency.js';
import { defaultSettings, defaultStockHoldSeconds } from '../../domain/process/limits.js';
import { serviceUrl, Setting, text, wholeNumber } from './setting.js';

// What a shop may decide for itself about its orders, all in one place; the units are in the names.

const limitsShape = 'currencies with the largest total in minor units, such as GBP:5000000,EUR:5000000';

const parseLimits = (value: string): ReadonlyMap<Currency, number> | null => {
  const limits = new Map<Currency, number>();
  for (const part of value.split(',')) {
    const match = /^([A-Z]{3}):(\d{1,12})$/.exec(part.trim());
    const [, currency = '', limit = ''] = match ?? [];
    if (!isCurrency(currency)) return null;
    limits.set(currency, Number(limit));
  }
  return limits.size === 0 ? null : limits;
};

const parseDestinations = (value: string): ReadonlySet<CountryCode> | 'everywhere' | null => {
  if (value === 'everywhere') return value;
  const parts = value.split(',').map((part) => part.trim());
  const codes = parts.filter(isCountryCode);
  return codes.length === parts.length ? new Set(codes) : null;
};

type CardCheckName = 'address' | 'security_code';

const parseChecks = (value: string): ReadonlySet<CardCheckName> | null => {
  if (value === 'none') return new Set();
  const parts = value.split(',').map((part) => part.trim());
  const known = (['address', 'security_code'] as const).filter((name) => parts.includes(name));
  return known.length === parts.length ? new Set(known) : null;
};

/** What the shop decided about its orders. */
export const policySettings = {
  CHECKOUT_SHOP_NAME: text({ about: "the shop's name, as customers know it", fallback: 'The Gift Shop' }),
  CHECKOUT_PUBLIC_URL: serviceUrl({ about: 'the public address of the checkout' }),
  CHECKOUT_GRACE_SECONDS: wholeNumber(0, 86_400, {
    about: 'time between the confirmation and the hand-over to the warehouse',
    fallback: defaultSettings.graceSeconds,
  }),
  CHECKOUT_PAY_AGAIN_SECONDS: wholeNumber(0, 604_800, {
    about: 'time for another card after a decline at the checkout',
    fallback: defaultSettings.payAgainSeconds,
  }),
  CHECKOUT_PAY_AGAIN_LATER_SECONDS: wholeNumber(0, 2_592_000, {
    about: 'time for another card when the money of a confirmed order fails',
    fallback: defaultSettings.payAgainLaterSeconds,
  }),
  CHECKOUT_CHALLENGE_SECONDS: wholeNumber(1, 86_400, {
    about: 'time for a customer to confirm with the bank',
    fallback: defaultSettings.challengeSeconds,
  }),
  CHECKOUT_RENEW_MARGIN_SECONDS: wholeNumber(0, 604_800, {
    about: 'how long before its end a card reservation is renewed',
    fallback: defaultSettings.renewMarginSeconds,
  }),
  CHECKOUT_PICK_SECONDS: wholeNumber(0, 604_800, {
    about: 'how long a card reservation must still last when its goods are to be picked',
    fallback: defaultSettings.pickSeconds,
  }),
  CHECKOUT_UNSHIPPED_SECONDS: wholeNumber(2, 2_592_000, {
    about: 'after how long a charged order that was not shipped is refunded',
    fallback: defaultSettings.unshippedSeconds,
  }),
  CHECKOUT_REFUSE_CHECKS: new Setting<ReadonlySet<CardCheckName>>({
    about: "the issuer's checks whose failure makes the shop refuse an approved card",
    shape: '`none`, or a list of address, security_code',
    fallback: new Set(['security_code'] as const),
    parse: parseChecks,
  }),
  CHECKOUT_STOCK_HOLD_SECONDS: wholeNumber(60, 86_400, {
    about: 'how long goods are held for an order without a card reservation',
    fallback: defaultStockHoldSeconds,
  }),
  CHECKOUT_DESTINATIONS: new Setting<ReadonlySet<CountryCode> | 'everywhere'>({
    about: 'the countries that are delivered to',
    shape: '`everywhere`, or country codes such as GB,IE,DE',
    fallback: 'everywhere',
    parse: parseDestinations,
  }),
  CHECKOUT_TOTAL_LIMITS: new Setting<ReadonlyMap<Currency, number>>({
    about: 'the accepted currencies and the largest total of one order',
    shape: limitsShape,
    parse: parseLimits,
  }),
};
