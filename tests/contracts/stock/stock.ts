// What every stock ledger must do, whatever keeps it. Each test uses articles and orders of its own.
import { afterAll, beforeAll, describe } from 'vitest';
import { countingContract } from './counting.js';
import { ledgerTools, type StockUnderTest } from './ledger-tools.js';
import { leavingContract } from './leaving.js';
import { receivingContract } from './receiving.js';
import { expiringContract, reservingContract } from './reserving.js';

/** The contract of a stock ledger; `open` is called once. */
export function stockContract(name: string, open: () => Promise<StockUnderTest>): void {
  describe(`${name} as a stock ledger`, () => {
    let ledger: StockUnderTest;
    beforeAll(async () => {
      ledger = await open();
    });
    afterAll(() => ledger.close());

    const tools = ledgerTools(() => ledger);
    receivingContract(tools);
    reservingContract(tools);
    expiringContract(tools);
    leavingContract(tools);
    countingContract(tools);
  });
}
