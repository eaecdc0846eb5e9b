import type { VNode } from 'preact';
import { Moment, renderPage } from '../../page/layout.js';
import { bookOf, type PaymentBook } from '../control/payment-books.js';
import type { Intent } from '../records.js';
import { formatAmount } from '../rules/tables/currencies.js';
import type { State } from '../state.js';
import { RefundTable } from './refunds.js';
import { home, LedgerTable, PaymentLink, Sections, Status, Table } from './tables.js';
import { DeliveryTable } from './webhooks.js';

const shownAtMost = 100;

/** The newest payments, or those of one order. */
export function paymentsPage(state: State, order: string): string {
  const found =
    order === ''
      ? [...state.intents.values()]
      : [...(state.intentsByOrder.get(order) ?? [])].flatMap((id) => state.intents.get(id) ?? []);
  const newest = found.slice(-shownAtMost).reverse();
  return renderPage({
    title: 'Payments',
    home,
    lead:
      newest.length < found.length
        ? `The newest ${newest.length} of ${found.length.toLocaleString('en')} payments.`
        : `${found.length} ${found.length === 1 ? 'payment' : 'payments'}.`,
    children: (
      <>
        <Sections />
        <form class="find" method="get" action="/payments">
          <label>
            Order
            <input name="order" value={order} />
          </label>
          <button type="submit">Find</button>
        </form>
        {newest.length === 0 ? (
          <p class="panel">There is no such payment.</p>
        ) : (
          <Table columns={['Time (UTC)', 'Status', 'Amount', 'Kept', 'Order', 'Payment']}>
            {newest.map((intent) => (
              <PaymentRow intent={intent} book={bookOf(state, intent, 0)} />
            ))}
          </Table>
        )}
      </>
    ),
  });
}

function PaymentRow({ intent, book }: { readonly intent: Intent; readonly book: PaymentBook }): VNode {
  const kept = book.captured - book.refunded - book.disputed;
  return (
    <tr>
      <td>
        <Moment at={intent.createdAt} />
      </td>
      <td class="beside">
        <Status status={intent.status} />
      </td>
      <td class="number beside">{formatAmount(intent.amount, intent.currency)}</td>
      <td class="nowrap">{book.captured === 0 ? '' : `kept ${formatAmount(kept, intent.currency)}`}</td>
      <td class="code">{book.order ?? ''}</td>
      <td class="code">
        <PaymentLink id={intent.id} />
      </td>
    </tr>
  );
}

/** One payment with all that is known of it; null when there is none with this id. */
export function paymentPage(state: State, id: string): string | null {
  const intent = state.intents.get(id);
  if (intent === undefined) return null;
  const book = bookOf(state, intent, 0);
  const lines = state.linesByIntent.get(id) ?? [];
  const refunds = book.refunds.flatMap((refund) => state.refunds.get(refund.id) ?? []);
  const events = [...state.events.values()].filter((event) => event.intent === id);
  const amount = (minor: number): string => formatAmount(minor, intent.currency);
  const decline = intent.lastDecline?.declineCode ?? null;
  return renderPage({
    title: amount(intent.amount),
    home,
    lead: `Payment ${id}`,
    children: (
      <>
        <Sections />
        <dl class="facts panel">
          <dt>Status</dt>
          <dd>
            <Status status={intent.status} />{' '}
            {intent.status === 'requires_action' && <a href={`/challenge/${id}`}>answer the challenge</a>}
            {decline === null ? '' : decline.replaceAll('_', ' ')}
          </dd>
          <dt>Reserved</dt>
          <dd>{amount(book.reserved)}</dd>
          <dt>Still held</dt>
          <dd>
            {amount(book.held)}
            {book.captureBefore === null ? null : (
              <>
                {' until '}
                <Moment at={book.captureBefore} />
              </>
            )}
          </dd>
          <dt>Captured</dt>
          <dd>{amount(book.captured)}</dd>
          <dt>Released</dt>
          <dd>{amount(book.released)}</dd>
          <dt>Refunded</dt>
          <dd>
            {amount(book.refunded)}
            {book.refundsPending === 0 ? '' : `, ${amount(book.refundsPending)} pending`}
          </dd>
          <dt>Disputed</dt>
          <dd>{amount(book.disputed)}</dd>
          {Object.entries(intent.metadata).map(([name, value]) => (
            <>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <code>{value}</code>
              </dd>
            </>
          ))}
        </dl>
        {lines.length > 0 && (
          <>
            <h2>Ledger</h2>
            <LedgerTable lines={lines} ofOne />
          </>
        )}
        {refunds.length > 0 && (
          <>
            <h2>Refunds</h2>
            <RefundTable refunds={refunds} ofOne />
          </>
        )}
        {events.length > 0 && (
          <>
            <h2>Webhooks</h2>
            <DeliveryTable state={state} events={events} ofOne />
          </>
        )}
      </>
    ),
  });
}
