// What every store of customers must do. Plays with the settings below; times count from a noon.
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Passwords } from '../../../adapters/customers/password.js';
import type { SignInSettings } from '../../../adapters/customers/settings.js';
import type { Account, ContactSnapshot, Customers } from '../../../application/ports/customers.js';
import { isCountryCode } from '../../../domain/country.js';
import { isContactSnapshotId, isSignInId } from '../../../domain/ids.js';
import { afterNoon, answerOf } from '../samples.js';
import { checked, newCustomerId } from '../../support/ids.js';

/** The settings that a store under test must be made with. */
export const signInSettings: SignInSettings = {
  idleSeconds: 1_800,
  lifeSeconds: 43_200,
  pauseSchedule: [0, 0, 30, 60],
  failuresForgottenSeconds: 86_400,
};

/** A store under test, and the whole of what it keeps as one text. */
export type CustomersUnderTest = {
  readonly customers: Customers;
  readonly stored: () => Promise<string>;
  readonly close: () => Promise<void>;
};

/** Password hashing that records what it was asked to compare with. */
export type WatchedPasswords = { readonly passwords: Passwords; readonly compared: Array<string | null> };

const noon = afterNoon(0);
const password = 'correct horse battery staple';

const newAccount = (): Account => ({
  customerId: newCustomerId(),
  email: `Maria-${randomUUID()}@Example.org`,
  name: 'Maria Müller',
});

const newSnapshot = (): ContactSnapshot => ({
  contactSnapshotId: checked(isContactSnapshotId, randomUUID()),
  customerId: newCustomerId(),
  name: 'Zoë "Quote" \\ O\u2019Hara \u0000 \ud83d\ude42 \u202e',
  email: 'zoë@example.org',
  address: {
    lines: ['Flat 2', "'); drop table accounts; --"],
    city: 'København',
    postcode: null,
    country: checked(isCountryCode, 'DK'),
  },
});

