import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type {
  Account,
  AddressMark,
  ContactSnapshot,
  CurrentSignIn,
  Customers,
  NewSignIn,
} from '../../application/ports/customers.js';
import type { ContactSnapshotId, CustomerId, SignInId } from '../../domain/ids.js';
import { hasPassed, type Instant, plusSeconds } from '../../domain/instant.js';
import { addressKey, replacesMark } from './address-marks.js';
import type { Passwords } from './password.js';
import { seenAgainSeconds, type SignInSettings } from './settings.js';
import { emailKey, newSecret, newSignInId, type RandomBytes, secretHash } from './sign-in-secret.js';

type StoredAccount = Account & {
  passwordHash: string;
  failures: number;
  failedAt: Instant | null;
  noPasswordBefore: Instant | null;
  lockedAt: Instant | null;
};
type SignIn = {
  readonly signInId: SignInId;
  readonly account: StoredAccount;
  readonly secretHash: string;
  readonly signedInAt: Instant;
  lastSeenAt: Instant;
  endedAt: Instant | null;
  revokedAt: Instant | null;
};

/** Customers in this process; `stored` shows everything that is kept. */
export type InMemoryCustomers = Customers & { readonly stored: () => unknown };

/** Passwords kept as they are, for simulations in which none is a secret and no time may pass on a thread. */
export const plainPasswords: Passwords = {
  hash: async (password) => password,
  compare: async (password, stored) => (password === stored ? 'matches' : 'differs'),
};

const isPaused = ({ noPasswordBefore }: StoredAccount, now: Instant): boolean =>
  noPasswordBefore !== null && !hasPassed(noPasswordBefore, now);

const publicPart = ({ customerId, email, name }: Account): Account => ({ customerId, email, name });

