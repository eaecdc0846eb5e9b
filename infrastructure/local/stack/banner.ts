import type { RunningStack } from './stack-file.js';

/** What `npm start` prints once everything runs: what is where, and what to try next. */
export const banner = (stack: RunningStack, directory: string, seconds: number): string => `
  Checkout is running (started in ${seconds.toFixed(1)} s)

    Checkout API     ${stack.webUrl}      its description: ${stack.webUrl}/openapi.json
    Floor gateway    ${stack.floorUrl}
    Administration   ${stack.adminUrl}      health, metrics; operator key in ${directory}/secrets.json
    SWF Local        ${stack.swfUrl}      every order's workflow history
    Card processor   ${stack.processorUrl}      its ledger, and cards to try
    Mailbox          ${stack.mailboxUrl}      every mail the shop sent
    Postgres         ${new URL(stack.ordersDatabaseUrl).host}             databases customers, orders

  Try next, in another terminal:

    npm run orders -- --limit 50          50 made-up orders, from signed cart to shipping mail, reconciled
    npm run checkout -- order list        what became of them

  Data and log are in ${directory}/. Ctrl-C stops; \`npm start -- --fresh\` begins anew.

`;
