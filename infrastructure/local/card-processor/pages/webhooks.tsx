import type { VNode } from 'preact';
import { Moment, renderPage } from '../../page/layout.js';
import type { Delivery, WebhookEvent } from '../records.js';
import type { State } from '../state.js';
import { home, PaymentLink, Sections, Status, Table } from './tables.js';

const shownAtMost = 100;

/** Where webhooks go and how the newest have fared. */
export function webhooksPage(state: State, paused: boolean): string {
  const newest = [...state.events.values()].slice(-shownAtMost).reverse();
  const endpoints = [...state.endpoints.values()];
  return renderPage({
    title: 'Webhooks',
    home,
    lead: paused
      ? 'Sending is paused: nothing leaves until it is resumed.'
      : 'Each event is sent again until its address answers with a status in the 200s.',
    children: (
      <>
        <Sections />
        <h2>Addresses</h2>
        {endpoints.length === 0 ? (
          <p class="panel">Nobody has asked for webhooks.</p>
        ) : (
          <ul class="cards">
            {endpoints.map((endpoint) => (
              <li class="panel">
                <code>{endpoint.url}</code>
                <div class="small quiet">
                  {endpoint.events.includes('*') ? 'takes every event' : endpoint.events.join(', ')}
                </div>
              </li>
            ))}
          </ul>
        )}
        {newest.length > 0 && (
          <>
            <h2>
              {newest.length < state.events.size
                ? `The newest ${newest.length} of ${state.events.size.toLocaleString('en')} events`
                : 'Events'}
            </h2>
            <DeliveryTable state={state} events={newest} />
          </>
        )}
      </>
    ),
  });
}

/** Events with the state of their deliveries, in the order given; `ofOne` leaves out which payment they belong to. */
export function DeliveryTable({
  state,
  events,
  ofOne = false,
}: {
  readonly state: State;
  readonly events: readonly WebhookEvent[];
  readonly ofOne?: boolean;
}): VNode {
  return (
    <Table columns={['Time (UTC)', 'Arrived', 'Event', 'Last answer', ...(ofOne ? [] : ['Payment']), 'Id']}>
      {events.map((event) => {
        const deliveries = [...(state.deliveries.get(event.id)?.values() ?? [])];
        return (
          <tr>
            <td>
              <Moment at={event.createdAt} />
            </td>
            <td class="beside">
              {deliveries.map((delivery) => (
                <Status status={delivery.status} />
              ))}
            </td>
            <td>{event.type}</td>
            <td class="nowrap">{deliveries.map(lastAnswerOf).join('; ')}</td>
            {!ofOne && <td class="code">{event.intent !== null && <PaymentLink id={event.intent} />}</td>}
            <td class="code">{event.id}</td>
          </tr>
        );
      })}
    </Table>
  );
}

function lastAnswerOf({ attempts, lastAnswer }: Delivery): string {
  if (lastAnswer === null) return 'none yet';
  return attempts === 1 ? lastAnswer : `${lastAnswer}, ${attempts} attempts`;
}
