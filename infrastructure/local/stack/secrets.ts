import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { StartUpFailure } from '../../process/role.js';
import { generateStorefrontKey } from '../storefront/sign-cart.js';

const Secrets = t.strict({
  operatorKey: t.string,
  processorKey: t.string,
  processorWebhookSecret: t.string,
  storefront: t.strict({
    issuer: t.string,
    kid: t.string,
    privateKey: t.strict({ kty: t.literal('OKP'), crv: t.literal('Ed25519'), x: t.string, d: t.string }),
  }),
});

/** What the parts of a local stack share in confidence; made at the first start, kept in the stack's folder. */
export type StackSecrets = t.TypeOf<typeof Secrets>;

const fileName = 'secrets.json';

const newSecrets = async (): Promise<StackSecrets> => {
  const { kid, privateKey } = await generateStorefrontKey();
  return {
    operatorKey: randomBytes(24).toString('base64url'),
    processorWebhookSecret: `whsec_${randomBytes(24).toString('hex')}`,
    processorKey: `sk_test_${randomBytes(24).toString('hex')}`,
    storefront: {
      issuer: 'https://shop.example',
      kid,
      privateKey: { kty: 'OKP', crv: 'Ed25519', x: privateKey.x ?? '', d: privateKey.d ?? '' },
    },
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const readText = (directory: string): Promise<string | null> =>
  readFile(join(directory, fileName), 'utf8').catch(() => null);

const secretsIn = (text: string | null): StackSecrets | null => {
  const decoded = Secrets.decode(text === null ? null : parsed(text));
  return E.isRight(decoded) ? decoded.right : null;
};

/** Reads the secrets of a stack's folder; null when there are none or they are damaged. */
export const readSecrets = async (directory: string): Promise<StackSecrets | null> =>
  secretsIn(await readText(directory));

/**
 * The secrets of a stack's folder, made and written (for this user only) when there are none. Rejects with
 * `StartUpFailure` when they are damaged: orders and cards of the folder are tied to the lost ones.
 */
export const openSecrets = async (directory: string): Promise<StackSecrets> => {
  const text = await readText(directory);
  if (text !== null) {
    const known = secretsIn(text);
    if (known !== null) return known;
    throw new StartUpFailure(`${join(directory, fileName)} is damaged; mend it, or begin anew with --fresh`);
  }
  const made = await newSecrets();
  const unfinished = join(directory, `${fileName}.unfinished`);
  await writeFile(unfinished, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, join(directory, fileName));
  return made;
};
