// What every way to a card processor must do. The processor's own ledger is the witness: an answer counts for nothing
// when the books say otherwise.
//
// Another processor is added against this suite. Write its adapter of the port PaymentGateway, then open it here as
// payment-gateway.test.ts opens Stripe's: `open` is called for each test and makes a GatewayUnderTest (bench.ts), which
// is the gateway with a processor of its own whose clock starts at noon and whose people (banks, cardholders) do as they
// are told; a processor's sandbox or a stand-in that speaks its protocol. Cards are named as Stripe's test cards are;
// an adapter whose processor has other names translates them in `open`. What differs between processors beyond the
// port (error codes, signatures, what a time-out looks like) is tested with the adapter in tests/adapters/payment.
import { describe } from 'vitest';
import { type GatewayUnderTest, openBench } from './bench.js';
import { challengesContract } from './challenges.js';
import { chargingContract } from './charging.js';
import { refundingContract } from './refunding.js';
import { reservingContract } from './reserving.js';

/** The contract of a payment gateway; `open` is called for each test. */
export function paymentGatewayContract(name: string, open: () => Promise<GatewayUnderTest>): void {
  describe(`${name} as the card processor`, () => {
    const bench = openBench(open);
    reservingContract(bench);
    challengesContract(bench);
    chargingContract(bench);
    refundingContract(bench);
  });
}
