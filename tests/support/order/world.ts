// A whole checkout around one order, in one process and in virtual time: every port in memory, a floor that works as
// soon as it is asked, and an engine that carries out what the order's process calls due.
import * as E from 'fp-ts/lib/Either.js';
import { inMemoryCarts } from '../../../adapters/customers/in-memory-carts.js';
import { inMemoryCustomers, plainPasswords } from '../../../adapters/customers/in-memory.js';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import { cancelOrder } from '../../../application/cancel-order.js';
import { handleOrderCommand, loadOrder } from '../../../application/handle-order-command.js';
import { placeOrder } from '../../../application/place-order.js';
import type { Observation } from '../../../application/ports/observer.js';
import type { OrderProcesses } from '../../../application/ports/order-processes.js';
import type { System } from '../../../application/ports/system.js';
import type { StepPolicy, StepPorts } from '../../../application/steps/step-ports.js';
import { giftWholesalerScheme } from '../../../domain/catalogue.js';
import type { SignInId } from '../../../domain/ids.js';
import type { Instant } from '../../../domain/instant.js';
import type { CartDraft } from '../../../domain/order/cart.js';
import type { OrderCommand } from '../../../domain/order/commands.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import type { Decline } from '../../../domain/payment.js';
import { type Situation, situationOf } from '../../../domain/process/situation.js';
import type { FloorStepName } from '../../../domain/process/steps.js';
import * as the from '../examples.js';
import { commandIdNumbered, countryOf, instantOf } from '../ids.js';
import { cardLedger, outbox } from './ledgers.js';

/** What is not as usual with the order. */
export type Circumstances = {
  readonly decline?: Decline;
  readonly revoked?: boolean;
  /** Cake stands on the shelf; the order wants two. */
  readonly cakeStands?: number;
};

/** 20 minutes of grace, half an hour to pay again, goods held for 15 minutes. */
export const stepPolicy: StepPolicy = {
  settings: { graceSeconds: 1_200, payAgainSeconds: 1_800 },
  stockHoldSeconds: 900,
  destinations: 'everywhere',
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

const floorCommand = (order: PlacedOrder, step: FloorStepName, at: Instant): OrderCommand => {
  if (step === 'Pack') return { ...the.pack, at };
  if (step === 'Ship') return { ...the.ship, at };
  const lines = order.terms.lines.map(({ lineNumber, quantity }) => ({
    ...{ lineNumber, picked: quantity, short: 0, shortReason: null },
  }));
  return { type: 'RecordPick', at, lines, pickedBy: 'Ada' };
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
  const ledger = cardLedger(system.now, () => circumstances.decline ?? null);
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
      paymentMethod: the.paymentMethod,
      correlationId: 'request-1',
    })(),
  );
  if (circumstances.revoked === true) {
    right('revoke', await customers.revokeSignIn(signInId, system.now())());
  }

  /** A person on the floor does a step; what the order refuses is left alone, what failed is done again. */
  const workOnFloor = async (through: StepPorts, step: FloorStepName): Promise<Situation> => {
    for (let attempts = 1; ; attempts += 1) {
      const loaded = await loadOrder(through)(the.orderId)();
      if (E.isRight(loaded) && loaded.right.type === 'placed_order') {
        const command = floorCommand(loaded.right, step, system.now());
        const context = { actor: { type: 'floor', name: 'Ada' } as const, correlationId: the.orderId };
        const handled = await handleOrderCommand(through)(the.orderId, command, context)();
        const result = E.isRight(handled) ? handled.right : handled.left;
        if ('order' in result && result.order.type === 'placed_order') return situationOf(result.order);
      }
      if (attempts > 20) throw new Error(`the floor cannot ${step}`);
      await system.wait(60_000)();
    }
  };

  return {
    ports,
    system,
    advanceTo,
    observations,
    told,
    shelves,
    entries: ledger.entries,
    mails: mail.accepted,
    workOnFloor,
    /** The customer cancels; `tell` says whether the process hears of it. Answers whether it was accepted. */
    cancel: async (tell: boolean) => {
      const heard = tell
        ? orderProcesses
        : { ...orderProcesses, tell: () => async () => E.right('not_running' as const) };
      const by = { type: 'customer', customerId: the.customerId } as const;
      const cancelled = await cancelOrder({ ...ports, orderProcesses: heard })(
        the.orderId,
        by,
        'request-2',
      )();
      return E.isRight(cancelled);
    },
    order: async (): Promise<PlacedOrder> => {
      const order = right('load', await loadOrder(ports)(the.orderId)());
      if (order.type === 'placed_order') return order;
      throw new Error('the order is not there');
    },
    events: async () =>
      right('read', await eventStore.read(the.orderId, { direction: 'forwards' })()).map(
        ({ event }) => event,
      ),
    levels: async () =>
      right('levels', await stock.levels([the.heartHolders.code, the.cakeStands.code])()).map(
        ({ onHand, held }) => ({ onHand, held }),
      ),
  };
};

/** The world of one order. */
export type World = Awaited<ReturnType<typeof createWorld>>;
