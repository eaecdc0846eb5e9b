// Who is signed in: by a bearer token, or in a browser by a cookie. A change that only a cookie vouches for must come
// from a page of our own, which its Origin header tells.
import * as E from 'fp-ts/lib/Either.js';
import type { CurrentSignIn, Customers } from '../../../application/ports/customers.js';
import type { System } from '../../../application/ports/system.js';
import { signInLifeSeconds } from '../../../domain/customer.js';
import { bearerOf, unauthorised } from '../credentials.js';
import { type Exchange, type Guard, type Reply, refuse } from '../endpoint.js';
import { passing, problem } from '../problems.js';

const cookieName = '__Host-sign-in';

/** The header that keeps a sign-in in a browser; empty when the public address is not https, where it would not be safe. */
export const signInCookie = (publicUrl: URL, secret: string | null): Readonly<Record<string, string>> => {
  if (publicUrl.protocol !== 'https:') return {};
  const life = secret === null ? 0 : signInLifeSeconds;
  const attributes = `Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${life}`;
  return { 'Set-Cookie': `${cookieName}=${secret ?? ''}; ${attributes}` };
};

/** The secret in the cookie; null when there is none, or two that differ (one of them may be forged). */
function cookieOf({ headers }: Exchange): string | null {
  const secrets = (headers.cookie ?? '')
    .slice(0, 8_192)
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`))
    .map((pair) => pair.slice(cookieName.length + 1));
  const [secret] = secrets;
  if (secret === undefined || secrets.some((other) => other !== secret)) return null;
  return /^[A-Za-z0-9._~+/=-]{1,512}$/.test(secret) ? secret : null;
}

const isSafe = ({ method }: Exchange): boolean => method === 'GET' || method === 'HEAD';

/** Pages of our own and programs, which send no Origin; for what needs no sign-in but must not be set off elsewhere. */
export const ownPages = (publicUrl: URL): Guard<null> => ({
  schemes: [],
  problems: ['origin_not_allowed'],
  admit: ({ headers }) => {
    const isForeign = headers.origin !== undefined && headers.origin !== publicUrl.origin;
    return Promise.resolve(isForeign ? E.left(refuse(problem('origin_not_allowed'))) : E.right(null));
  },
});

/** A signed-in customer. */
export const customerGuard = (
  customers: Pick<Customers, 'currentSignIn'>,
  system: Pick<System, 'now'>,
  publicUrl: URL,
): Guard<CurrentSignIn> => ({
  schemes: ['signIn', 'signInCookie'],
  problems: ['sign_in_needed', 'origin_not_allowed', 'unavailable'],
  admit: async (exchange): Promise<E.Either<Reply, CurrentSignIn>> => {
    const bearer = bearerOf(exchange);
    const secret = bearer ?? (exchange.headers.authorization === undefined ? cookieOf(exchange) : null);
    if (secret === null) return E.left(unauthorised('sign_in_needed'));
    if (bearer === null && !isSafe(exchange) && exchange.headers.origin !== publicUrl.origin) {
      return E.left(refuse(problem('origin_not_allowed')));
    }
    const found = await customers.currentSignIn(secret, system.now())();
    if (E.isLeft(found)) return E.left(refuse(passing('unavailable')));
    return found.right === null ? E.left(unauthorised('sign_in_needed')) : E.right(found.right);
  },
});
