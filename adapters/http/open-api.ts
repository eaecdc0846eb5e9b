// The description of an API (OpenAPI 3.1), made from the endpoints and thus from the codecs that decode requests.
import type { JsonSchema } from './codecs.js';
import { type Endpoint, type EndpointDescription, anyone, takingNothing } from './endpoint.js';
import { isProblemCode, type ProblemCode, problemCodec, problemKinds } from './problems.js';

type Schemas = Map<string, unknown>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema with every titled part moved to the list of named schemas. */
function named(schema: unknown, schemas: Schemas): unknown {
  if (Array.isArray(schema)) return schema.map((part: unknown) => named(part, schemas));
  if (!isRecord(schema)) return schema;
  const parts = Object.entries(schema)
    .filter(([keyword]) => keyword !== 'x-optional')
    .map(([keyword, part]) => [keyword, named(part, schemas)]);
  const whole: unknown = Object.fromEntries(parts);
  if (typeof schema['title'] !== 'string') return whole;
  schemas.set(schema['title'], whole);
  return { $ref: `#/components/schemas/${schema['title']}` };
}

const fieldsOf = (schema: JsonSchema): ReadonlyArray<readonly [string, unknown]> =>
  isRecord(schema['properties']) ? Object.entries(schema['properties']) : [];

function parametersOf({ path, query, headers }: EndpointDescription, schemas: Schemas): readonly unknown[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }));
  const inQuery = query === null ? [] : fieldsOf(query);
  return [
    ...inPath,
    ...inQuery.map(([name, schema]) => ({ name, in: 'query', schema: named(schema, schemas) })),
    ...headers.map(({ name, required, description }) => ({
      ...{ name, in: 'header', required, description },
      schema: { type: 'string' },
    })),
  ];
}

function responsesOf({ answers, problems }: EndpointDescription, schemas: Schemas) {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...problems, 'too_busy', 'took_too_long', 'internal_error'] as const) {
    const { status } = problemKinds[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const schema = named(problemCodec.schema, schemas);
  const refused = [...byStatus].map(([status, codes]): [string, unknown] => [
    String(status),
    {
      description: codes.map((code) => `\`${code}\`: ${problemKinds[code].detail}`).join('\n\n'),
      content: { 'application/problem+json': { schema } },
    },
  ]);
  const answered = answers.map((answer): [string, unknown] => {
    const { status, description, mediaType } = answer;
    const content = { [mediaType]: { schema: named(answer.schema, schemas) } };
    return [String(status), answer.schema === null ? { description } : { description, content }];
  });
  return Object.fromEntries([...answered, ...refused]);
}

function operationOf(description: EndpointDescription, schemas: Schemas): unknown {
  const { id, summary, body, schemes } = description;
  return {
    operationId: id,
    summary,
    security: schemes.map((scheme) => ({ [scheme]: [] })),
    parameters: parametersOf(description, schemas),
    ...(body !== null && {
      requestBody: {
        required: fieldsOf(body).length > 0 || 'oneOf' in body,
        content: { 'application/json': { schema: named(body, schemas) } },
      },
    }),
    responses: responsesOf(description, schemas),
  };
}

/** How a caller can show who they are, by the names that guards use. */
const securitySchemes = {
  signIn: { type: 'http', scheme: 'bearer', description: 'The token of a sign-in.' },
  signInCookie: {
    ...{ type: 'apiKey', in: 'cookie', name: '__Host-sign-in' },
    description: 'The same in a browser; changes need an Origin header of our own.',
  },
  floorStaff: { type: 'http', scheme: 'bearer', description: 'The secret of an enrolled device.' },
  operator: { type: 'http', scheme: 'bearer', description: 'The key of the operator.' },
} as const;

/** The description of these endpoints. */
function openApiOf(title: string, url: URL, endpoints: readonly Endpoint[]): unknown {
  const schemas: Schemas = new Map();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { description } of endpoints) {
    const path = description.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [description.method]: operationOf(description, schemas) };
  }
  const used = new Set(endpoints.flatMap(({ description }) => description.schemes));
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: '1',
      description:
        'Amounts are whole minor units of the currency beside them; moments are UTC. Problems are RFC 9457 bodies ' +
        'with a stable `code`.',
    },
    servers: [{ url: url.origin }],
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      securitySchemes: Object.fromEntries(Object.entries(securitySchemes).filter(([name]) => used.has(name))),
    },
  };
}

/** The endpoints, and two that explain them: `/openapi.json` and one page for each problem. */
export function withDescription(
  title: string,
  url: URL,
  endpoints: readonly Endpoint[],
): readonly Endpoint[] {
  const cached = { 'Cache-Control': 'public, max-age=300' };
  const mediaType = 'application/json';
  const plain = (description: string) => ({
    status: 200,
    description,
    mediaType,
    schema: { type: 'object' },
  });
  let text: string | null = null;
  const described: Endpoint = takingNothing({
    ...{ guard: anyone, method: 'get', path: '/openapi.json', id: 'describe', problems: [] },
    summary: 'This description.',
    answers: [plain('The description.')],
    handle: async () => {
      text ??= JSON.stringify(openApiOf(title, url, all));
      return { type: 'text', status: 200, mediaType, text, headers: cached };
    },
  });
  const explained: Endpoint = takingNothing({
    ...{ guard: anyone, method: 'get', path: '/problems/:code', id: 'explainProblem' },
    summary: 'What a problem means.',
    answers: [plain('The problem.')],
    problems: ['not_found'],
    handle: async ({ parameters: { code = '' } }) =>
      isProblemCode(code)
        ? { type: 'json', status: 200, value: { code, ...problemKinds[code] }, headers: cached }
        : { type: 'problem', problem: { code: 'not_found' } },
  });
  const all = [...endpoints, explained, described];
  return all;
}
