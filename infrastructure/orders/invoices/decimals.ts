// The shop's own sums, exact for any prices it writes: whole numbers of millionths, no floating point.

const places = 6;
const decimal = /^(-?)(\d+)(?:\.(\d{0,6}))?$/;

/** A decimal text in millionths: `2.1` and `2.10` are one price. Null when it is none or has more than six places. */
export const millionths = (text: string): bigint | null => {
  const match = decimal.exec(text);
  if (match === null) return null;
  const [, minus = '', whole = '0', fraction = ''] = match;
  const value = BigInt(whole + fraction.padEnd(places, '0'));
  return minus === '-' ? -value : value;
};

const toText = (value: bigint): string => {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, -places);
  const fraction = digits.slice(-places).replace(/0{1,4}$/, '');
  return `${value < 0n ? '-' : ''}${whole}.${fraction}`;
};

/** Σ quantity × price as decimal text with at least two decimal places; lines with an unreadable price count nothing. */
export const exactTotal = (
  lines: ReadonlyArray<{ readonly quantity: number; readonly unitPrice: string }>,
): string =>
  toText(
    lines.reduce((total, line) => total + BigInt(line.quantity) * (millionths(line.unitPrice) ?? 0n), 0n),
  );

/** A shop's price with at least two decimal places: `2.1` is `2.10`. Unreadable texts stay as they are. */
export const withPence = (price: string): string => {
  const value = millionths(price);
  return value === null ? price : toText(value);
};
