import type { VNode } from 'preact';
import { Moment, renderPage } from '../../page/layout.js';
import type { LedgerLine } from '../records.js';
import { formatAmount } from '../rules/currencies.js';
import { namedCards } from '../rules/test-cards.js';
import type { State, Totals } from '../state.js';

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
        {state.totals.size === 0 ? (
          <p class="panel">No card has been used yet. The first reservation will show up here.</p>
        ) : (
          <TotalsTable totals={state.totals} />
        )}
        {latest.length > 0 && <Lines lines={latest} total={state.ledger.length} />}
        <h2>Cards to pay with</h2>
        <p class="quiet">
          Send the name as <code>payment_method</code>. <code>pm_card_decline_</code> followed by any decline
          code, such as <code>pm_card_decline_do_not_honor</code>, is declined with that code.
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
          <dt>Faults</dt>
          <dd>
            <a href="/_faults">/_faults</a> (POST adds one, DELETE forgets all)
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
    ['Refunded', (sums) => sums.refunded],
    ['Kept', (sums) => sums.captured - sums.refunded],
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

const tones: Readonly<Record<LedgerLine['kind'], string>> = {
  reserved: 'badge',
  captured: 'badge good',
  released: 'badge note',
  refunded: 'badge note',
  declined: 'badge bad',
  refund_reversed: 'badge bad',
  disputed: 'badge bad',
};

function Lines({ lines, total }: { readonly lines: readonly LedgerLine[]; readonly total: number }): VNode {
  return (
    <>
      <h2>
        {lines.length < total
          ? `The newest ${lines.length} of ${total.toLocaleString('en')} ledger lines`
          : 'Ledger'}
      </h2>
      <div class="scroll" tabIndex={0}>
        <table class="stack">
          <thead>
            <tr>
              <th>Time (UTC)</th>
              <th>What</th>
              <th class="number">Amount</th>
              <th>Order</th>
              <th>Payment</th>
              <th>Reason</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr>
                <td>
                  <Moment at={line.time} />
                </td>
                <td class="beside">
                  <span class={tones[line.kind]}>{line.kind}</span>
                </td>
                <td class="number beside">{formatAmount(line.amount, line.currency)}</td>
                <td class="code">{line.orderId ?? ''}</td>
                <td class="code">{line.paymentIntent}</td>
                <td>{(line.reason ?? '').replaceAll('_', ' ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
