// Generated values. Histories are made by asking an order at random and storing what it answers, so that every one of
// them could have happened; facts in any order make streams that could not.
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import type { Currency } from '../../../domain/currency.js';
import type { PickedLine } from '../../../domain/fulfilment.js';
import { largestAmount, type Money } from '../../../domain/money.js';
import type { CartDraft, CartDraftLine } from '../../../domain/order/cart.js';
import type { OrderCommand } from '../../../domain/order/commands.js';
import { decide } from '../../../domain/order/decide.js';
import type { NotificationKind, OrderEvent } from '../../../domain/order/events.js';
import { evolve, initial, type Order, type PlacedOrder } from '../../../domain/order/order.js';
import * as the from '../examples.js';
import { histories, type StateName } from '../histories.js';
import { countryOf, currencyOf, instantOf, quantityOf } from '../ids.js';

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

const mailKinds: readonly NotificationKind[] = [
  'order_confirmed',
  'order_shipped',
  'order_rejected',
  'order_cancelled',
];

const shortPick = (order: PlacedOrder, variant: number): readonly PickedLine[] =>
  order.terms.lines.map(({ lineNumber, quantity }) => {
    const short = variant % (quantity + 2);
    return { lineNumber, picked: quantity - short, short, shortReason: short > 0 ? 'damaged' : null };
  });

const attemptOf = ({ payment }: PlacedOrder): number =>
  payment.status === 'reserving' || payment.status === 'charging' ? payment.request.attempt : 1;

const requestedAmount = ({ payment, terms }: PlacedOrder): Money =>
  payment.status === 'reserving' || payment.status === 'charging' ? payment.request.amount : terms.total;

const unusual = (order: PlacedOrder, milliseconds: number, variant: number): readonly OrderCommand[] => {
  const at = instantOf(milliseconds);
  const attempt = attemptOf(order) + (variant % 3 === 0 ? 1 : 0);
  const wrong = { ...requestedAmount(order), minor: requestedAmount(order).minor + (variant % 2) };
  return [
    { ...the.authenticateRevoked, at },
    { ...the.validate, at, policy: { ...the.policy, destinations: new Set([countryOf('FR')]) } },
    { ...the.recordStockMissing, at },
    { ...the.recordGoodsLost, at },
    {
      ...the.recordReserved,
      at,
      attempt,
      outcome: { type: 'reserved', reservation: { ...the.heldMoney, amount: wrong } },
    },
    { ...the.recordDeclined, at, attempt },
    { ...the.recordReservationUnknown, at, attempt },
    { ...the.pick, at, lines: shortPick(order, variant) },
    { ...the.pack, at, parcels: [{ parcelNumber: 1, weightGrams: variant }] },
    { ...the.recordCharged, at, attempt, outcome: { type: 'charged', amount: wrong, reference: 'ch_2' } },
    { ...the.recordChargeFailed, at, attempt },
    { ...the.recordChargeUnknown, at, attempt },
    { ...the.cancel, at },
    { ...the.giveUp, at },
    { ...the.recordVoid, at },
    { ...the.recordStockRelease, at },
    { ...the.cancelNow, at },
    ...mailKinds.flatMap((kind): readonly OrderCommand[] => [
      { ...the.recordMailPossiblySent(kind), at },
      { ...the.recordMailNotSent(kind), at },
    ]),
  ];
};

/** The ways on, at that moment. */
const usual = (order: Order, milliseconds: number, variant: number): readonly OrderCommand[] => {
  const at = instantOf(milliseconds);
  if (order.type === 'no_order') {
    const quantity = quantityOf(1 + (variant % 9));
    const first = { ...the.heartHolders, quantity };
    const total = the.pence(255 * quantity + 2 * 1275 + 500);
    return [{ ...the.place, at, cart: { ...the.cart, lines: [first, the.cakeStands], total } }];
  }
  const attempt = attemptOf(order);
  const amount = requestedAmount(order);
  const mails = mailKinds.flatMap((kind): readonly OrderCommand[] => [
    { ...the.requestMail(kind), at },
    { ...the.recordMailSent(kind), at },
  ]);
  return [
    { ...the.place, at },
    { ...the.authenticate, at },
    { ...the.validate, at },
    { ...the.recordStock, at },
    { ...the.requestReservation, at },
    {
      ...the.recordReserved,
      at,
      attempt,
      outcome: { type: 'reserved', reservation: { ...the.heldMoney, amount } },
    },
    { ...the.recordCommitment, at },
    { ...the.release, at },
    { ...the.pick, at, lines: shortPick(order, 0) },
    { ...the.pack, at },
    { ...the.requestCharge, at },
    { ...the.recordCharged, at, attempt, outcome: { type: 'charged', amount, reference: 'ch_1' } },
    { ...the.ship, at },
    { ...the.complete, at },
    ...mails,
  ];
};

