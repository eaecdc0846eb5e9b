import type { VNode } from 'preact';
import { Moment, renderPage } from '../../page/layout.js';
import type { Refund } from '../records.js';
import { formatAmount } from '../rules/tables/currencies.js';
import type { State } from '../state.js';
import { home, PaymentLink, Sections, Status, Table } from './tables.js';

const shownAtMost = 100;

/** The newest refunds. */
export function refundsPage(state: State): string {
  const newest = [...state.refunds.values()].slice(-shownAtMost).reverse();
  return renderPage({
    title: 'Refunds',
    home,
    lead:
      newest.length < state.refunds.size
        ? `The newest ${newest.length} of ${state.refunds.size.toLocaleString('en')} refunds.`
        : `${newest.length} ${newest.length === 1 ? 'refund' : 'refunds'}.`,
    children: (
      <>
        <Sections />
        {newest.length === 0 ? (
          <p class="panel">Nothing has been refunded yet.</p>
        ) : (
          <RefundTable refunds={newest} />
        )}
      </>
    ),
  });
}

/** Refunds in the order given; `ofOne` leaves out which payment they belong to. */
export function RefundTable({
  refunds,
  ofOne = false,
}: {
  readonly refunds: readonly Refund[];
  readonly ofOne?: boolean;
}): VNode {
  return (
    <Table
      columns={['Time (UTC)', 'Status', 'Amount', 'Reason', 'Marks', 'Refund', ...(ofOne ? [] : ['Payment'])]}
    >
      {refunds.map((refund) => (
        <tr>
          <td>
            <Moment at={refund.createdAt} />
          </td>
          <td class="beside">
            <Status status={refund.status} />
          </td>
          <td class="number beside">{formatAmount(refund.amount, refund.currency)}</td>
          <td>{(refund.failureReason ?? refund.reason ?? '').replaceAll('_', ' ')}</td>
          <td class="code">
            {Object.entries(refund.metadata)
              .map(([name, value]) => `${name}: ${value}`)
              .join(', ')}
          </td>
          <td class="code">{refund.id}</td>
          {!ofOne && (
            <td class="code">
              <PaymentLink id={refund.intent} />
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}
