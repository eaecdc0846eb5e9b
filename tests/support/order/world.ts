// A whole checkout around one order, in one process and in virtual time: every port in memory, a floor that works as
// soon as it is asked, and an engine that carries out what the order's process calls due.
import * as E from 'fp-ts/lib/Either.js';
import { inMemoryCarts } from '../../../adapters/customers/in-memory-carts.js';
import { inMemoryCustomers, plainPasswords } from '../../../adapters/customers/in-memory.js';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import { loadOrder } from '../../../application/handle-order-command.js';
import { placeOrder } from '../../../application/orders/place-order.js';
import type { Observation } from '../../../application/ports/observer.js';
import type { OrderProcesses } from '../../../application/ports/workflow/order-processes.js';
import type { NoticeSubject } from '../../../application/ports/payment-notices.js';
import type { System } from '../../../application/ports/system.js';
import type { StepPolicy, StepPorts } from '../../../application/steps/step-ports.js';
import { giftWholesalerScheme } from '../../../domain/catalogue.js';
import type { SignInId } from '../../../domain/ids.js';
import type { Instant } from '../../../domain/instant.js';
import type { CartDraft } from '../../../domain/order/cart.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import { defaultSettings } from '../../../domain/process/limits.js';
import type { Situation } from '../../../domain/process/situation.js';
import * as the from '../examples.js';
import { commandIdNumbered, countryOf, instantOf, paymentMethodOf } from '../ids.js';
import { createFloor, type Picks } from './stories/floor.js';
import { cardLedger, type Issuer, outbox } from './ledgers.js';
import { createPeople, type Deed } from './stories/people.js';

/** What is not as usual with the order, and what people do while it is under way. */
export type Circumstances = {
  /** The card's token at the processor; it says how the card behaves. */
  readonly card?: string;
  readonly issuer?: Issuer;
  readonly reservationSeconds?: number;
  readonly revoked?: boolean;
  /** Cake stands on the shelf; the order wants two. */
  readonly cakeStands?: number;
  readonly picks?: Picks;
  /** False when no carrier ever takes the parcel. */
  readonly ships?: boolean;
  readonly deeds?: readonly Deed[];
};

/** The usual time-outs, goods held for 15 minutes, cards with failed checks refused. */
export const stepPolicy: StepPolicy = {
  settings: defaultSettings,
  stockHoldSeconds: 900,
  destinations: 'everywhere',
  cardPolicy: { refuseFailedAddressCheck: true, refuseFailedSecurityCodeCheck: true },
  totalLimits: the.policy.totalLimits,
  publicUrl: 'https://checkout.example',
  shopName: 'Hearts and Stands',
};

/** The example order as the shop signs it. */
export const exampleDraft: CartDraft = {
  customerReference: '17850',
  country: 'United Kingdom',
  currency: 'GBP',
  lines: [
    { code: '85123A', description: the.heartHolders.description, quantity: 6, unitPrice: '2.55' },
    { code: '22423', description: the.cakeStands.description, quantity: 2, unitPrice: '12.75' },
    { code: 'POST', description: 'Postage', quantity: 1, unitPrice: '5.00' },
  ],
  total: '45.80',
};

