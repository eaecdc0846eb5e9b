import {
  inMemoryGateway,
  type GatewayFault,
  type InMemoryGatewayOptions,
} from '../../../adapters/payment/in-memory.js';
import { stripeGateway } from '../../../adapters/payment/stripe.js';
import { startCardProcessor } from '../../../infrastructure/local/card-processor/server.js';
import { openPaymentClient } from '../../../infrastructure/payment-client.js';
import { afterNoon } from '../samples.js';
import type { BankAnswer, BookedLine, ChangingCall } from './bench.js';
import { paymentGatewayContract } from './payment-gateway.js';

paymentGatewayContract('memory', async () => {
  let now = 0;
  const faults = new Map<string, GatewayFault>();
  const banks = new Map<string, BankAnswer>();
  const taken = <Value>(waiting: Map<string, Value>, name: string): Value | null => {
    const next = waiting.get(name) ?? null;
    waiting.delete(name);
    return next;
  };
  const options: InMemoryGatewayOptions = {
    now: () => afterNoon(now),
    faultOf: (call) => taken(faults, call),
    issuer: ({ operation }) => taken(banks, operation),
  };
  const gateway = inMemoryGateway(options);
  return {
    gateway,
    disturb: async (call, how) => void faults.set(call, how === 'refused' ? 'unreachable' : 'reply_lost'),
    tellBank: async (call, answer) => void banks.set(call, answer),
    answerChallenge: async (reference, passed) => gateway.answerChallenge(reference, passed),
    expire: async (reference) => gateway.expireReservation(reference),
    settleRefund: async (reference, number, status) => gateway.settleRefund(reference, number, status),
    openDispute: async (reference) => gateway.openDispute(reference, 'fraudulent') ?? '',
    forgetKeys: async () => gateway.forgetKeys(),
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
const operations: Readonly<Record<ChangingCall, string>> = {
  reserve: 'reserve',
  charge: 'capture',
  voidReservation: 'cancel',
  refund: 'refund',
};
const bankFaults: Readonly<Record<BankAnswer['type'], string>> = {
  decline: 'decline',
  challenge: 'require_challenge',
  expire: 'expire_reservation',
};

paymentGatewayContract("Stripe's protocol", async () => {
  let now = 0;
  const clock = (): number => afterNoon(now);
  const processor = await startCardProcessor({ port: 0, dataDirectory: null, secretKey, clock });
  const client = openPaymentClient({ url: processor.url, secretKey });
  const post = async (path: string, wish: object, expected: readonly number[]): Promise<string> => {
    const response = await fetch(`${processor.url}${path}`, { method: 'POST', body: JSON.stringify(wish) });
    const said = await response.text();
    if (!expected.includes(response.status)) throw new Error(`${path} was refused: ${said}`);
    return said;
  };
  return {
    gateway: stripeGateway(client.stripe),
    disturb: async (call, how) => {
      const kind = how === 'refused' ? 'error_429' : 'lose_reply_after_effect';
      await post('/_faults', { kind, match: { operation: operations[call] } }, [201]);
    },
    tellBank: async (call, answer) => {
      const code = answer.type === 'decline' ? { code: answer.code } : {};
      const match = { operation: operations[call] };
      await post('/_faults', { kind: bankFaults[answer.type], match, ...code }, [201]);
    },
    answerChallenge: async (reference, passed) => {
      // 409: the payment does not wait for it any more.
      await post('/_control/challenges', { intent: reference, passed }, [200, 409]);
    },
    expire: async (reference) => {
      await post('/_control/reservations/expire', { intent: reference }, [200]);
    },
    settleRefund: async (reference, number, status) => {
      const { data } = await client.stripe.refunds.list({ payment_intent: reference });
      const refund = data.find(({ metadata }) => metadata?.['refund'] === String(number));
      const wish = { refund: refund?.id, status: status === 'refunded' ? 'succeeded' : 'failed' };
      await post('/_control/refunds/settle', wish, [200]);
    },
    openDispute: async (reference) => {
      const said = await post('/_control/disputes', { intent: reference, reason: 'fraudulent' }, [200]);
      const { id }: { id: string } = JSON.parse(said);
      return id;
    },
    forgetKeys: async () => {
      await post('/_control/keys/forget', {}, [200]);
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
