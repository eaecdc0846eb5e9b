import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

const hasNulOrHalfCharacter = /\0|\p{Surrogate}/u;

const isText = (value: unknown): value is string =>
  typeof value === 'string' && !hasNulOrHalfCharacter.test(value);

/** Text that every store and mail can carry: no NUL and no half of a surrogate pair. */
const text = new t.Type<string>(
  'Text',
  isText,
  (value, context) => (isText(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
);

const optionalText = new t.Type<string | undefined>(
  'OptionalText',
  (value): value is string | undefined => value === undefined || isText(value),
  (value, context) => (value === undefined ? t.success(value) : text.validate(value, context)),
  t.identity,
);

const wholeNumber = t.refinement(t.number, (value) => Number.isSafeInteger(value), 'WholeNumber');
const tokenId = t.refinement(t.string, (value) => /^[A-Za-z0-9_-]{16,64}$/.test(value), 'TokenId');

/** An object with exactly these members. One more is refused: it was signed, and we would not know what it means. */
function closed<Members extends t.Props>(name: string, members: Members) {
  const codec = t.type(members, name);
  return new t.Type<t.TypeOf<typeof codec>>(
    name,
    codec.is,
    (value, context) => {
      const found = codec.validate(value, context);
      if (E.isLeft(found) || typeof value !== 'object' || value === null) return found;
      const extra = Object.keys(value).find((member) => !Object.hasOwn(members, member));
      if (extra === undefined) return found;
      // Names are chosen by the sender, so only plain ones are repeated in the answer.
      const label = /^\w{1,40}$/.test(extra) ? extra : '?';
      return t.failure(value, t.appendContext(context, label, t.never));
    },
    t.identity,
  );
}

const line = closed('CartLine', { code: text, description: text, quantity: wholeNumber, unitPrice: text });

const cartClaims = closed('CartClaims', {
  iss: text,
  aud: text,
  sub: optionalText,
  jti: tokenId,
  iat: wholeNumber,
  exp: wholeNumber,
  country: text,
  currency: text,
  lines: t.array(line),
  total: text,
});

/**
 * The payload of a cart token. `sub` is the shop's number for the customer; `iat` and `exp` are seconds since 1970;
 * amounts are decimal texts, so that nobody on the way makes a float of them.
 */
export type CartClaims = t.TypeOf<typeof cartClaims>;

// `alg` is judged by the reader, which answers another algorithm with an error of its own.
const cartHeader = closed('CartHeader', { alg: text, kid: text, typ: t.literal('cart+jwt') });

/** The protected header: these members and no other, so that no header can bring a key or an extension. */
export type CartHeader = t.TypeOf<typeof cartHeader>;

const decoderOf =
  <Value>(codec: t.Type<Value>) =>
  (value: unknown): E.Either<string, Value> => {
    const decoded = codec.decode(value);
    if (E.isRight(decoded)) return decoded;
    const path = (decoded.left[0]?.context ?? []).slice(1).map(({ key }) => key);
    return E.left(path.join('/'));
  };

/** Decodes a payload; answers else where it failed, such as `lines/3/quantity`, never with what stood there. */
export const decodeClaims = decoderOf(cartClaims);

/** Decodes a protected header; answers else which member is wrong. */
export const decodeHeader = decoderOf(cartHeader);
