import { createHash, createPrivateKey, createPublicKey, generateKeyPair, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** A key to sign with, and the certificate that its signatures are checked by, as PEM. */
export interface SigningIdentity {
  readonly privateKey: KeyObject;
  readonly certificate: string;
  /** Changes with the key; part of the certificate's address. */
  readonly fingerprint: string;
}

/** The identity whose key lies at `path`, made when there is none; null keeps a new one in memory. */
export async function signingIdentity(path: string | null): Promise<SigningIdentity> {
  const known = path === null ? null : await readKey(path);
  const pem = known ?? (await newKey());
  if (path !== null && known === null) await writeKey(path, pem);
  const privateKey = createPrivateKey(pem);
  const der = certificateOf(privateKey);
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    privateKey,
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    fingerprint: createHash('sha256').update(der).digest('hex').slice(0, 32),
  };
}

async function newKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function readKey(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return null;
    throw failure;
  }
}

/** Whole or not at all, and readable by its owner only. */
async function writeKey(path: string, pem: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(`${path}.next`, 'w', 0o600);
  try {
    await file.writeFile(pem);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.next`, path);
}

// The certificate in DER (RFC 5280). It follows from the key alone, so that only the key is kept.

const sequence = 0x30;
const utcTime = 0x17;

function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sha256WithRsa = element(
  sequence,
  element(0x06, Buffer.from('2a864886f70d01010b', 'hex')),
  element(0x05),
);

function commonName(name: string): Buffer {
  const attribute = element(
    sequence,
    element(0x06, Buffer.from('550403', 'hex')),
    element(0x0c, Buffer.from(name)),
  );
  return element(sequence, element(0x31, attribute));
}

/** Signed by itself. The dates need no clock: years of two digits end with 2049. */
function certificateOf(privateKey: KeyObject): Buffer {
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const serial = createHash('sha256').update(publicKey).digest().subarray(0, 16);
  // A leading zero bit keeps the number positive, a one behind it keeps its length.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const name = commonName('sns.amazonaws.com');
  const content = element(
    sequence,
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, serial),
    sha256WithRsa,
    name,
    element(
      sequence,
      element(utcTime, Buffer.from('200101000000Z')),
      element(utcTime, Buffer.from('491231235959Z')),
    ),
    name,
    publicKey,
  );
  const signature = sign('sha256', content, privateKey);
  return element(sequence, content, sha256WithRsa, element(0x03, Buffer.from([0]), signature));
}
