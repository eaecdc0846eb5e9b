import { invalidRequest, type ApiError } from '../../wire/errors.js';

const withoutDecimals = 'bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' ');
const withThreeDecimals = 'bhd jod kwd omr tnd'.split(' ');
const withTwoDecimals = (
  'aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk ' +
  'dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr kyd kzt lak ' +
  'lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ' +
  'ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd yer zar zmw'
).split(' ');

const exponents: ReadonlyMap<string, number> = new Map([
  ...withoutDecimals.map((code): [string, number] => [code, 0]),
  ...withTwoDecimals.map((code): [string, number] => [code, 2]),
  ...withThreeDecimals.map((code): [string, number] => [code, 3]),
]);

/** Smallest charges in minor units, from the processor's published table. */
const minimums: ReadonlyMap<string, number> = new Map([
  ['usd', 50],
  ['aed', 200],
  ['aud', 50],
  ['brl', 50],
  ['cad', 50],
  ['chf', 50],
  ['czk', 1500],
  ['dkk', 250],
  ['eur', 50],
  ['gbp', 30],
  ['hkd', 400],
  ['huf', 17_500],
  ['inr', 50],
  ['jpy', 50],
  ['mxn', 1000],
  ['myr', 200],
  ['nok', 300],
  ['nzd', 50],
  ['pln', 200],
  ['ron', 200],
  ['sek', 300],
  ['sgd', 50],
  ['thb', 1000],
]);

/** How many digits follow the decimal point in a currency (lower-case code); null for a currency the processor does not take. */
function exponentOf(currency: string): number | null {
  return exponents.get(currency) ?? null;
}

/** What is wrong with charging this amount, null when nothing is: unknown currency, below the minimum, above eight digits, or a thousandth not divisible by ten. */
export function amountProblem(amount: number, currency: string): ApiError | null {
  const exponent = exponentOf(currency);
  if (exponent === null)
    return invalidRequest(`The currency ${currency.slice(0, 10)} is not supported`, { param: 'currency' });
  if (amount < 1)
    return invalidRequest('The amount must be at least 1', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  const minimum = minimums.get(currency) ?? 1;
  if (amount < minimum)
    return invalidRequest(`The amount must be at least ${formatAmount(minimum, currency)}`, {
      code: 'amount_too_small',
      param: 'amount',
    });
  if (amount > 99_999_999)
    return invalidRequest(`The amount must be at most ${formatAmount(99_999_999, currency)}`, {
      code: 'amount_too_large',
      param: 'amount',
    });
  if (exponent === 3 && amount % 10 !== 0)
    return invalidRequest(`Amounts in ${currency} must end in 0`, {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  return null;
}

/** An amount for people, such as `35.64 GBP`. */
export function formatAmount(amount: number, currency: string): string {
  const exponent = exponentOf(currency) ?? 2;
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ',');
  const rest = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${amount < 0 ? '-' : ''}${whole}${rest} ${currency.toUpperCase()}`;
}
