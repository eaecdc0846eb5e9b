import type { VNode } from 'preact';
import { Moment } from '../../page/layout.js';
import type { LedgerLine } from '../records.js';
import { formatAmount } from '../rules/tables/currencies.js';

/** The name of the processor, at the top of each of its pages. */
export const home = 'Local card processor';

/** The processor's pages. */
export function Sections(): VNode {
  return (
    <nav class="lead" aria-label="Sections">
      <a href="/payments">Payments</a> · <a href="/refunds">Refunds</a> · <a href="/webhooks">Webhooks</a>
    </nav>
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

const statusTones: Readonly<Record<string, string>> = {
  succeeded: 'badge good',
  delivered: 'badge good',
  requires_action: 'badge note',
  requires_payment_method: 'badge bad',
  pending: 'badge note',
  failed: 'badge bad',
  dropped: 'badge bad',
};

/** A status in the API's words. */
export function Status({ status }: { readonly status: string }): VNode {
  return <span class={statusTones[status] ?? 'badge'}>{status.replaceAll('_', ' ')}</span>;
}

/** A payment's id as a link to its page. */
export function PaymentLink({ id }: { readonly id: string }): VNode {
  return <a href={`/payments/${id}`}>{id}</a>;
}

/** A table in a frame that scrolls; on a narrow screen each row becomes a block of its own. */
export function Table({
  columns,
  children,
}: {
  readonly columns: readonly string[];
  readonly children: readonly VNode[];
}): VNode {
  return (
    <div class="scroll" tabIndex={0}>
      <table class="stack">
        <thead>
          <tr>
            {columns.map((name) => (
              <th class={name === 'Amount' ? 'number' : ''}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** Ledger lines in the order given; `ofOne` leaves out whose they are. */
export function LedgerTable({
  lines,
  ofOne = false,
}: {
  readonly lines: readonly LedgerLine[];
  readonly ofOne?: boolean;
}): VNode {
  return (
    <Table columns={['Time (UTC)', 'What', 'Amount', ...(ofOne ? [] : ['Order', 'Payment']), 'Reason']}>
      {lines.map((line) => (
        <tr>
          <td>
            <Moment at={line.time} />
          </td>
          <td class="beside">
            <span class={tones[line.kind]}>{line.kind.replaceAll('_', ' ')}</span>
          </td>
          <td class="number beside">{formatAmount(line.amount, line.currency)}</td>
          {!ofOne && (
            <>
              <td class="code">{line.orderId ?? ''}</td>
              <td class="code">
                <PaymentLink id={line.paymentIntent} />
              </td>
            </>
          )}
          <td>{(line.reason ?? '').replaceAll('_', ' ')}</td>
        </tr>
      ))}
    </Table>
  );
}
