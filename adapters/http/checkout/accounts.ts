// Accounts and sign-ins. Signing in answers alike for an unknown address and a wrong password. Registering an address
// that has an account says only that no account was made: who wants to learn more has to know the password. Whether an
// address is known can therefore be found out by trying to register it, one password hash at a time; hiding that as
// well needs an answer by mail.
import * as E from 'fp-ts/lib/Either.js';
import type { Customers } from '../../../application/ports/customers.js';
import type { System } from '../../../application/ports/system.js';
import { signInLifeSeconds } from '../../../domain/customer.js';
import { isCustomerId } from '../../../domain/ids.js';
import { plusSeconds } from '../../../domain/instant.js';
import { closed, line, opaque, secretLine } from '../codecs.js';
import { unauthorised } from '../credentials.js';
import {
  emptyAnswer,
  type Endpoint,
  jsonAnswer,
  type Reply,
  refuse,
  takingBody,
  takingNothing,
} from '../endpoint.js';
import { passing, problem } from '../problems.js';
import { emailCodec, momentCodec, momentOf, uuidCodec } from '../values.js';
import { createFailedTries, defaultTryLimit } from './failed-tries.js';
import { customerGuard, ownPages, signInCookie } from './customer-guard.js';

const registered = jsonAnswer(
  201,
  'The account was made.',
  closed('Account', { customerId: uuidCodec, email: emailCodec, name: line(1, 100) }),
);
const signedIn = jsonAnswer(
  201,
  'Signed in. In a browser on https the token also comes as a cookie.',
  closed('SignIn', { token: opaque(20, 512), customerId: uuidCodec, expiresAt: momentCodec }),
);
const signedOut = emptyAnswer('Signed out.');

/** Password checks are made slow on purpose; more than this at once would leave nothing for orders. */
const mostPasswordChecks = 32;

function createGate(most: number) {
  let inside = 0;
  return async (work: () => Promise<Reply>): Promise<Reply> => {
    if (inside >= most) return refuse(passing('too_busy'));
    inside += 1;
    try {
      return await work();
    } finally {
      inside -= 1;
    }
  };
}

/** What the endpoints for accounts need. */
export type AccountPorts = { readonly customers: Customers; readonly system: System };

/** Endpoints for accounts and sign-ins. */
export function accountEndpoints({ customers, system }: AccountPorts, publicUrl: URL): readonly Endpoint[] {
  const own = ownPages(publicUrl);
  const gate = createGate(mostPasswordChecks);
  const failedTries = createFailedTries(defaultTryLimit);
  return [
    takingBody({
      ...{ guard: own, method: 'post', path: '/customers', id: 'register' },
      summary: 'Make an account.',
      body: closed('Registration', { email: emailCodec, password: secretLine(8, 200), name: line(1, 100) }),
      answers: [registered],
      problems: ['registration_refused', 'unavailable'],
      handle: (_, __, { email, password, name }) =>
        gate(async () => {
          const customerId = system.newId();
          if (!isCustomerId(customerId)) return refuse(problem('internal_error'));
          const made = await customers.register({ customerId, email, name }, password, system.now())();
          if (E.isLeft(made)) return refuse(passing('unavailable'));
          return made.right === null ? refuse(problem('registration_refused')) : registered.reply(made.right);
        }),
    }),
    takingBody({
      ...{ guard: own, method: 'post', path: '/sign-ins', id: 'signIn' },
      summary: 'Sign in.',
      body: closed('Credentials', { email: emailCodec, password: secretLine(1, 200) }),
      answers: [signedIn],
      problems: ['sign_in_refused', 'too_many_tries', 'unavailable'],
      handle: ({ address }, __, { email, password }) =>
        gate(async () => {
          const now = system.now();
          const barred = failedTries.barredFor(address, now);
          if (barred !== null) return refuse(passing('too_many_tries', barred));
          const opened = await customers.signIn(email, password, now)();
          if (E.isLeft(opened)) return refuse(passing('unavailable'));
          if (opened.right === null) {
            failedTries.count(address, now);
            return unauthorised('sign_in_refused');
          }
          const { secret, customerId } = opened.right;
          const expiresAt = momentOf(plusSeconds(now, signInLifeSeconds));
          return signedIn.reply({ token: secret, customerId, expiresAt }, signInCookie(publicUrl, secret));
        }),
    }),
    takingNothing({
      guard: customerGuard(customers, system, publicUrl),
      ...{ method: 'delete', path: '/sign-ins/current', id: 'signOut' },
      summary: 'Sign out. Orders that were placed stay as they are.',
      answers: [signedOut],
      problems: [],
      handle: async (_, { signInId }) => {
        const ended = await customers.signOut(signInId, system.now())();
        if (E.isLeft(ended)) return refuse(passing('unavailable'));
        return signedOut.reply(undefined, signInCookie(publicUrl, null));
      },
    }),
  ];
}
