// Every kind of mail about every state that an order can be in, told or made up: whatever the order is when a mail is
// composed, the mail is whole, its amounts are the order's, and what people wrote stays words.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailTold } from '../../../domain/order/rules/mails.js';
import type { NotificationKind, OrderEvent } from '../../../domain/order/events.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import { orderMoney } from '../../../application/read-models/order-money.js';
import { readableAmount } from '../../../application/emails/amounts.js';
import type { Money } from '../../../domain/money.js';
import { histories } from '../../support/histories.js';
import { aHistory } from '../../support/order/arbitraries.js';
import { mailOf, orderOf } from './occasion.js';

const kinds = [...new Set(Object.values(mailTold).flatMap((rule) => (rule === null ? [] : [rule.kind])))];
const states = Object.entries(histories).filter(([, { events }]) => events.length > 0);

/** A mail about money that goes back is never called for before some did. */
const isThinkable = (kind: NotificationKind, events: readonly OrderEvent[]): boolean =>
  kind !== 'order_refunded' || events.some(({ type }) => type === 'Refunded');

/** Every amount of money that an order's facts tell, as people read it. */
const amountsTold = (events: readonly OrderEvent[], order: PlacedOrder): ReadonlySet<string> => {
  const told: Money[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('minor' in value && 'currency' in value && typeof value.minor === 'number') {
      told.push({ minor: value.minor, currency: order.terms.currency });
    }
    Object.values(value).forEach(collect);
  };
  events.forEach(collect);
  const { held, charged, released, refunded, refunding } = orderMoney(order);
  const derived = [held?.amount, charged, released, refunded, refunding];
  const lines = order.terms.lines.flatMap(({ quantity, unitPrice }) =>
    Array.from({ length: quantity }, (_, index) => ({ ...unitPrice, minor: unitPrice.minor * (index + 1) })),
  );
  const picked = order.fulfilment.status === 'waiting' ? [] : order.fulfilment.lines;
  const goods = order.terms.lines.reduce(
    (sum, { lineNumber, unitPrice }) =>
      sum + unitPrice.minor * (picked.find((line) => line.lineNumber === lineNumber)?.picked ?? 0),
    0,
  );
  const due = { ...order.terms.total, minor: goods + order.terms.delivery.minor };
  const all = [...told, ...derived, ...lines, due].filter(
    (amount) => amount !== null && amount !== undefined,
  );
  return new Set(all.map(readableAmount));
};

const amountPattern = /£[\d,]+\.\d\d/g;

const check = (kind: NotificationKind, events: readonly OrderEvent[]): void => {
  const order = orderOf(events);
  const { subject, text, html } = mailOf(kind, events);
  const all = subject + text + html;
  expect(all).not.toMatch(/undefined|null|NaN|Infinity|\[object|Invalid Date/);
  expect(all).not.toMatch(/ {2}\.|\.\.| ,|\s\.\s/);
  expect(text).toMatch(/^Hello .*,\n\n/);
  for (const card of [order.terms.paymentMethod, ...order.tries.map(({ paymentMethod }) => paymentMethod)]) {
    expect(all).not.toContain(card);
  }
  const told = amountsTold(events, order);
  for (const amount of text.match(amountPattern) ?? []) expect(told, text).toContain(amount);
  expect(html.match(amountPattern) ?? []).toStrictEqual(text.match(amountPattern) ?? []);
  const { charged } = orderMoney(order);
  if (charged === null) expect(text).not.toMatch(/was charged to|goes back/);
  else expect(text).not.toMatch(/Nothing (?:was|is) charged|was not touched/);
};

describe.each(kinds)('the mail %s', (kind) => {
  it.each(states.filter(([, { events }]) => isThinkable(kind, events)))(
    'is whole and true for an order that is %s',
    (_, { events }) => {
      check(kind, events);
    },
  );
});

describe('every mail that a history calls for', () => {
  it('is whole and true when it is composed', () => {
    fc.assert(
      fc.property(aHistory, ({ events }) => {
        for (const [index, event] of events.entries()) {
          const rule = mailTold[event.type];
          if (rule === null) continue;
          const so = events.slice(0, index + 1);
          if (orderOf(so).notifications.some(({ factRevision }) => factRevision === index)) {
            check(rule.kind, so);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
