// The connection to the card processor, for the payments workers alone.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Stripe from 'stripe';

/** Where the card processor's API is, such as `https://api.stripe.com`, and our secret there. */
export type PaymentConnection = {
  readonly url: string;
  readonly secretKey: string;
  /** How long an answer may take, in milliseconds; 20 s unless told. */
  readonly timeoutMilliseconds?: number;
};

/** The client and the end of its connections. */
export type PaymentClient = { readonly stripe: Stripe; readonly close: () => void };

/**
 * The client sends a request again after a cut connection, whatever its settings say, and then tells of the second
 * try only: a request that was carried out would look as if it had never arrived. Under another name the error is
 * passed on, and our steps look the outcome up before they repeat anything.
 */
const renamed = (failure: unknown): unknown =>
  failure instanceof Error && 'code' in failure && (failure.code === 'ECONNRESET' || failure.code === 'EPIPE')
    ? Object.assign(new Error('the connection was cut'), { code: 'CONNECTION_CUT', cause: failure })
    : failure;

/** Opens the client; nothing is sent yet. It never repeats a request by itself. */
export const openPaymentClient = ({
  url,
  secretKey,
  timeoutMilliseconds,
}: PaymentConnection): PaymentClient => {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'https:';
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const http = Stripe.createNodeHttpClient(agent);
  const stripe = new Stripe(secretKey, {
    protocol: secure ? 'https' : 'http',
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    maxNetworkRetries: 0,
    timeout: timeoutMilliseconds ?? 20_000,
    telemetry: false,
    httpClient: {
      getClientName: () => http.getClientName(),
      makeRequest: async (...request) => {
        try {
          return await http.makeRequest(...request);
        } catch (failure) {
          throw renamed(failure);
        }
      },
    },
  });
  return { stripe, close: () => agent.destroy() };
};
