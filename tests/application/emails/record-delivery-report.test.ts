// What becomes of a mail that came back: its address is marked and its order knows it, once.
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import type { AddressMarkReason } from '../../../application/ports/customers.js';
import type { DeliveryNotice, DeliveryReport } from '../../../application/ports/mail/delivery-reports.js';
import type { EventStore } from '../../../application/ports/event-store.js';
import type { Observation } from '../../../application/ports/observer.js';
import {
  actOnDeliveryNotice,
  recordDeliveryReport,
} from '../../../application/emails/record-delivery-report.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import * as the from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { commandIdNumbered, orderIdNumbered } from '../../support/ids.js';

const address = 'zoe@customer.example';
const confirmation = { kind: 'order_confirmed', factRevision: 5 } as const;
const requested = [...histories.reserved.events, the.mailRequested('order_confirmed', 5)] as const;
const sent = [...requested, the.mailSent('order_confirmed', 5)] as const;
const doubted = [...requested, the.mailPossiblySent('order_confirmed', 5)] as const;

type Marked = readonly [email: string, reason: AddressMarkReason];

let ids = 0;
const system = {
  now: () => the.after(6_000),
  newId: () => `00000007-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
  newCommandId: () => commandIdNumbered((ids += 1)),
  wait: () => async () => undefined,
};
let eventStore: EventStore;
let marked: Marked[];
let observations: Observation[];
let customersDown: boolean;

beforeEach(() => {
  eventStore = inMemoryEventStore(system);
  marked = [];
  observations = [];
  customersDown = false;
});

const ports = () => ({
  eventStore,
  system,
  observer: { observe: (one: Observation): void => void observations.push(one) },
  customers: {
    markAddress: (email: string, reason: AddressMarkReason) => async () => {
      if (customersDown) return E.left({ type: 'customers_unavailable', reason: 'down' } as const);
      marked.push([email, reason]);
      return E.right(undefined);
    },
  },
});

const store = async (events: readonly OrderEvent[]): Promise<void> => {
  const metadata = {
    commandId: commandIdNumbered(1),
    correlationId: 'request-1',
    actor: { type: 'worker', name: 'orders' },
  } as const;
  const added = events.map((event) => ({ eventId: system.newId(), event, metadata }));
  const appended = await eventStore.append(the.orderId, { type: 'any' }, added)();
  if (E.isLeft(appended)) throw new Error(appended.left.type);
};

const storedReturns = async () => {
  const stored = await eventStore.read(the.orderId, { direction: 'forwards' })();
  if (E.isLeft(stored)) throw new Error(stored.left.type);
  return stored.right.filter(({ event }) => event.type === 'NotificationBounced');
};

const noticeOf = (
  change: Partial<DeliveryReport> = {},
): Extract<DeliveryNotice, { readonly type: 'report' }> => {
  const report: DeliveryReport = {
    reportId: 'feedback-1',
    messageId: 'message-1',
    kind: 'bounced_permanently',
    orderId: the.orderId,
    notification: confirmation,
    at: the.after(5_900),
    ...change,
  };
  const { kind, at } = report;
  return {
    type: 'report',
    report,
    markRecipient: (customers) =>
      kind === 'delivered' ? TE.right(undefined) : customers.markAddress(address, kind, at),
  };
};
const record = (change: Partial<DeliveryReport> = {}) => recordDeliveryReport(ports())(noticeOf(change))();

describe('a report about a mail that was sent', () => {
  it.each([
    ['bounced_permanently', 'permanent'],
    ['bounced_transiently', 'transient'],
    ['complained', 'complaint'],
  ] as const)('and %s marks the address and is a fact of the order', async (kind, mailReturn) => {
    await store(sent);
    expect(await record({ kind })).toEqual(E.right('recorded'));
    expect(marked).toEqual([[address, kind]]);
    expect(await storedReturns()).toMatchObject([
      {
        event: { type: 'NotificationBounced', ...confirmation, mailReturn, at: system.now() },
        metadata: { actor: { type: 'worker', name: 'delivery-reports' }, correlationId: 'feedback-1' },
      },
    ]);
  });

  it('twice, or after a graver one, adds nothing', async () => {
    await store(sent);
    expect(await record({ kind: 'complained' })).toEqual(E.right('recorded'));
    expect(await record({ kind: 'complained' })).toEqual(E.right('nothing'));
    expect(await record({ kind: 'bounced_transiently' })).toEqual(E.right('nothing'));
    expect(await storedReturns()).toHaveLength(1);
  });

  it('and graver than the last one is a fact of its own', async () => {
    await store(sent);
    expect(await record({ kind: 'bounced_transiently' })).toEqual(E.right('recorded'));
    expect(await record({ kind: 'bounced_permanently' })).toEqual(E.right('recorded'));
    expect(await storedReturns()).toHaveLength(2);
  });

  it('and delivered changes nothing and reads nothing', async () => {
    expect(await record({ kind: 'delivered' })).toEqual(E.right('nothing'));
    expect(marked).toEqual([]);
  });

  it('of which only a copy may have been sent is recorded', async () => {
    await store(doubted);
    expect(await record()).toEqual(E.right('recorded'));
  });
});

describe('a report that comes too early', () => {
  it('for the result of the sending is a problem, marks the address, and succeeds when it is repeated', async () => {
    await store(requested);
    expect(await record()).toEqual(E.left({ type: 'mail_not_sent_yet' }));
    expect(marked).toEqual([[address, 'bounced_permanently']]);
    expect(await storedReturns()).toEqual([]);
    await store([the.mailSent('order_confirmed', 5)]);
    expect(await record()).toEqual(E.right('recorded'));
  });

  it('for its order is a problem and marks the address', async () => {
    expect(await record({ orderId: orderIdNumbered(2) })).toEqual(E.left({ type: 'order_unknown' }));
    expect(marked).toHaveLength(1);
  });

  it.each([
    ['kind', { kind: 'order_shipped', factRevision: 5 }],
    ['fact', { kind: 'order_confirmed', factRevision: 6 }],
  ] as const)('or is about another %s is a problem', async (_, notification) => {
    await store(sent);
    expect(await record({ notification })).toEqual(E.left({ type: 'mail_not_sent_yet' }));
    expect(await storedReturns()).toEqual([]);
  });
});

describe('a report that does not say', () => {
  it.each([
    ['which order', { orderId: null }],
    ['which mail', { notification: null }],
  ] as const)('%s it is about only marks the address', async (_, change) => {
    await store(sent);
    expect(await record(change)).toEqual(E.right('nothing'));
    expect(marked).toHaveLength(1);
    expect(await storedReturns()).toEqual([]);
  });
});

it('a report whose address cannot be marked now is a problem, and its order is left for the repeat', async () => {
  await store(sent);
  customersDown = true;
  expect(await record()).toEqual(E.left({ type: 'customers_unavailable', reason: 'down' }));
  expect(await storedReturns()).toEqual([]);
  customersDown = false;
  expect(await record()).toEqual(E.right('recorded'));
});

describe('a notice', () => {
  const act = (notice: DeliveryNotice) => actOnDeliveryNotice(ports())(notice)();

  it('with a report is recorded', async () => {
    await store(sent);
    expect(await act(noticeOf())).toEqual(E.right('recorded'));
  });

  it('that asks for a subscription is confirmed, or a problem', async () => {
    let confirmed = 0;
    const confirm = async () => {
      confirmed += 1;
      return E.right(undefined);
    };
    expect(await act({ type: 'subscription', confirm })).toEqual(E.right('nothing'));
    expect(confirmed).toBe(1);
    const down = { type: 'notice_service_unavailable', reason: 'down' } as const;
    expect(await act({ type: 'subscription', confirm: TE.left(down) })).toEqual(E.left(down));
  });

  it('that ends the subscription raises an alarm', async () => {
    expect(await act({ type: 'subscription_ended' })).toEqual(E.right('nothing'));
    expect(observations).toMatchObject([{ type: 'alarm', orderId: null }]);
  });

  it('of another kind changes nothing', async () => {
    expect(await act({ type: 'other', what: 'Send' })).toEqual(E.right('nothing'));
    expect([marked, observations]).toEqual([[], []]);
  });
});
