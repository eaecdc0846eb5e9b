import { domainToASCII } from 'node:url';
import type { AddressMarkReason } from '../../application/ports/customers.js';
import { emailKey } from './sign-in-secret.js';

/** What two spellings of one address have in common: lower case, and the domain as the mail service writes it (ASCII). */
export function addressKey(email: string): string {
  const key = emailKey(email.trim());
  const at = key.lastIndexOf('@');
  const domain = domainToASCII(key.slice(at + 1));
  return at <= 0 || domain === '' ? key : `${key.slice(0, at)}@${domain}`;
}

/** Whether a mark is kept in place of the one that is there (null: none): only a transient bounce gives way. */
export const replacesMark = (reason: AddressMarkReason, known: AddressMarkReason | null): boolean =>
  known === null || (known === 'bounced_transiently' && reason !== 'bounced_transiently');
