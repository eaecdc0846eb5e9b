import { type BinaryLike, scrypt, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from './sign-in-secret.js';

/** How a password compares with what is stored; `outdated`: it matches, and is stored with less work than asked now. */
export type PasswordComparison = 'matches' | 'outdated' | 'differs';

/** Turns passwords into what may be stored, and compares them with it. */
export type Passwords = {
  /** A text to store, different at every call. */
  readonly hash: (password: string) => Promise<string>;
  /** Compares with a stored text; null stands for an unknown account, takes as long and always differs. */
  readonly compare: (password: string, stored: string | null) => Promise<PasswordComparison>;
};

type Parameters = { readonly N: number; readonly r: number; readonly p: number };
type Stored = Parameters & { readonly salt: Buffer; readonly hash: Buffer };

const saltBytes = 16;
const hashBytes = 32;
const storedForm = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([\w-]+)\$([\w-]+)$/;

function parse(stored: string): Stored | null {
  const [, N, r, p, salt, hash] = storedForm.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) return null;
  const bytes = { salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') };
  return bytes.hash.length === hashBytes ? { N: Number(N), r: Number(r), p: Number(p), ...bytes } : null;
}

// Node does the work in its thread pool. Letters that look alike must be alike whatever keyboard composed them.
const derive = (password: string, salt: BinaryLike, { N, r, p }: Parameters): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { N, r, p, maxmem: 256 * r * (N + p + 2) };
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (failure, key) => {
      if (failure === null) resolve(key);
      else reject(failure);
    });
  });

/**
 * Passwords under scrypt with N = 2^`cost`, r = 8, p = 1: 1 KiB × 2^`cost` of memory while one is worked on. Stored as
 * `scrypt$N$r$p$salt$hash` in base64url, so that older costs stay readable. A stored text of another form matches
 * nothing.
 */
export function scryptPasswords(settings: {
  readonly cost: number;
  readonly randomBytes: RandomBytes;
}): Passwords {
  const { cost, randomBytes } = settings;
  const parameters = { N: 2 ** cost, r: 8, p: 1 };
  const nobody: Stored = { ...parameters, salt: Buffer.alloc(saltBytes), hash: Buffer.alloc(hashBytes) };
  return {
    hash: async (password) => {
      const salt = Buffer.from(randomBytes(saltBytes));
      const hash = await derive(password, salt, parameters);
      const { N, r, p } = parameters;
      return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
    },
    compare: async (password, stored) => {
      const known = stored === null ? null : parse(stored);
      const against = known ?? nobody;
      const same = timingSafeEqual(await derive(password, against.salt, against), against.hash);
      if (known === null || !same) return 'differs';
      return known.N < parameters.N ? 'outdated' : 'matches';
    },
  };
}
