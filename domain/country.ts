import type { Branded } from './brand.js';
import { countryNames } from './country-names.js';

/** A country or territory as its ISO 3166-1 alpha-2 code. */
export type CountryCode = Branded<string, 'CountryCode'>;

const codes: ReadonlySet<string> = new Set(countryNames.map(([code]) => code));

/** True for a current ISO 3166-1 alpha-2 code in capitals. */
export const isCountryCode = (value: string): value is CountryCode => codes.has(value);

// Names that shops write and ISO does not, with every country they may mean.
const shopNames: ReadonlyArray<readonly [name: string, codes: readonly string[]]> = [
  ['United Kingdom', ['GB']],
  ['Great Britain', ['GB']],
  ['EIRE', ['IE']],
  ['USA', ['US']],
  ['RSA', ['ZA']],
  ['Czech Republic', ['CZ']],
  ['Korea', ['KR']],
  ['Channel Islands', ['JE', 'GG']],
];

const byName: ReadonlyMap<string, readonly CountryCode[]> = new Map(
  [
    ...countryNames.map(([code, name]): readonly [string, readonly string[]] => [name, [code]]),
    ...countryNames.map(([code]): readonly [string, readonly string[]] => [code, [code]]),
    ...shopNames,
  ].map(([name, named]) => [name.toLowerCase(), named.filter(isCountryCode)]),
);

/**
 * The countries that a shop's country text may mean, by code or name in any case: usually one, two for
 * `Channel Islands` (the delivery address decides), none for texts such as `Unspecified`.
 */
export const countriesNamed = (text: string): readonly CountryCode[] =>
  byName.get(text.trim().toLowerCase()) ?? [];
