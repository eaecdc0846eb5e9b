// Generated values. Histories are made by asking an order at random and storing what it answers, so that every one of
// them could have happened; facts in any order make streams that could not.
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import type { Currency } from '../../../domain/currency.js';
import { largestAmount, type Money } from '../../../domain/money.js';
import type { CartDraft, CartDraftLine } from '../../../domain/order/cart.js';
import type { OrderCommand } from '../../../domain/order/commands.js';
import { decide } from '../../../domain/order/decide.js';
import type { NotificationKind, OrderEvent } from '../../../domain/order/events.js';
import { evolve, fold } from '../../../domain/order/evolve.js';
import type { Order } from '../../../domain/order/order.js';
import * as the from '../examples.js';
import { histories, type StateName } from '../histories.js';
import { currencyOf } from '../ids.js';
import * as more from './payment-examples.js';
import { commandsFor, unusualCommands, usualCommands } from './random-commands.js';

/** A currency of each exponent: pounds, euros, yen, dinars, unidades. */
export const aCurrency: fc.Arbitrary<Currency> = fc.constantFrom(
  ...['GBP', 'EUR', 'JPY', 'KWD', 'CLF'].map(currencyOf),
);

/** From nothing to the largest amount, the edges often. */
export const anAmount = (currency: Currency): fc.Arbitrary<Money> =>
  fc
    .oneof(
      fc.integer({ min: 0, max: 100_000 }),
      fc.integer({ min: 0, max: largestAmount }),
      fc.constantFrom(0, 1, largestAmount - 1, largestAmount),
    )
    .map((minor) => ({ minor, currency }));

