import type { Json } from '../wire/json.js';

/** An object of the API as JSON. */
export type JsonObject = { readonly [name: string]: Json };

/** The API's times: seconds since 1970, rounded down. */
export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
