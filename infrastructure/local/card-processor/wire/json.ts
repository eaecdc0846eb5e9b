/** A value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** JSON text as a value; null when it is not JSON. */
export function jsonFromText(text: string): Json {
  try {
    return checked(JSON.parse(text));
  } catch {
    return null;
  }
}

function checked(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (Array.isArray(value)) return value.map(checked);
  if (typeof value !== 'object') return null;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, checked(inner)]));
}
