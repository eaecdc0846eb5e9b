// What the settings of addresses and secrets refuse, with the line an operator reads. Every problem is named at once.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../infrastructure/config/setting.js';
import {
  mailSettings,
  operatorSettings,
  paymentSettings,
  workflowSettings,
} from '../../infrastructure/config/settings.js';
import { policySettings } from '../../infrastructure/config/policy-settings.js';

const addresses = {
  CHECKOUT_PUBLIC_URL: policySettings.CHECKOUT_PUBLIC_URL,
  CHECKOUT_PAYMENT_URL: paymentSettings.CHECKOUT_PAYMENT_URL,
  CHECKOUT_SES_ENDPOINT: mailSettings.CHECKOUT_SES_ENDPOINT,
  CHECKOUT_SWF_ENDPOINT: workflowSettings.CHECKOUT_SWF_ENDPOINT,
};
const names = Object.keys(addresses);
const allAt = (address: string) =>
  readSettings(addresses, Object.fromEntries(names.map((name) => [name, address])));

describe('an address of a service', () => {
  it.each([
    'https://shop.example',
    'https://shop.example:8443/checkout',
    'http://127.0.0.1:4000',
    'http://127.0.0.53',
    'http://localhost:4000',
    'http://mailbox.localhost',
    'http://[::1]:4000',
  ])('may be %s', (address) => {
    expect(allAt(address)).toStrictEqual(E.right(Object.fromEntries(names.map((name) => [name, address]))));
  });

  it.each([
    'http://shop.example',
    'http://127.0.0.1.shop.example',
    'http://localhost.shop.example',
    'http://127.0.0.1@shop.example',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::ffff:7f00:1]',
    'ftp://127.0.0.1',
    'https://shop.example/',
    'shop.example',
    '',
  ])('must not be %s', (address) => {
    const shape =
      'an address that begins with https://, or with http:// and a loopback host such as 127.0.0.1';
    const message = (name: string): string => {
      const isOptional = name.endsWith('_ENDPOINT');
      return `${name} must be ${shape}${isOptional ? ', or nothing' : ''}, not ${JSON.stringify(address)}`;
    };
    expect(allAt(address)).toStrictEqual(E.left(names.map((name) => ({ name, message: message(name) }))));
  });
});

describe("the operator's key", () => {
  const read = (key: string) => readSettings(operatorSettings, { CHECKOUT_OPERATOR_KEY: key });

  it.each(['abcdefghijklmnop', 'AZaz09._~+/-AZaz09==', 'k'.repeat(512)])('may be %s', (key) => {
    expect(read(key)).toStrictEqual(E.right({ CHECKOUT_OPERATOR_KEY: key }));
  });

  it.each([
    'too-short',
    'with a blank in the middle',
    'umlauts-äöü-äöü-äöü',
    'k'.repeat(513),
    'equals=in-the-middle',
    'line-break-at-the-end\n',
    '================',
  ])('must not be %j, and is not shown', (key) => {
    const message =
      'CHECKOUT_OPERATOR_KEY must be a secret of 16 to 512 letters, digits and . _ ~ + / -, with = at its end only';
    expect(read(key)).toStrictEqual(E.left([{ name: 'CHECKOUT_OPERATOR_KEY', message }]));
  });
});