/** A clock that moves only when somebody waits. */
export const virtualClock = (): { readonly system: System; readonly advanceTo: (at: Instant) => void } => {
  let now: number = the.opening;
  let ids = 0;
  return {
    advanceTo: (at) => {
      now = Math.max(now, at);
    },
    system: {
      now: () => instantOf(now),
      newId: () => `00000006-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
      newCommandId: () => commandIdNumbered((ids += 1)),
      wait: (milliseconds) => async () => {
        now += Math.round(milliseconds);
      },
    },
  };
};

/** The answer; throws when there was none. */
export const right = <Answer>(what: string, result: E.Either<unknown, Answer>): Answer => {
  if (E.isRight(result)) return result.right;
  throw new Error(`${what}: ${JSON.stringify(result.left)}`);
};

/** The world with the example order placed in it. */
export const createWorld = async (circumstances: Circumstances = {}) => {
  const { system, advanceTo } = virtualClock();
  const observations: Observation[] = [];
  const observer = { observe: (observation: Observation): void => void observations.push(observation) };
  const eventStore = inMemoryEventStore(system);
  const stock = inMemoryStock();
  const carts = inMemoryCarts();
  let secrets = 0;
  const customers = inMemoryCustomers(plainPasswords, (count) => new Uint8Array(count).fill((secrets += 1)), {
    idleSeconds: 3_600,
    lifeSeconds: 43_200,
    pauseSchedule: [1],
    failuresForgottenSeconds: 3_600,
  });
  const notices: NoticeSubject[] = [];
  const { issuer, reservationSeconds } = circumstances;
  const ledger = cardLedger({
    now: system.now,
    tell: (subject) => void notices.push(subject),
    ...(issuer === undefined ? {} : { issuer }),
    ...(reservationSeconds === undefined ? {} : { reservationSeconds }),
  });
  const mail = outbox();
  const told: Situation[] = [];
  const orderProcesses: OrderProcesses = {
    start: () => async () => E.right('started'),
    tell: (_orderId, situation) => async () => {
      told.push(situation);
      return E.right('told');
    },
  };
  const ports: StepPorts = {
    ...{ eventStore, system, observer, customers, stock },
    ...{ gateway: ledger.gateway, mailer: mail.mailer },
  };

  const shelves = { hearts: 10, stands: circumstances.cakeStands ?? 10 };
  const articles = [
    { code: the.heartHolders.code, description: 'Hearts', bin: 'A1', quantity: shelves.hearts },
    { code: the.cakeStands.code, description: 'Stands', bin: 'A2', quantity: shelves.stands },
  ];
  right('receive', await stock.receive({ receiptId: 'receipt-1', articles })());

  const account = { customerId: the.customerId, email: 'ada@example.com', name: 'Ada' };
  right('register', await customers.register(account, 'password', system.now())());
  const opened = right('sign in', await customers.signIn(account.email, 'password', system.now())());
  const signInId: SignInId = opened === null ? the.signInId : opened.signInId;
  const cart = {
    orderId: the.orderId,
    issuer: 'https://shop.example',
    tokenId: 'cart-1',
    draft: exampleDraft,
  };
  right('keep the cart', await carts.keep({ ...cart, expiresAt: the.after(900) })());
  const place = placeOrder({ ...ports, carts, orderProcesses }, giftWholesalerScheme, stepPolicy.settings);
  right(
    'place the order',
    await place({
      signIn: { signInId, account, signedInAt: system.now() },
      orderId: the.orderId,
      recipient: 'Ada',
      address: { lines: ['1 Mill Lane'], city: 'Leeds', postcode: 'LS1 1AA', country: countryOf('GB') },
      paymentMethod: paymentMethodOf(circumstances.card ?? the.paymentMethod),
      correlationId: 'request-1',
    })(),
  );
  if (circumstances.revoked === true) {
    right('revoke', await customers.revokeSignIn(signInId, system.now())());
  }

  const floor = createFloor(system, circumstances.picks ?? 'all');
  const order = async (): Promise<PlacedOrder> => {
    const loaded = right('load', await loadOrder(ports)(the.orderId)());
    if (loaded.type === 'placed_order') return loaded;
    throw new Error('the order is not there');
  };
  const people = createPeople({ ports, orderProcesses, gateway: ledger.gateway, order });
  const deeds = [...(circumstances.deeds ?? [])];

  return {
    ports,
    system,
    advanceTo,
    observations,
    told,
    notices,
    shelves,
    orderProcesses,
    people,
    order,
    processor: ledger,
    mails: mail.accepted,
    ships: circumstances.ships ?? true,
    goods: floor.goods,
    workOnFloor: floor.work,
    cancel: people.cancel,
    /** People do what they would do as the order stands now, each thing once. */
    letPeopleAct: async (): Promise<void> => {
      for (const deed of [...deeds]) {
        if (!deed.when(await order())) continue;
        deeds.splice(deeds.indexOf(deed), 1);
        await deed.how(people);
      }
    },
    deedsLeft: () => deeds.map(({ what }) => what),
    events: async () =>
      right('read', await eventStore.read(the.orderId, { direction: 'forwards' })()).map(
        ({ event }) => event,
      ),
    levels: async () =>
      right('levels', await stock.levels([the.heartHolders.code, the.cakeStands.code])()).map(
        ({ onHand, held, missing }) => ({ onHand, held, missing }),
      ),
  };
};

/** The world of one order. */
export type World = Awaited<ReturnType<typeof createWorld>>;
