import type { Branded } from './brand.js';

// All identifiers are UUIDs in lower case (at least 122 random or hashed bits), so that none can be guessed.
// They are made outside the domain and arrive in commands.

/** Names one order and its stream `order-{orderId}`; derived from the cart token, so one cart makes one order. */
export type OrderId = Branded<string, 'OrderId'>;
/** Names a customer's account in the checkout. */
export type CustomerId = Branded<string, 'CustomerId'>;
/** Names one sign-in (a session), never the session's secret. */
export type SignInId = Branded<string, 'SignInId'>;
/** Names an immutable copy of a customer's name, e-mail and address, kept in the customers database. */
export type ContactSnapshotId = Branded<string, 'ContactSnapshotId'>;
/** Names one command; the events it caused carry it. */
export type CommandId = Branded<string, 'CommandId'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID. */
export const isOrderId = (value: string): value is OrderId => uuid.test(value);
/** True for a lower-case UUID. */
export const isCustomerId = (value: string): value is CustomerId => uuid.test(value);
/** True for a lower-case UUID. */
export const isSignInId = (value: string): value is SignInId => uuid.test(value);
/** True for a lower-case UUID. */
export const isContactSnapshotId = (value: string): value is ContactSnapshotId => uuid.test(value);
/** True for a lower-case UUID. */
export const isCommandId = (value: string): value is CommandId => uuid.test(value);
