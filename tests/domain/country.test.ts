// Countries: ISO 3166-1 codes, and the texts that shops write for them.
import { describe, expect, it } from 'vitest';
import { countriesNamed, isCountryCode } from '../../domain/country.js';
import { countryNames } from '../../domain/country-names.js';
import { csvRecords, sharedDataIsHere, sharedFile } from '../support/order/online-retail.js';

describe('a country code', () => {
  it.each(['GB', 'IE', 'ZA', 'AX'])('%s is one', (code) => {
    expect(isCountryCode(code)).toBe(true);
  });

  it.each(['', 'gb', 'UK', 'EU', 'XX', 'GBR', ' GB', 'constructor'])('%j is none', (code) => {
    expect(isCountryCode(code)).toBe(false);
  });
});

describe('a text for a country', () => {
  it.each([
    ['United Kingdom', ['GB']],
    ['GB', ['GB']],
    ['  united kingdom ', ['GB']],
    ['EIRE', ['IE']],
    ['Ireland', ['IE']],
    ['USA', ['US']],
    ['RSA', ['ZA']],
    ['Czech Republic', ['CZ']],
    ['Côte d’Ivoire', ['CI']],
    ['Channel Islands', ['JE', 'GG']],
    ['Unspecified', []],
    ['European Community', []],
    ['West Indies', []],
    ['', []],
    ['__proto__', []],
  ])('%j means %j', (text, codes) => {
    expect(countriesNamed(text)).toStrictEqual(codes);
  });

  it('names every country by its own name and code', () => {
    for (const [code, name] of countryNames) {
      expect(countriesNamed(name)).toContain(code);
      expect(countriesNamed(code)).toStrictEqual([code]);
    }
  });
});

describe.skipIf(!sharedDataIsHere)('the shared country lists (needs ../shared/data)', () => {
  it('hold every code of ours and no other', () => {
    const listed = csvRecords(sharedFile('small/countries/iso3166.csv')).map((row) => row.get('Alpha2'));
    expect(countryNames.map(([code]) => code)).toStrictEqual(listed.toSorted());
  });

  it('map the country texts of real invoices as we do', () => {
    const texts = csvRecords(sharedFile('small/countries/dataset-country-names.csv'));
    expect(texts.length).toBe(43);
    const ambiguous = new Map([
      ['Channel Islands', ['GG', 'JE']],
      ['Korea', ['KR']],
    ]);
    for (const row of texts) {
      const name = row.get('CountryName') ?? '';
      const code = row.get('Alpha2') ?? '';
      const expected = code === '' ? (ambiguous.get(name) ?? []) : [code];
      expect([name, ...countriesNamed(name).toSorted()]).toStrictEqual([name, ...expected]);
    }
  });
});