const priceText = (minor: number): string =>
  `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

type GoodLine = { readonly line: CartDraftLine; readonly minor: number };
const aGoodLine = (codes: fc.Arbitrary<string>): fc.Arbitrary<GoodLine> =>
  fc
    .record({
      code: codes,
      description: fc.stringMatching(/^[A-Z][a-z ]{0,20}[a-z]$/),
      quantity: fc.integer({ min: 1, max: 3_000 }),
      price: fc.integer({ min: 1, max: 100_000 }),
    })
    .map(({ code, description, quantity, price }) => ({
      line: { code, description, quantity, unitPrice: priceText(price) },
      minor: quantity * price,
    }));

const productCodes = fc.oneof(
  fc.stringMatching(/^\d{5}[A-Z]?$/),
  fc.constantFrom('DCGS0003', 'PADS', 'SP1002'),
);
const deliveryCodes = fc.constantFrom('POST', 'DOT', 'C2');

/** A cart that breaks no rule, in pounds, with what it comes to. */
export const aValidCart: fc.Arbitrary<{
  readonly draft: CartDraft;
  readonly goods: number;
  readonly delivery: number;
}> = fc
  .record({
    products: fc.array(aGoodLine(productCodes), { minLength: 1, maxLength: 8 }),
    deliveries: fc.array(aGoodLine(deliveryCodes), { maxLength: 2 }),
    customerReference: fc.stringMatching(/^\d{5}$/),
    country: fc.constantFrom('United Kingdom', 'EIRE', 'FR', 'Channel Islands'),
  })
  .map(({ products, deliveries, customerReference, country }) => {
    const of = (lines: readonly GoodLine[]): number => lines.reduce((total, { minor }) => total + minor, 0);
    const lines = [...products, ...deliveries].map(({ line }) => line);
    const [goods, delivery] = [of(products), of(deliveries)];
    const draft = { customerReference, country, currency: 'GBP', lines, total: priceText(goods + delivery) };
    return { draft, goods, delivery };
  });

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '__proto__',
    '-1',
    '1e9',
    '0.001',
    '\u202e',
    '9'.repeat(13),
    'POST',
    '85123A',
    'GBP',
  ),
);
const anyNumber = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 0.5, 1_000_000, 1_000_001, Number.NaN, Number.POSITIVE_INFINITY),
);

/** A cart of any texts and numbers that the types allow. */
export const aHostileCart: fc.Arbitrary<CartDraft> = fc.record({
  customerReference: fc.option(anyText),
  country: anyText,
  currency: anyText,
  lines: fc.array(
    fc.record({ code: anyText, description: anyText, quantity: anyNumber, unitPrice: anyText }),
    { maxLength: 12 },
  ),
  total: anyText,
});

/** One command of a history, the order it met, and what it added; null when it was refused. */
export type HistoryStep = {
  readonly before: Order;
  readonly command: OrderCommand;
  readonly added: readonly OrderEvent[] | null;
};

/** A history that could have happened. `steps` are those after the named state in which it begins. */
export type History = {
  readonly events: readonly OrderEvent[];
  readonly steps: readonly HistoryStep[];
  /** How a failure prints it. */
  readonly [fc.toStringMethod]: () => string;
};

const mailKinds: readonly NotificationKind[] = [
  'order_confirmed',
  'payment_needed',
  'order_shipped',
  'order_rejected',
  'order_cancelled',
  'order_refunded',
];

type Draw = { readonly pick: number; readonly seconds: number; readonly way: 'on' | 'aside' | 'anywhere' };

const addedBy = (order: Order, command: OrderCommand): readonly OrderEvent[] | null => {
  const decision = decide(order, command);
  return E.isRight(decision) ? decision.right : null;
};

/** A history as people read it: one line for each command that was heard. */
const storyOf = (steps: readonly HistoryStep[]): string =>
  steps
    .map(({ command: { type, at }, added }) => {
      const facts = added?.map((event) => event.type).join(', ');
      return `${new Date(at).toISOString()} ${type}: ${facts === undefined ? 'refused' : facts || 'nothing new'}`;
    })
    .join('\n');

const commandsOf = { on: usualCommands, aside: unusualCommands, anywhere: commandsFor } as const;

const historyOf = (start: StateName, draws: readonly Draw[]): History => {
  const steps: HistoryStep[] = [];
  const known: readonly OrderEvent[] = histories[start].events;
  let order = fold(known);
  let milliseconds: number = known.at(-1)?.at ?? the.opening;
  for (const { pick, seconds, way } of draws) {
    milliseconds += seconds * 1000;
    const before: Order = order;
    const asked = commandsOf[way](before, milliseconds, pick);
    const fruitful =
      way === 'anywhere' ? [] : asked.filter((command) => (addedBy(before, command) ?? []).length > 0);
    const choices = fruitful.length > 0 ? fruitful : asked;
    const command = choices[pick % choices.length];
    if (command === undefined) break;
    const added = addedBy(before, command);
    steps.push({ before, command, added });
    order = (added ?? []).reduce(evolve, before);
  }
  const events = [...known, ...steps.flatMap(({ added }) => added ?? [])];
  return { events, steps, [fc.toStringMethod]: () => `when ${start}:\n${storyOf(steps)}` };
};

const stateNames: readonly StateName[] = Object.keys(histories).filter(
  (name): name is StateName => name in histories,
);

const someDraws: fc.Arbitrary<readonly Draw[]> = fc.array(
  fc.record({
    pick: fc.nat({ max: 10_000 }),
    seconds: fc.constantFrom(0, 1, 60, 1_300, 2_000, 90_000, 530_000),
    way: fc.oneof(
      { weight: 5, arbitrary: fc.constant('on' as const) },
      { weight: 3, arbitrary: fc.constant('aside' as const) },
      { weight: 1, arbitrary: fc.constant('anywhere' as const) },
    ),
  }),
  { maxLength: 50, size: 'max' },
);

/**
 * Up to 50 commands over days, most of them such that something happens, from nothing or from a state that has a name;
 * shrinks to fewer and earlier ones.
 */
export const aHistory: fc.Arbitrary<History> = fc
  .tuple(
    fc.oneof(
      { weight: 1, arbitrary: fc.constant('none' as const) },
      { weight: 2, arbitrary: fc.constantFrom(...stateNames) },
    ),
    someDraws,
  )
  .map(([start, draws]) => historyOf(start, draws));

const everyFact: readonly OrderEvent[] = [
  ...new Set(Object.values(histories).flatMap(({ events }): readonly OrderEvent[] => events)),
  the.goodsLost,
  more.holdReleased('fraud'),
  ...mailKinds.flatMap((kind): readonly OrderEvent[] => [
    the.mailRequested(kind, 3),
    the.mailSent(kind, 3),
    the.mailPossiblySent(kind, 3),
    the.mailNotSent(kind, 3),
    the.mailBounced(kind, 3, 'permanent'),
  ]),
];

/** A stream of well-formed facts in any order, most of which could never have happened. */
export const aNonsenseStream: fc.Arbitrary<readonly OrderEvent[]> = fc.array(fc.constantFrom(...everyFact), {
  maxLength: 60,
});