/** Customers in memory, nobody at first. Apart from hashing, each call happens at once, when its task is run. */
export function inMemoryCustomers(
  passwords: Passwords,
  randomBytes: RandomBytes,
  settings: SignInSettings,
): InMemoryCustomers {
  const accounts = new Map<string, StoredAccount>();
  const signIns = new Map<SignInId, SignIn>();
  const signInsByHash = new Map<string, SignIn>();
  const snapshots = new Map<ContactSnapshotId, ContactSnapshot>();
  const customerIds = new Set<CustomerId>();
  const boundAccounts = new Map<string, CustomerId>();
  const boundNumbers = new Map<string, string>();
  const marks = new Map<string, AddressMark>();

  function keepAccount(account: Account, passwordHash: string): Account | null {
    const key = emailKey(account.email);
    if (accounts.has(key) || customerIds.has(account.customerId)) return null;
    const fresh = { passwordHash, failures: 0, failedAt: null, noPasswordBefore: null, lockedAt: null };
    accounts.set(key, { ...publicPart(account), ...fresh });
    customerIds.add(account.customerId);
    return publicPart(account);
  }

  function countFailure(account: StoredAccount, now: Instant): void {
    if (isPaused(account, now)) return;
    const { pauseSchedule, failuresForgottenSeconds } = settings;
    const recent =
      account.failedAt !== null && !hasPassed(plusSeconds(account.failedAt, failuresForgottenSeconds), now);
    account.failures = recent ? account.failures + 1 : 1;
    account.failedAt = now;
    account.noPasswordBefore = plusSeconds(
      now,
      pauseSchedule[Math.min(account.failures, pauseSchedule.length) - 1] ?? 0,
    );
  }

  async function signIn(email: string, password: string, now: Instant): Promise<NewSignIn | null> {
    const account = accounts.get(emailKey(email));
    const comparison = await passwords.compare(password, account?.passwordHash ?? null);
    if (account === undefined) return null;
    if (comparison === 'differs') {
      countFailure(account, now);
      return null;
    }
    const renewed = comparison === 'outdated' ? await passwords.hash(password) : account.passwordHash;
    if (isPaused(account, now) || account.lockedAt !== null) return null;
    Object.assign(account, { passwordHash: renewed, failures: 0, failedAt: null, noPasswordBefore: null });
    const secret = newSecret(randomBytes);
    const opened: SignIn = {
      signInId: newSignInId(randomBytes),
      account,
      secretHash: secretHash(secret).toString('hex'),
      signedInAt: now,
      lastSeenAt: now,
      endedAt: null,
      revokedAt: null,
    };
    signIns.set(opened.signInId, opened);
    signInsByHash.set(opened.secretHash, opened);
    return { signInId: opened.signInId, customerId: account.customerId, secret };
  }

  function currentSignIn(secret: string, now: Instant): CurrentSignIn | null {
    const found = signInsByHash.get(secretHash(secret).toString('hex'));
    if (found === undefined || found.endedAt !== null || found.revokedAt !== null) return null;
    if (hasPassed(plusSeconds(found.lastSeenAt, settings.idleSeconds), now)) return null;
    if (hasPassed(plusSeconds(found.signedInAt, settings.lifeSeconds), now)) return null;
    if (hasPassed(plusSeconds(found.lastSeenAt, seenAgainSeconds(settings)), now)) found.lastSeenAt = now;
    const { signInId, account, signedInAt } = found;
    return { signInId, account: publicPart(account), signedInAt };
  }

  const accountOf = (customerId: CustomerId): StoredAccount | undefined =>
    [...accounts.values()].find((account) => account.customerId === customerId);

  function lockAccount(customerId: CustomerId, now: Instant): boolean {
    const account = accountOf(customerId);
    if (account === undefined) return false;
    account.lockedAt ??= now;
    for (const signIn of signIns.values()) if (signIn.account === account) signIn.revokedAt ??= now;
    return true;
  }

  function unlockAccount(customerId: CustomerId): boolean {
    const account = accountOf(customerId);
    if (account === undefined) return false;
    account.lockedAt = null;
    return true;
  }

  function bindShopCustomer(issuer: string, reference: string, customerId: CustomerId): boolean {
    const number = JSON.stringify([issuer, reference]);
    const owner = JSON.stringify([issuer, customerId]);
    const bound = boundAccounts.get(number);
    if (bound !== undefined) return bound === customerId;
    if (boundNumbers.has(owner) || !customerIds.has(customerId)) return false;
    boundAccounts.set(number, customerId);
    boundNumbers.set(owner, number);
    return true;
  }

  const answering =
    <Answer>(call: () => Answer | Promise<Answer>): TE.TaskEither<never, Answer> =>
    async () =>
      E.right(await call());

  return {
    register: (account, password) =>
      answering(async () => keepAccount(account, await passwords.hash(password))),
    signIn: (email, password, now) => answering(() => signIn(email, password, now)),
    currentSignIn: (secret, now) => answering(() => currentSignIn(secret, now)),
    signOut: (signInId, now) =>
      answering(() => {
        const found = signIns.get(signInId);
        if (found !== undefined) found.endedAt ??= now;
      }),
    revokeSignIn: (signInId, now) =>
      answering(() => {
        const found = signIns.get(signInId);
        if (found !== undefined) found.revokedAt ??= now;
      }),
    lockAccount: (customerId, now) => answering(() => lockAccount(customerId, now)),
    unlockAccount: (customerId) => answering(() => unlockAccount(customerId)),
    evidenceOf: (signInId) =>
      answering(() => {
        const found = signIns.get(signInId);
        if (found === undefined) return null;
        const { account, signedInAt, revokedAt } = found;
        const accountLocked = account.lockedAt !== null;
        return { signInId, customerId: account.customerId, signedInAt, revokedAt, accountLocked };
      }),
    keepSnapshot: (snapshot) =>
      answering(() => {
        const id = snapshot.contactSnapshotId;
        if (!snapshots.has(id)) snapshots.set(id, snapshot);
      }),
    snapshot: (id) => answering(() => snapshots.get(id) ?? null),
    bindShopCustomer: (issuer, reference, customerId) =>
      answering(() => bindShopCustomer(issuer, reference, customerId)),
    markAddress: (email, reason, at) =>
      answering(() => {
        const key = addressKey(email);
        if (replacesMark(reason, marks.get(key)?.reason ?? null)) marks.set(key, { reason, at });
      }),
    addressMark: (email) => answering(() => marks.get(addressKey(email)) ?? null),
    stored: () => [
      [...accounts.values()],
      [...signIns.values()],
      [...snapshots.values()],
      [...boundAccounts],
      [...marks],
    ],
  };
}
