import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CountryCode } from '../../domain/country.js';
import type { SignInEvidence } from '../../domain/customer.js';
import type { ContactSnapshotId, CustomerId, SignInId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';

/** The customers database could not be asked or changed. */
export type CustomersError = { readonly type: 'customers_unavailable'; readonly reason: string };

/** A postal address as the customer wrote it, in the parts every country knows. */
export type PostalAddress = {
  readonly lines: readonly string[];
  readonly city: string;
  readonly postcode: string | null;
  readonly country: CountryCode;
};

/** Who gets an order, as an immutable copy: later changes of the account do not reach it. */
export type ContactSnapshot = {
  readonly contactSnapshotId: ContactSnapshotId;
  readonly customerId: CustomerId;
  readonly name: string;
  readonly email: string;
  readonly address: PostalAddress;
};

/** A customer's account without its secret. E-mail addresses are unique, compared in lower case. */
export type Account = {
  readonly customerId: CustomerId;
  readonly email: string;
  readonly name: string;
};

/** The secret of a sign-in as the customer's browser or program holds it; stored only as a hash. */
export type NewSignIn = {
  readonly signInId: SignInId;
  readonly customerId: CustomerId;
  readonly secret: string;
};

/** A sign-in that is in force. */
export type CurrentSignIn = {
  readonly signInId: SignInId;
  readonly account: Account;
  readonly signedInAt: Instant;
};

/**
 * Why mail to an address is in doubt: its server refused it for good, refused it for now, or its owner called our mail
 * unwanted.
 */
export type AddressMarkReason = 'bounced_permanently' | 'bounced_transiently' | 'complained';

/** What is known against an e-mail address, and since when. */
export type AddressMark = { readonly reason: AddressMarkReason; readonly at: Instant };

/** Accounts, sign-ins, contact snapshots and marks of addresses. Passwords are hashed inside; their plain form is never kept. */
export type Customers = {
  /** Makes an account; null when the e-mail address has one already. */
  readonly register: (
    account: Account,
    password: string,
    now: Instant,
  ) => TE.TaskEither<CustomersError, Account | null>;
  /**
   * Checks e-mail and password and opens a sign-in. Unknown address, wrong password and locked account answer alike
   * and take alike. After too many failures the account takes no password for a while, never for ever; that slows
   * guesses down and touches nothing else, since anybody can cause it.
   */
  readonly signIn: (
    email: string,
    password: string,
    now: Instant,
  ) => TE.TaskEither<CustomersError, NewSignIn | null>;
  /** The sign-in that this secret belongs to, if it is still in force. */
  readonly currentSignIn: (
    secret: string,
    now: Instant,
  ) => TE.TaskEither<CustomersError, CurrentSignIn | null>;
  /** Ends a sign-in; orders placed under it stay authenticated. */
  readonly signOut: (signInId: SignInId, now: Instant) => TE.TaskEither<CustomersError, void>;
  /** Revokes a sign-in: orders placed under it and not authenticated yet are rejected. */
  readonly revokeSignIn: (signInId: SignInId, now: Instant) => TE.TaskEither<CustomersError, void>;
  /**
   * An operator locks an account until it is unlocked: it opens no sign-in, and every sign-in it has is revoked.
   * Repeating it changes nothing. False when there is no such account.
   */
  readonly lockAccount: (customerId: CustomerId, now: Instant) => TE.TaskEither<CustomersError, boolean>;
  /** Lets the customer sign in again; revoked sign-ins stay revoked. False when there is no such account. */
  readonly unlockAccount: (customerId: CustomerId) => TE.TaskEither<CustomersError, boolean>;
  /** What is known of a sign-in now, for the workflow's authentication step. */
  readonly evidenceOf: (signInId: SignInId) => TE.TaskEither<CustomersError, SignInEvidence | null>;
  /** Keeps a snapshot; repeating it with the same id changes nothing. */
  readonly keepSnapshot: (snapshot: ContactSnapshot) => TE.TaskEither<CustomersError, void>;
  /** A snapshot; null when it was erased or never kept. */
  readonly snapshot: (id: ContactSnapshotId) => TE.TaskEither<CustomersError, ContactSnapshot | null>;
  /**
   * Binds a shop's customer number to an account at its first use. False when it, or the account, is bound otherwise:
   * then the cart is somebody else's.
   */
  readonly bindShopCustomer: (
    issuer: string,
    customerReference: string,
    customerId: CustomerId,
  ) => TE.TaskEither<CustomersError, boolean>;
  /**
   * Marks an e-mail address, an account's or not. A permanent bounce and a complaint replace a transient bounce;
   * otherwise the first mark stays, so repeats, in whatever order, change nothing. Two spellings of one address (case,
   * a domain with letters outside ASCII) have one mark.
   */
  readonly markAddress: (
    email: string,
    reason: AddressMarkReason,
    at: Instant,
  ) => TE.TaskEither<CustomersError, void>;
  /** The mark of an e-mail address; null when nothing is known against it. */
  readonly addressMark: (email: string) => TE.TaskEither<CustomersError, AddressMark | null>;
};
