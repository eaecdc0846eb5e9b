// Checking a served description with the reference validator.
import SwaggerParser from '@apidevtools/swagger-parser';
import type { HttpAnswer, HttpCall } from '../../support/http.js';

type Description = Parameters<typeof SwaggerParser.validate>[0];
const isObject = (value: unknown): value is Exclude<Description, string> =>
  typeof value === 'object' && value !== null;

/** Every path that `/openapi.json` describes, with its operations by method; throws when it is not valid OpenAPI 3.1. */
export async function describedPaths(
  call: (target: string, call?: HttpCall) => Promise<HttpAnswer>,
): Promise<ReadonlyArray<readonly [path: string, operations: Readonly<Record<string, object>>]>> {
  const document: unknown = JSON.parse((await call('GET /openapi.json')).text);
  if (!isObject(document)) throw new Error('the description is no object');
  const valid = await SwaggerParser.validate(document);
  return Object.entries(valid.paths ?? {}).map(([path, operations]) => [path, { ...operations }] as const);
}
