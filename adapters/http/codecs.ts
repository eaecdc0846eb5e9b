// The codecs of requests and answers. Each decodes strictly, names its complaint by a code and a path without the
// offending value, and carries the JSON Schema of what it accepts, from which /openapi.json is made.
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { hasCardNumber } from '../../domain/order/card-numbers.js';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 takes it. One with a `title` is listed by that name. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Decodes a value and describes what it accepts. */
export type Codec<Value> = t.Type<Value, unknown, unknown> & { readonly schema: JsonSchema };
type AnyCodec = t.Mixed & { readonly schema: JsonSchema };

/** What is wrong with a field, with the sentence that tells it. */
export const fieldComplaints = {
  missing: 'This field is needed.',
  unknown_field: 'There is no such field here.',
  wrong_type: 'This has the wrong type.',
  too_short: 'This is too short.',
  too_long: 'This is too long.',
  too_few: 'There are too few entries.',
  too_many: 'There are too many entries.',
  out_of_range: 'This number is not a whole number in the accepted range.',
  wrong_format: 'This is not written as it must be.',
  not_printable: 'This holds characters that cannot be printed.',
  unknown_choice: 'This is none of the accepted values.',
  card_number_not_accepted: 'This looks like a card number. Card numbers are never accepted here.',
} as const satisfies Readonly<Record<string, string>>;

/** What can be wrong with a field. */
export type FieldComplaint = keyof typeof fieldComplaints;

/** One complaint and the field it is about, as a JSON pointer such as `/address/lines/0`. */
export type FieldProblem = { readonly code: string; readonly path: string; readonly detail: string };

const mostComplaints = 100;

const described = <Value>(type: t.Type<Value, unknown, unknown>, schema: JsonSchema): Codec<Value> =>
  Object.assign(type, { schema });

/** A codec whose check names its own complaint; `read` answers with the value or the complaint. */
const checked = <Value>(
  name: string,
  schema: JsonSchema,
  read: (value: unknown) => E.Either<FieldComplaint, Value>,
): Codec<Value> =>
  described(
    new t.Type<Value, Value, unknown>(
      name,
      (value): value is Value => E.isRight(read(value)),
      (value, context) => {
        const result = read(value);
        return E.isRight(result) ? t.success(result.right) : t.failure(value, context, result.left);
      },
      t.identity,
    ),
    schema,
  );