/** Everything one could ask of the order now: the ways on, the ways out, and answers that do not fit. */
export const commandsFor = (order: Order, milliseconds: number, variant: number): readonly OrderCommand[] =>
  order.type === 'no_order'
    ? usual(order, milliseconds, variant)
    : [...usual(order, milliseconds, variant), ...unusual(order, milliseconds, variant)];

/** One command of a history, the order it met, and what it added; null when it was refused. */
export type HistoryStep = {
  readonly before: Order;
  readonly command: OrderCommand;
  readonly added: readonly OrderEvent[] | null;
};

/** A history that could have happened: every fact was decided. */
export type History = { readonly events: readonly OrderEvent[]; readonly steps: readonly HistoryStep[] };

type Draw = { readonly pick: number; readonly seconds: number; readonly way: 'on' | 'aside' | 'anywhere' };

const addedBy = (order: Order, command: OrderCommand): readonly OrderEvent[] | null => {
  const decision = decide(order, command);
  return E.isRight(decision) ? decision.right : null;
};

const historyOf = (draws: readonly Draw[]): History => {
  const steps: HistoryStep[] = [];
  let order = initial;
  let milliseconds: number = the.opening;
  for (const { pick, seconds, way } of draws) {
    milliseconds += seconds * 1000;
    const known: Order = order;
    const asked = way === 'on' ? usual(known, milliseconds, pick) : commandsFor(known, milliseconds, pick);
    const fruitful =
      way === 'anywhere' ? [] : asked.filter((command) => (addedBy(known, command) ?? []).length > 0);
    const choices = fruitful.length > 0 ? fruitful : asked;
    const command = choices[pick % choices.length];
    if (command === undefined) break;
    const added = addedBy(known, command);
    steps.push({ before: known, command, added });
    order = (added ?? []).reduce(evolve, known);
  }
  return { events: steps.flatMap(({ added }) => added ?? []), steps };
};

/** Up to 60 commands, most of them such that something happens; shrinks to fewer and earlier ones. */
export const aHistory: fc.Arbitrary<History> = fc
  .array(
    fc.record({
      pick: fc.nat({ max: 10_000 }),
      seconds: fc.constantFrom(0, 1, 60, 1_300, 2_000),
      way: fc.oneof(
        { weight: 8, arbitrary: fc.constant('on' as const) },
        { weight: 1, arbitrary: fc.constant('aside' as const) },
        { weight: 1, arbitrary: fc.constant('anywhere' as const) },
      ),
    }),
    { maxLength: 60, size: 'max' },
  )
  .map(historyOf);

const stateNames: readonly StateName[] = Object.keys(histories).filter(
  (name): name is StateName => name in histories,
);
const everyFact: readonly OrderEvent[] = [
  ...new Set(stateNames.flatMap((name): readonly OrderEvent[] => histories[name].events)),
  the.chargeUnknown,
  the.goodsLost,
  ...mailKinds.flatMap((kind): readonly OrderEvent[] => [
    the.mailRequested(kind, 3),
    the.mailSent(kind),
    the.mailPossiblySent(kind),
    the.mailNotSent(kind),
  ]),
];

/** A stream of well-formed facts in any order, most of which could never have happened. */
export const aNonsenseStream: fc.Arbitrary<readonly OrderEvent[]> = fc.array(fc.constantFrom(...everyFact), {
  maxLength: 60,
});
