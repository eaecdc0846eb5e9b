import { inMemoryGateway, type GatewayFault } from '../../../adapters/payment/in-memory.js';
import { stripeGateway } from '../../../adapters/payment/stripe.js';
import { startCardProcessor } from '../../../infrastructure/local/card-processor/server.js';
import { openPaymentClient } from '../../../infrastructure/payment-client.js';
import { afterNoon } from '../samples.js';
import { type BookedLine, type ChangingCall, paymentGatewayContract } from './payment-gateway.js';

paymentGatewayContract('memory', async () => {
  let now = 0;
  const faults = new Map<string, GatewayFault>();
  const gateway = inMemoryGateway({
    now: () => afterNoon(now),
    faultOf: (call) => {
      const fault = faults.get(call) ?? null;
      faults.delete(call);
      return fault;
    },
  });
  return {
    gateway,
    disturb: async (call, how) => void faults.set(call, how === 'refused' ? 'unreachable' : 'reply_lost'),
    pass: (seconds) => {
      now += seconds;
    },
    ledger: async (orderId) =>
      gateway
        .ledger()
        .filter((line) => line.orderId === orderId)
        .map(({ kind, amount }) => ({ kind, amount: amount.minor })),
    close: async () => undefined,
  };
});

const secretKey = 'sk_test_of_the_contract';
const paths: Readonly<Record<ChangingCall, string>> = {
  reserve: '/v1/payment_intents',
  charge: '/v1/payment_intents/*',
  voidReservation: '/v1/payment_intents/*',
};

paymentGatewayContract("Stripe's protocol", async () => {
  let now = 0;
  const clock = (): number => afterNoon(now);
  const processor = await startCardProcessor({ port: 0, dataDirectory: null, secretKey, clock });
  const client = openPaymentClient({ url: processor.url, secretKey });
  return {
    gateway: stripeGateway(client.stripe),
    disturb: async (call, how) => {
      const kind = how === 'refused' ? 'error_429' : 'lose_reply_after_effect';
      const match = { method: 'POST', path: paths[call] };
      const response = await fetch(`${processor.url}/_faults`, {
        method: 'POST',
        body: JSON.stringify({ kind, match }),
      });
      if (response.status !== 201) throw new Error(`the fault was refused: ${await response.text()}`);
    },
    pass: (seconds) => {
      now += seconds;
    },
    ledger: async (orderId) => {
      const response = await fetch(`${processor.url}/_ledger?order_id=${orderId}`);
      const { entries }: { entries: BookedLine[] } = await response.json();
      return entries.map(({ kind, amount }) => ({ kind, amount }));
    },
    close: async () => {
      client.close();
      await processor.close();
    },
  };
});
