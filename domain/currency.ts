import type { Branded } from './brand.js';

/** An ISO 4217 currency that has a minor unit, as its three capital letters. */
export type Currency = Branded<string, 'Currency'>;

// ISO 4217: codes by the number of decimal digits of their minor unit. Codes without one (gold, test codes) are absent.
const codesByExponent: ReadonlyArray<readonly [exponent: number, codes: string]> = [
  [0, `BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF`],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
    CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR
    PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, `BHD IQD JOD KWD LYD OMR TND`],
  [4, `CLF UYW`],
];

const exponents: ReadonlyMap<string, number> = new Map(
  codesByExponent.flatMap(([exponent, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, exponent]),
  ),
);

/** True for a current ISO 4217 code with a minor unit. */
export const isCurrency = (value: string): value is Currency => exponents.has(value);

/** Decimal digits of the currency's minor unit: 2 for GBP, 0 for JPY, 3 for KWD. */
export const exponentOf = (currency: Currency): number => exponents.get(currency) ?? 2;
