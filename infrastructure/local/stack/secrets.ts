import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { generateStorefrontKey } from '../storefront/sign-cart.js';

const Secrets = t.strict({
  operatorKey: t.string,
  processorKey: t.string,
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
    processorKey: `sk_test_${randomBytes(24).toString('hex')}`,
    storefront: {
      issuer: 'https://shop.example',
      kid,
      privateKey: { kty: 'OKP', crv: 'Ed25519', x: privateKey.x ?? '', d: privateKey.d ?? '' },
    },
  };
};

/** Reads the secrets of a stack's folder; null when there are none or they are damaged. */
export const readSecrets = async (directory: string): Promise<StackSecrets | null> => {
  const text = await readFile(join(directory, fileName), 'utf8').catch(() => null);
  if (text === null) return null;
  const decoded = Secrets.decode(JSON.parse(text));
  return E.isRight(decoded) ? decoded.right : null;
};

/** The secrets of a stack's folder, made and written (for this user only) when there are none. */
export const openSecrets = async (directory: string): Promise<StackSecrets> => {
  const known = await readSecrets(directory);
  if (known !== null) return known;
  const made = await newSecrets();
  await writeFile(join(directory, fileName), `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
};
