import * as t from 'io-ts';
import { customerOf } from '../invoices/cart-of-invoice.js';
import { type ApiClient, bodyOf, UnexpectedAnswer } from '../http-client.js';

const SignIn = t.type({ token: t.string });

/** The customers of a file, each registered and signed in once, when their first order comes. */
export type Shoppers = {
  /** The bearer token of the customer with this shop number. */
  readonly tokenOf: (reference: string) => Promise<string>;
};

const signIn = async (web: ApiClient, reference: string): Promise<string> => {
  const { email, name, password } = customerOf(reference);
  const registered = await web.call({ method: 'POST', path: '/customers', body: { email, name, password } });
  // 409: registered by an earlier play of the same file.
  if (registered.status !== 201 && registered.status !== 409) {
    throw new UnexpectedAnswer(`registration: status ${String(registered.status)}`);
  }
  const answer = await web.call({ method: 'POST', path: '/sign-ins', body: { email, password } });
  return bodyOf(SignIn, answer, 'sign-in').token;
};

/** Nobody has come yet. */
export const createShoppers = (web: ApiClient): Shoppers => {
  const tokens = new Map<string, Promise<string>>();
  return {
    tokenOf: (reference) => {
      const known = tokens.get(reference);
      if (known !== undefined) return known;
      const token = signIn(web, reference);
      tokens.set(reference, token);
      return token;
    },
  };
};
