import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inMemoryCustomers, plainPasswords } from '../../../adapters/customers/in-memory.js';
import { type Passwords, scryptPasswords } from '../../../adapters/customers/password.js';
import { postgresCustomers } from '../../../adapters/customers/postgres.js';
import type { RandomBytes } from '../../../adapters/customers/sign-in-secret.js';
import { freshDatabase } from '../../support/databases.js';
import type { Customers } from '../../../application/ports/customers.js';
import { signInSettings } from './customers.js';
import { afterNoon, answerOf } from '../samples.js';
import { newCustomerId } from '../../support/ids.js';

const cheap = scryptPasswords({ cost: 1, randomBytes });
const dear = scryptPasswords({ cost: 4, randomBytes });

describe('scrypt passwords', () => {
  it('are stored with their parameters and a salt of their own', async () => {
    const [first, second] = [await dear.hash('secret'), await dear.hash('secret')];
    expect(first).toMatch(/^scrypt\$16\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(second).not.toBe(first);
  });

  it('match what they were made from and nothing else', async () => {
    const stored = await cheap.hash('secret');
    expect(await cheap.compare('secret', stored)).toBe('matches');
    expect(await cheap.compare('Secret', stored)).toBe('differs');
    expect(await cheap.compare('', stored)).toBe('differs');
    expect(await cheap.compare('secret', null)).toBe('differs');
  });

  it('stay readable when the cost rises, and are then outdated; not when it falls', async () => {
    expect(await dear.compare('secret', await cheap.hash('secret'))).toBe('outdated');
    expect(await dear.compare('wrong', await cheap.hash('secret'))).toBe('differs');
    expect(await cheap.compare('secret', await dear.hash('secret'))).toBe('matches');
  });

  it.each(['', 'secret', 'scrypt$2$8$1$$', 'scrypt$2$8$1$c2FsdA$c2hvcnQ', 'bcrypt$2$8$1$a$b'])(
    'match nothing that is stored as %j',
    async (stored) => {
      expect(await cheap.compare('secret', stored)).toBe('differs');
    },
  );

  it('leave the main thread to others while they are worked on', async () => {
    const slow = scryptPasswords({ cost: 15, randomBytes });
    const finished: string[] = [];
    const work = slow.hash('secret').then(() => finished.push('hash'));
    await new Promise<void>((resolve) => setImmediate(resolve));
    finished.push('event loop');
    await work;
    expect(finished).toEqual(['event loop', 'hash']);
  });
});

describe('a customer who signs in after the cost rose', () => {
  const account = { customerId: newCustomerId(), email: 'maria@example.org', name: 'Maria' };
  const noon = afterNoon(0);

  it('has the password stored anew, also when signing in twice at once', async () => {
    const { pool, close } = await freshDatabase('customers');
    try {
      const customersWith = (passwords: Passwords) =>
        postgresCustomers(pool, { passwords, randomBytes, settings: signInSettings });
      await answerOf(customersWith(cheap).register(account, 'secret', noon));
      const signIn = () => answerOf(customersWith(dear).signIn(account.email, 'secret', noon));
      expect(await Promise.all([signIn(), signIn()])).not.toContain(null);
      const { rows } = await pool.query<{ readonly password_hash: string }>(
        'select password_hash from accounts',
      );
      expect(rows.map(({ password_hash: stored }) => stored.split('$').slice(0, 4).join('$'))).toEqual([
        'scrypt$16$8$1',
      ]);
      expect(await signIn()).not.toBeNull();
    } finally {
      await close();
    }
  });
});

describe('a pause that begins while a password is being checked', () => {
  const account = { customerId: newCustomerId(), email: 'maria@example.org', name: 'Maria' };
  const noon = afterNoon(0);

  async function signInDuringGuesses(customersWith: (passwords: Passwords) => Customers) {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Passwords = {
      ...cheap,
      compare: async (...asked) => {
        await released;
        return cheap.compare(...asked);
      },
    };
    await answerOf(customersWith(cheap).register(account, 'secret', noon));
    const rightGuess = answerOf(customersWith(slow).signIn(account.email, 'secret', noon));
    for (let guess = 0; guess < signInSettings.pauseSchedule.length; guess += 1) {
      expect(await answerOf(customersWith(cheap).signIn(account.email, 'wrong', noon))).toBeNull();
    }
    release();
    return rightGuess;
  }

  it('holds in memory', async () => {
    // One store whose hashing can be exchanged.
    let hashing = cheap;
    const exchangeable: Passwords = {
      hash: (password) => hashing.hash(password),
      compare: (password, stored) => hashing.compare(password, stored),
    };
    const customers = inMemoryCustomers(exchangeable, randomBytes, signInSettings);
    const opened = signInDuringGuesses((passwords) => ({
      ...customers,
      signIn: (...asked) => {
        const signIn = customers.signIn(...asked);
        return () => {
          hashing = passwords;
          return signIn();
        };
      },
    }));
    expect(await opened).toBeNull();
  });

  it('holds in Postgres', async () => {
    const { pool, close } = await freshDatabase('customers');
    try {
      const opened = signInDuringGuesses((passwords) =>
        postgresCustomers(pool, { passwords, randomBytes, settings: signInSettings }),
      );
      expect(await opened).toBeNull();
    } finally {
      await close();
    }
  });
});

describe('customers in memory', () => {
  it('are the same in every run with the same chance', async () => {
    const play = async () => {
      let drawn = 0;
      const counted: RandomBytes = (count) => new Uint8Array(count).fill((drawn += 1));
      const customers = inMemoryCustomers(plainPasswords, counted, signInSettings);
      const account = { customerId: newCustomerId(), email: 'maria@example.org', name: 'Maria' };
      await answerOf(customers.register(account, 'secret', afterNoon(0)));
      const opened = await answerOf(customers.signIn(account.email, 'secret', afterNoon(1)));
      expect(opened).not.toBeNull();
      return { signInId: opened?.signInId, secret: opened?.secret };
    };
    expect(await play()).toEqual(await play());
  });
});