// Control characters, halves of surrogate pairs, and what reorders or hides text.
const unprintable = /[\p{Cc}\p{Cs}\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u;

/** A line that a person wrote: trimmed, normalised, printable and no card number. Lengths count UTF-16 units. */
export const line = (least: number, most: number): Codec<string> =>
  checked('line', { type: 'string', minLength: least, maxLength: most }, (value) => {
    if (typeof value !== 'string') return E.left('wrong_type');
    if (unprintable.test(value)) return E.left('not_printable');
    const text = value.trim().normalize('NFC');
    if (text.length < least) return E.left('too_short');
    if (text.length > most) return E.left('too_long');
    return hasCardNumber(text) ? E.left('card_number_not_accepted') : E.right(text);
  });

/** A secret or a label read by a machine: taken as it is, within lengths in UTF-16 units. Not searched for card numbers. */
export const opaque = (least: number, most: number): Codec<string> =>
  checked('opaque', { type: 'string', minLength: least, maxLength: most }, (value) => {
    if (typeof value !== 'string') return E.left('wrong_type');
    if (/[\0\p{Cs}]/u.test(value)) return E.left('not_printable');
    if (value.length < least) return E.left('too_short');
    return value.length > most ? E.left('too_long') : E.right(value);
  });

/** A password: as typed, but no card number. */
export const secretLine = (least: number, most: number): Codec<string> => {
  const text = opaque(least, most);
  return checked('password', { ...text.schema, format: 'password', writeOnly: true }, (value) => {
    const read = text.decode(value);
    if (E.isLeft(read)) return E.left(complaintOf(read.left[0]?.message));
    return hasCardNumber(read.right) ? E.left('card_number_not_accepted') : read;
  });
};

/** A text under a name that the domain, or this adapter, checks. */
export const branded = <Value extends string>(
  guard: (text: string) => text is Value,
  schema: JsonSchema,
): Codec<Value> =>
  checked('branded', { type: 'string', ...schema }, (value) => {
    if (typeof value !== 'string') return E.left('wrong_type');
    if (guard(value)) return E.right(value);
    return hasCardNumber(value) ? E.left('card_number_not_accepted') : E.left('wrong_format');
  });

/** A whole number within bounds; no text that looks like one. */
export const whole = (least: number, most: number): Codec<number> =>
  checked('whole', { type: 'integer', minimum: least, maximum: most }, (value) => {
    if (typeof value !== 'number') return E.left('wrong_type');
    return Number.isSafeInteger(value) && value >= least && value <= most
      ? E.right(value)
      : E.left('out_of_range');
  });

/** A number under a name that the domain checks. */
export const brandedNumber = <Value extends number>(
  guard: (value: number) => value is Value,
  schema: JsonSchema,
): Codec<Value> =>
  checked('brandedNumber', { type: 'integer', ...schema }, (value) => {
    if (typeof value !== 'number') return E.left('wrong_type');
    return guard(value) ? E.right(value) : E.left('out_of_range');
  });

/** One of these words. */
export const choice = <Name extends string>(...names: readonly Name[]): Codec<Name> =>
  checked('choice', { type: 'string', enum: names }, (value) => {
    const known = names.find((name) => name === value);
    if (known !== undefined) return E.right(known);
    return E.left(typeof value === 'string' ? 'unknown_choice' : 'wrong_type');
  });

/** True or false. */
export const truth: Codec<boolean> = checked('truth', { type: 'boolean' }, (value) =>
  typeof value === 'boolean' ? E.right(value) : E.left('wrong_type'),
);

/** Anything that JSON can say; for answers whose shape is another document's. */
export const anything: Codec<unknown> = checked('anything', {}, (value) => E.right(value));

/** The value or null. */
export const orNull = <Value>(codec: Codec<Value>): Codec<Value | null> =>
  described(
    new t.Type<Value | null, unknown, unknown>(
      'orNull',
      (value): value is Value | null => value === null || codec.is(value),
      (value, context) => (value === null ? t.success(null) : codec.validate(value, context)),
      t.identity,
    ),
    { anyOf: [codec.schema, { type: 'null' }] },
  );

/** A field that may be left out. */
export const orAbsent = <Value>(codec: Codec<Value>): Codec<Value | undefined> =>
  described(
    new t.Type<Value | undefined, unknown, unknown>(
      'orAbsent',
      (value): value is Value | undefined => value === undefined || codec.is(value),
      (value, context) => (value === undefined ? t.success(undefined) : codec.validate(value, context)),
      t.identity,
    ),
    { ...codec.schema, 'x-optional': true },
  );

/** A list within lengths. */
export const list = <Value>(codec: Codec<Value>, least: number, most: number): Codec<readonly Value[]> => {
  const entries = t.readonlyArray(codec);
  return described(
    new t.Type<readonly Value[], unknown, unknown>(
      'list',
      entries.is,
      (value, context) => {
        if (!Array.isArray(value)) return t.failure(value, context, 'wrong_type');
        if (value.length < least) return t.failure(value, context, 'too_few');
        return value.length > most ? t.failure(value, context, 'too_many') : entries.validate(value, context);
      },
      t.identity,
    ),
    { type: 'array', items: codec.schema, minItems: least, maxItems: most },
  );
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with exactly these fields; any other is a complaint. The title names it in the API's description. */
export const closed = <Fields extends Readonly<Record<string, AnyCodec>>>(title: string, fields: Fields) => {
  const known = t.strict(fields);
  const names = Object.keys(fields);
  const optional = names.filter((name) => fields[name]?.schema['x-optional'] === true);
  const schema: JsonSchema = {
    title,
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, fields[name]?.schema ?? {}])),
    required: names.filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
  type Value = t.TypeOf<typeof known>;
  return described(
    new t.Type<Value, unknown, unknown>(
      title,
      known.is,
      (value, context) => {
        if (!isRecord(value)) return t.failure(value, context, 'wrong_type');
        const unknown = Object.keys(value)
          .filter((name) => !names.includes(name))
          .slice(0, mostComplaints)
          .map((name) => ({
            value: null,
            context: t.appendContext(context, name, anything),
            message: 'unknown_field',
          }));
        const read = known.validate(value, context);
        if (unknown.length === 0) return read;
        return t.failures(E.isLeft(read) ? [...read.left, ...unknown] : unknown);
      },
      t.identity,
    ),
    schema,
  );
};

/** One of several objects, told apart by the field `tag`. */
export const variants = <Variant extends AnyCodec>(
  tag: string,
  codecs: Readonly<Record<string, Variant>>,
): Codec<t.TypeOf<Variant>> =>
  described(
    new t.Type<t.TypeOf<Variant>, unknown, unknown>(
      'variants',
      (value): value is t.TypeOf<Variant> => Object.values(codecs).some((codec) => codec.is(value)),
      (value, context) => {
        if (!isRecord(value)) return t.failure(value, context, 'wrong_type');
        const chosen = Object.entries(codecs).find(([name]) => name === value[tag])?.[1];
        const tagContext = t.appendContext(context, tag, anything, value[tag]);
        return chosen === undefined
          ? t.failure(value[tag], tagContext, 'unknown_choice')
          : chosen.validate(value, context);
      },
      t.identity,
    ),
    { oneOf: Object.values(codecs).map((codec) => codec.schema) },
  );

const isComplaint = (message: string): message is FieldComplaint => Object.hasOwn(fieldComplaints, message);
const complaintOf = (message: string | undefined): FieldComplaint =>
  message !== undefined && isComplaint(message) ? message : 'wrong_type';

/** A field's name is the caller's text: it is shown when it is plainly a name. */
const shownKey = (key: string): string => (/^(?:[A-Za-z_]{1,40}|\d{1,5})$/.test(key) ? key : '?');

const fieldProblem = ({ value, context, message }: t.ValidationError): FieldProblem => {
  const code = value === undefined ? 'missing' : complaintOf(message);
  const keys = context.slice(1).map(({ key }) => shownKey(key));
  return { code, path: keys.map((key) => `/${key}`).join(''), detail: fieldComplaints[code] };
};

/** Decodes a value, or answers with everything that is wrong with it (at most 100 complaints). */
export const decode = <Value>(
  codec: Codec<Value>,
  value: unknown,
): E.Either<readonly FieldProblem[], Value> => {
  const read = codec.decode(value);
  return E.isLeft(read) ? E.left(read.left.slice(0, mostComplaints).map(fieldProblem)) : read;
};
