import type { VNode } from 'preact';
import { renderPage } from '../../page/layout.js';
import { formatAmount } from '../rules/tables/currencies.js';
import { namedCards } from '../rules/tables/test-cards.js';
import type { State, Totals } from '../state.js';
import { LedgerTable, Sections } from './tables.js';

const latestCount = 50;

/** The processor's page: totals, the newest ledger lines, and the cards that can be used. */
export function frontPage(state: State, url: string): string {
  const latest = state.ledger.slice(-latestCount).reverse();
  return renderPage({
    title: 'Card processor',
    home: 'Local card processor',
    lead: 'Speaks Stripe’s API. No real card is ever charged here; the ledger below is what a bank would have booked.',
    children: (
      <>
        <Sections />
        {state.totals.size === 0 ? (
          <p class="panel">No card has been used yet. The first reservation will show up here.</p>
        ) : (
          <TotalsTable totals={state.totals} />
        )}
        {latest.length > 0 && (
          <>
            <h2>
              {latest.length < state.ledger.length
                ? `The newest ${latest.length} of ${state.ledger.length.toLocaleString('en')} ledger lines`
                : 'Ledger'}
            </h2>
            <LedgerTable lines={latest} />
          </>
        )}
        <h2>Cards to pay with</h2>
        <p class="quiet">
          Send the name as <code>payment_method</code>. <code>pm_card_decline_</code> followed by any decline
          code, such as <code>pm_card_decline_do_not_honor</code>, is declined with that code;{' '}
          <code>pm_card_networkDecline_51</code> with a code of the card networks.
        </p>
        <ul class="cards">
          {namedCards.map((card) => (
            <li class="panel">
              <code>{card.name}</code>
              <div class="small quiet">
                {card.brand} •••• {card.last4}: {card.meaning}
              </div>
            </li>
          ))}
        </ul>
        <h2>For programs</h2>
        <dl class="facts panel">
          <dt>Interface</dt>
          <dd>
            <code>{url}/v1/…</code>
          </dd>
          <dt>Whole ledger</dt>
          <dd>
            <a href="/_ledger">/_ledger</a> (pages with <code>after</code> and <code>limit</code>; narrowed by{' '}
            <code>order_id</code> and <code>kind</code>)
          </dd>
          <dt>By payment</dt>
          <dd>
            <a href="/_ledger/payments">/_ledger/payments</a> (narrowed by <code>order_id</code>,{' '}
            <code>metadata[…]</code>, <code>intent</code> and <code>live=true</code>)
          </dd>
          <dt>Faults</dt>
          <dd>
            <a href="/_faults">/_faults</a> and <a href="/_webhooks/faults">/_webhooks/faults</a> (POST adds
            one, DELETE forgets all)
          </dd>
          <dt>Webhooks</dt>
          <dd>
            <a href="/_webhooks">/_webhooks</a>
          </dd>
        </dl>
      </>
    ),
  });
}

function TotalsTable({ totals }: { readonly totals: ReadonlyMap<string, Totals> }): VNode {
  const columns: readonly (readonly [string, (totals: Totals) => number])[] = [
    ['Reserved', (sums) => sums.reserved],
    ['Captured', (sums) => sums.captured],
    ['Released', (sums) => sums.released],
    ['Still held', (sums) => sums.reserved - sums.captured - sums.released],
    ['Refunded', (sums) => sums.refunded - sums.refund_reversed],
    ['Disputed', (sums) => sums.disputed],
    ['Kept', (sums) => sums.captured - sums.refunded + sums.refund_reversed - sums.disputed],
  ];
  return (
    <div class="scroll" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(([name]) => (
              <th class="number">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...totals].map(([currency, sums]) => (
            <tr>
              {columns.map(([, amountOf]) => (
                <td class="number">{formatAmount(amountOf(sums), currency)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
