import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/** How a setting is read from its environment variable. */
export type SettingOptions<Value> = {
  /** What the setting decides, for people. */
  readonly about: string;
  /** What to write, in words: `a whole number from 1 to 65535`. */
  readonly shape: string;
  /** Used when the variable is absent; without it the variable must be set. */
  readonly fallback?: Value;
  /** A secret is never printed. */
  readonly secret?: boolean;
  /** Null when the text does not have the shape. */
  readonly parse: (text: string) => Value | null;
};

/** An environment variable as an io-ts codec, so that a record of settings reports every problem at once. */
export class Setting<Value> extends t.Type<Value, Value, unknown> {
  readonly options: SettingOptions<Value>;

  constructor(options: SettingOptions<Value>) {
    super(
      options.shape,
      (value): value is Value => value !== undefined,
      (value, context) => {
        if (value === undefined && options.fallback !== undefined) return t.success(options.fallback);
        const parsed = typeof value === 'string' ? options.parse(value) : null;
        return parsed === null ? t.failure(value, context) : t.success(parsed);
      },
      t.identity,
    );
    this.options = options;
  }
}

type Plain<Value> = Pick<SettingOptions<Value>, 'about' | 'fallback' | 'secret'>;

const trimmed = (value: string): string | null => (value !== '' && value.trim() === value ? value : null);

/** Any text without outer blanks and of at least one character. */
export const text = (options: Plain<string>): Setting<string> =>
  new Setting({ ...options, shape: 'a text', parse: trimmed });

/** A secret of at least 16 characters. */
export const secret = (options: Plain<string>): Setting<string> =>
  new Setting({
    ...options,
    shape: 'a secret of at least 16 characters',
    secret: true,
    parse: (value) => (value.length >= 16 ? value : null),
  });

/** A secret that a caller can show in a header: 16 to 512 characters, each of which may stand in a bearer token. */
export const bearerSecret = (options: Plain<string>): Setting<string> =>
  new Setting({
    ...options,
    shape: 'a secret of 16 to 512 letters, digits and . _ ~ + / -, with = at its end only',
    secret: true,
    parse: (value) =>
      /^[A-Za-z0-9._~+/-]+=*$/.test(value) && value.length >= 16 && value.length <= 512 ? value : null,
  });

/** A whole number in plain decimal digits, from `least` to `most`. */
export const wholeNumber = (least: number, most: number, options: Plain<number>): Setting<number> =>
  new Setting({
    ...options,
    shape: `a whole number from ${String(least)} to ${String(most)}`,
    parse: (value) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      return number >= least && number <= most ? number : null;
    },
  });

/** One of these words. */
export const oneOf = <Word extends string>(words: readonly Word[], options: Plain<Word>): Setting<Word> =>
  new Setting({
    ...options,
    shape: `one of ${words.join(', ')}`,
    parse: (value) => words.find((word) => word === value) ?? null,
  });

/** An address with one of these schemes, without a slash at the end. */
export const url = (schemes: readonly string[], options: Plain<string>): Setting<string> =>
  new Setting({
    ...options,
    shape: `an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    parse: (value) =>
      URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)) && !value.endsWith('/')
        ? value
        : null,
  });

const isLoopback = ({ hostname }: URL): boolean =>
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** The address of a web service: over TLS, unless what is sent never leaves this machine. No slash at the end. */
export const serviceUrl = (options: Plain<string>): Setting<string> =>
  new Setting({
    ...options,
    shape: 'an address that begins with https://, or with http:// and a loopback host such as 127.0.0.1',
    parse: (value) => {
      if (!URL.canParse(value) || value.endsWith('/')) return null;
      const address = new URL(value);
      const isSafe = address.protocol === 'https:' || (address.protocol === 'http:' && isLoopback(address));
      return isSafe ? value : null;
    },
  });

/** A setting that may be left out; then null, and the client's own default applies. */
export const optional = <Value>(setting: Setting<Value>): Setting<Value | null> =>
  new Setting<Value | null>({
    ...setting.options,
    shape: `${setting.options.shape}, or nothing`,
    fallback: null,
  });

/** What can be said of any setting without knowing the type of its value. */
export type AnySetting = t.Mixed & {
  readonly options: {
    readonly about: string;
    readonly shape: string;
    readonly fallback?: unknown;
    readonly secret?: boolean;
  };
};

/** Settings by the names of their environment variables. */
export type SettingTable = Record<string, AnySetting>;

/** The values of a table of settings. */
export type ValuesOf<Table extends SettingTable> = t.TypeOf<t.TypeC<Table>>;

/** Every setting's name begins with this, so that a mistyped one can be told from somebody else's variable. */
const prefix = 'CHECKOUT_';

/** A setting that cannot be used, in one line for the person who wrote it. Never holds a secret's text. */
export type SettingProblem = { readonly name: string; readonly message: string };

const messageOf = (name: string, { options }: AnySetting, value: unknown): string => {
  if (typeof value !== 'string') return `${name} is not set: ${options.about}; write ${options.shape}`;
  const shown = options.secret === true ? '' : `, not ${JSON.stringify(value.slice(0, 80))}`;
  return `${name} must be ${options.shape}${shown}`;
};

/** The settings' values, or every problem at once: what is missing and what is malformed, in the order of the table. */
export const readSettings = <Table extends SettingTable>(
  settings: Table,
  environment: NodeJS.ProcessEnv,
): E.Either<readonly SettingProblem[], ValuesOf<Table>> => {
  const decoded = t.type(settings).decode(environment);
  if (E.isRight(decoded)) return decoded;
  return E.left(
    decoded.left.map(({ context, value }) => {
      const name = context[1]?.key ?? '';
      const setting = settings[name];
      return { name, message: setting === undefined ? name : messageOf(name, setting, value) };
    }),
  );
};

/** Variables that look like ours and are none: most likely mistyped. */
export const unknownSettings = (
  known: ReadonlySet<string>,
  environment: NodeJS.ProcessEnv,
): readonly SettingProblem[] =>
  Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && !known.has(name))
    .map((name) => ({
      name,
      message: `${name} is not a setting; see \`checkout config check\` for all of them`,
    }));