/** The contract of a store of customers; `open` is called once, with the hashing to use. */
export function customersContract(
  name: string,
  watched: WatchedPasswords,
  open: (passwords: Passwords) => Promise<CustomersUnderTest>,
): void {
  describe(`${name} as a store of customers`, () => {
    let store: CustomersUnderTest;
    beforeAll(async () => {
      store = await open(watched.passwords);
    });
    afterAll(() => store.close());

    const signIn = (email: string, secret: string, now = noon) =>
      answerOf(store.customers.signIn(email, secret, now));
    const current = (secret: string, now = noon) => answerOf(store.customers.currentSignIn(secret, now));
    async function registered(): Promise<Account> {
      const account = newAccount();
      expect(await answerOf(store.customers.register(account, password, noon))).toEqual(account);
      return account;
    }
    async function signedIn() {
      const account = await registered();
      const opened = await signIn(account.email, password);
      if (opened === null) throw new Error('the sign-in was refused');
      const evidence = () => answerOf(store.customers.evidenceOf(opened.signInId));
      return { account, ...opened, evidence };
    }
    async function fail(email: string, times: number, now = noon) {
      for (let time = 0; time < times; time += 1) expect(await signIn(email, 'wrong', now)).toBeNull();
    }

    describe('registers', () => {
      it('one account for an e-mail address, in whatever case', async () => {
        const account = await registered();
        const again = { ...newAccount(), email: account.email.toUpperCase() };
        expect(await answerOf(store.customers.register(again, 'other', noon))).toBeNull();
        expect(await signIn(account.email, 'other')).toBeNull();
        expect((await signIn(account.email.toLowerCase(), password))?.customerId).toBe(account.customerId);
      });

      it('one of many that ask at once', async () => {
        const { email } = newAccount();
        const answers = await Promise.all(
          Array.from({ length: 8 }, () =>
            answerOf(store.customers.register({ ...newAccount(), email }, password, noon)),
          ),
        );
        expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
      });

      it('passwords alike however their letters are composed, and no two others', async () => {
        const account = newAccount();
        await answerOf(store.customers.register(account, 'Pa\u00dfw\u00f6rt', noon));
        expect(await signIn(account.email, 'Pa\u00dfwo\u0308rt')).not.toBeNull();
        expect(await signIn(account.email, 'pa\u00dfw\u00f6rt')).toBeNull();
      });
    });

    describe('signs in', () => {
      it('with a secret of 256 bits that nobody else has', async () => {
        const account = await registered();
        const [first, second] = [
          await signIn(account.email, password),
          await signIn(account.email, password),
        ];
        expect(first?.secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(second?.secret).not.toBe(first?.secret);
        expect(second?.signInId).not.toBe(first?.signInId);
        expect(await current(first?.secret ?? '')).toEqual({
          signInId: first?.signInId,
          account,
          signedInAt: noon,
        });
      });

      it('keeping neither password nor secret, and of the secret only its hash', async () => {
        const { secret } = await signedIn();
        const stored = await store.stored();
        expect(stored).not.toContain(secret);
        expect(stored).not.toContain(password);
        expect(stored).toContain(createHash('sha256').update(secret).digest('hex'));
      });

      it('many at once', async () => {
        const { email } = await registered();
        const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(email, password)));
        expect(answers.filter((answer) => answer === null)).toEqual([]);
      });

      it('nobody with a wrong password, an unknown address or too many failures, after the same work', async () => {
        const { email } = await registered();
        await fail(email, 3);
        const attempts = [
          ['nobody@example.org', password],
          ['', ''],
          ['nul\u0000@example.org', password],
          [email, password],
          [email, 'wrong'],
        ] as const;
        for (const [address, secret] of attempts) {
          const before = watched.compared.length;
          expect(await signIn(address, secret)).toBeNull();
          expect(watched.compared.length).toBe(before + 1);
        }
      });

      it('again after every pause, which grows and ends', async () => {
        const { email } = await registered();
        await fail(email, 3);
        expect(await signIn(email, password, afterNoon(29.999))).toBeNull();
        await fail(email, 1, afterNoon(30));
        expect(await signIn(email, password, afterNoon(89.999))).toBeNull();
        await fail(email, 1, afterNoon(90));
        expect(await signIn(email, password, afterNoon(149.999))).toBeNull();
        expect(await signIn(email, password, afterNoon(150))).not.toBeNull();
        await fail(email, 2, afterNoon(151));
        expect(await signIn(email, password, afterNoon(151))).not.toBeNull();
      });

      it('without a longer pause for tries during a pause', async () => {
        const { email } = await registered();
        await fail(email, 3);
        await fail(email, 20, afterNoon(10));
        expect(await signIn(email, password, afterNoon(30))).not.toBeNull();
      });

      it('nobody after a burst of guesses', async () => {
        const { email } = await registered();
        const guesses = await Promise.all(Array.from({ length: 30 }, () => signIn(email, 'wrong')));
        expect(guesses.every((guess) => guess === null)).toBe(true);
        expect(await signIn(email, password, afterNoon(1))).toBeNull();
      });

      it('without minding failures of long ago', async () => {
        const { email } = await registered();
        await fail(email, 2);
        await fail(email, 2, afterNoon(86_400));
        expect(await signIn(email, password, afterNoon(86_400))).not.toBeNull();
      });
    });

    describe('ends sign-ins', () => {
      it('after half an hour without use', async () => {
        const { secret } = await signedIn();
        expect(await current(secret, afterNoon(1_799))).not.toBeNull();
        expect(await current(secret, afterNoon(3_598))).not.toBeNull();
        expect(await current(secret, afterNoon(3_598 + 1_800))).toBeNull();
      });

      it('after twelve hours, used or not', async () => {
        const { secret } = await signedIn();
        for (let now = 1_000; now < 43_200; now += 1_000) {
          expect(await current(secret, afterNoon(now))).not.toBeNull();
        }
        expect(await current(secret, afterNoon(43_200))).toBeNull();
      });

      it('by signing out, which revokes nothing', async () => {
        const { secret, signInId, evidence } = await signedIn();
        await answerOf(store.customers.signOut(signInId, afterNoon(5)));
        await answerOf(store.customers.signOut(signInId, afterNoon(6)));
        expect(await current(secret, afterNoon(7))).toBeNull();
        expect((await evidence())?.revokedAt).toBeNull();
      });

      it('by revoking, at the first time it was asked for', async () => {
        const { secret, signInId, evidence } = await signedIn();
        await answerOf(store.customers.revokeSignIn(signInId, afterNoon(5)));
        await answerOf(store.customers.revokeSignIn(signInId, afterNoon(6)));
        expect(await current(secret, afterNoon(7))).toBeNull();
        expect((await evidence())?.revokedAt).toBe(afterNoon(5));
      });

      it('of nobody else', async () => {
        const [one, other] = [await signedIn(), await signedIn()];
        await answerOf(store.customers.signOut(one.signInId, noon));
        expect(await current(other.secret)).not.toBeNull();
        expect(await current(other.signInId)).toBeNull();
        expect(await current('')).toBeNull();
      });
    });

    describe('gives evidence', () => {
      it('of who signed in and when, also after the sign-in ended', async () => {
        const { account, signInId, evidence } = await signedIn();
        await answerOf(store.customers.signOut(signInId, afterNoon(5)));
        expect(await evidence()).toEqual({
          signInId,
          customerId: account.customerId,
          signedInAt: noon,
          revokedAt: null,
          accountLocked: false,
        });
      });

      it("of no lock after a stranger's guesses, so that they have no order rejected", async () => {
        const { account, secret, evidence } = await signedIn();
        await fail(account.email, 20);
        expect(await signIn(account.email, password)).toBeNull();
        expect(await evidence()).toMatchObject({ accountLocked: false, revokedAt: null });
        expect(await current(secret)).not.toBeNull();
      });

      it('of no sign-in that never was', async () => {
        const unknown = checked(isSignInId, randomUUID());
        expect(await answerOf(store.customers.evidenceOf(unknown))).toBeNull();
      });
    });

    describe('locks an account for an operator', () => {
      const lock = ({ customerId }: Account, now = noon) =>
        answerOf(store.customers.lockAccount(customerId, now));
      const unlock = ({ customerId }: Account) => answerOf(store.customers.unlockAccount(customerId));

      it('revoking its sign-ins and opening no other until it is unlocked', async () => {
        const { account, secret, evidence } = await signedIn();
        expect(await lock(account, afterNoon(5))).toBe(true);
        expect(await evidence()).toMatchObject({ accountLocked: true, revokedAt: afterNoon(5) });
        expect(await current(secret, afterNoon(6))).toBeNull();
        expect(await signIn(account.email, password, afterNoon(99_999))).toBeNull();
        expect(await unlock(account)).toBe(true);
        expect(await evidence()).toMatchObject({ accountLocked: false, revokedAt: afterNoon(5) });
        expect(await current(secret, afterNoon(6))).toBeNull();
        expect(await signIn(account.email, password, afterNoon(99_999))).not.toBeNull();
      });

      it('and changes nothing when asked again', async () => {
        const { account, evidence } = await signedIn();
        await lock(account, afterNoon(5));
        expect(await lock(account, afterNoon(6))).toBe(true);
        expect((await evidence())?.revokedAt).toBe(afterNoon(5));
        await unlock(account);
        expect(await unlock(account)).toBe(true);
      });

      it('leaving none of the sign-ins that open at the same moment', async () => {
        const { email, ...rest } = await registered();
        const opening = Array.from({ length: 8 }, () => signIn(email, password));
        const [opened] = await Promise.all([Promise.all(opening), lock({ email, ...rest })]);
        await unlock({ email, ...rest });
        const left = await Promise.all(opened.map((one) => current(one?.secret ?? '')));
        expect(left.every((one) => one === null)).toBe(true);
      });

      it('and nobody else', async () => {
        const [one, other] = [await signedIn(), await signedIn()];
        await lock(one.account);
        expect((await other.evidence())?.accountLocked).toBe(false);
        expect(await current(other.secret)).not.toBeNull();
        expect(await lock(newAccount())).toBe(false);
        expect(await unlock(newAccount())).toBe(false);
      });
    });

    describe('keeps contact snapshots', () => {
      it('as they were first, whatever is in them', async () => {
        const snapshot = newSnapshot();
        await answerOf(store.customers.keepSnapshot(snapshot));
        await answerOf(store.customers.keepSnapshot({ ...snapshot, name: 'Somebody else' }));
        expect(await answerOf(store.customers.snapshot(snapshot.contactSnapshotId))).toEqual(snapshot);
      });

      it('and knows none that was never kept', async () => {
        expect(await answerOf(store.customers.snapshot(newSnapshot().contactSnapshotId))).toBeNull();
      });
    });

    describe("binds a shop's customer number", () => {
      const bind = (issuer: string, reference: string, { customerId }: Account) =>
        answerOf(store.customers.bindShopCustomer(issuer, reference, customerId));

      it('to one account and the account to one number, in each shop', async () => {
        const [one, other] = [await registered(), await registered()];
        const [shop, otherShop] = [randomUUID(), randomUUID()];
        expect(await bind(shop, '12345', one)).toBe(true);
        expect(await bind(shop, '12345', one)).toBe(true);
        expect(await bind(shop, '12345', other)).toBe(false);
        expect(await bind(shop, '99999', one)).toBe(false);
        expect(await bind(shop, '99999', other)).toBe(true);
        expect(await bind(otherShop, '12345', other)).toBe(true);
      });

      it('to one account when several ask at once, and to that one for every request', async () => {
        const [one, other] = [await registered(), await registered()];
        const shop = randomUUID();
        const owners = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? one : other));
        const answers = await Promise.all(owners.map((owner) => bind(shop, '12345', owner)));
        const [first, second] = answers;
        expect([first, second].sort()).toEqual([false, true]);
        expect(answers).toEqual(answers.map((_, index) => (index % 2 === 0 ? first : second)));
      });

      it('to no account that does not exist', async () => {
        expect(await bind(randomUUID(), '12345', newAccount())).toBe(false);
      });
    });
  });
}
