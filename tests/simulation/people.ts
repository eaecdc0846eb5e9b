// Shoppers who insist on their order; and a crew that picks, packs, ships and puts back, now and then leaving a task in
// the middle or not finding everything.
import * as E from 'fp-ts/lib/Either.js';
import { type ClaimedTask } from '../../application/floor/floor-ports.js';
import { claimTask } from '../../application/floor/claim-task.js';
import { finishTask } from '../../application/floor/finish-task.js';
import { reportScans } from '../../application/floor/report-scans.js';
import { placeOrder, type PlaceOrderInput } from '../../application/orders/place-order.js';
import type { FinishReport } from '../../application/floor/floor-ports.js';
import { giftWholesalerScheme } from '../../domain/catalogue.js';
import type { OrderId } from '../../domain/ids.js';
import { plusSeconds } from '../../domain/instant.js';
import { articleOf, countryOf, customerIdNumbered, orderIdNumbered, quantityOf } from '../support/ids.js';
import type { Checkout } from './checkout.js';
import { attend, changeMind, drawCard, operate } from './customers.js';

const articleCount = 20;
/** The last article is scarce: some orders for it must be refused. */
const shelvesOf = (article: number): number => (article === articleCount - 1 ? 40 : 100_000);
const codeOf = (article: number): string => String(20_000 + article);

/** Every article with the units that the warehouse began with. */
export const shelves: ReadonlyArray<{ readonly code: ReturnType<typeof articleOf>; readonly units: number }> =
  Array.from({ length: articleCount }, (_, article) => ({
    code: articleOf(codeOf(article)),
    units: shelvesOf(article),
  }));

/** What the shoppers were told. */
export type Shoppers = { readonly placed: Set<OrderId>; readonly refused: Set<OrderId>; finished: number };

/** Puts the goods on the shelves. */
export const fillShelves = async ({ stock, answerOf }: Checkout): Promise<void> => {
  const articles = shelves.map(({ code, units }) => ({
    ...{ code, description: 'An article', bin: 'A1', quantity: units },
  }));
  answerOf(await stock.receive({ receiptId: 'receipt-1', articles })());
};

const cartOf = ({ scheduler }: Checkout, number: number) => {
  const first = scheduler.choose('article', articleCount);
  const lines = Array.from({ length: 1 + scheduler.choose('lines', 3) }, (_, line) => ({
    code: codeOf((first + line) % articleCount),
    description: 'An article',
    quantity: 1 + scheduler.choose('quantity', 5),
    unitPrice: `${1 + scheduler.choose('price', 90)}.50`,
  }));
  const pence = lines.reduce(
    (total, { quantity, unitPrice }) => total + quantity * Math.round(Number(unitPrice) * 100),
    0,
  );
  return {
    ...{ customerReference: String(10_000 + number), country: 'GB', currency: 'GBP', lines },
    total: `${Math.floor(pence / 100)}.${String(pence % 100).padStart(2, '0')}`,
  };
};

const isFinal = (type: string): boolean => /^(cart_|refused$|order_unknown$)/.test(type);

const shop = async (checkout: Checkout, shoppers: Shoppers, number: number): Promise<void> => {
  const { scheduler, customers, carts, answerOf, callerPorts } = checkout;
  const orderId = orderIdNumbered(number);
  const customerId = customerIdNumbered(number);
  const account = { customerId, email: `shopper${number}@example.com`, name: 'Ada' };
  answerOf(await customers.register(account, 'password', scheduler.now())());
  const signIn = answerOf(await customers.signIn(account.email, 'password', scheduler.now())());
  if (signIn === null) throw new Error('no sign-in');
  const signedInAt = scheduler.now();
  const cart = { orderId, issuer: 'https://shop.example', tokenId: `cart-${number}` };
  const expiresAt = plusSeconds(scheduler.now(), 86_400);
  answerOf(await carts.keep({ ...cart, draft: cartOf(checkout, number), expiresAt })());
  if (scheduler.choose('revoke', 100) < 4) {
    answerOf(await customers.revokeSignIn(signIn.signInId, scheduler.now())());
  }
  await scheduler.sleep(scheduler.choose('arrival', 1_000_000));
  const ports = callerPorts('web');
  const place = placeOrder({ ...ports, carts }, giftWholesalerScheme, checkout.policy.settings);
  const input: PlaceOrderInput = {
    ...{ signIn: { signInId: signIn.signInId, account, signedInAt }, orderId, recipient: 'Ada' },
    address: { lines: ['1 Mill Lane'], city: 'Leeds', postcode: 'LS1 1AA', country: countryOf('GB') },
    ...{ paymentMethod: drawCard(checkout), correlationId: `request-${number}` },
  };
  // A shopper presses the button until there is an answer; some press it twice.
  for (let answers = scheduler.choose('press twice', 20) === 0 ? 2 : 1; answers > 0;) {
    const placed = await place(input)();
    if (E.isRight(placed)) shoppers.placed.add(orderId);
    else if (isFinal(placed.left.type)) shoppers.refused.add(orderId);
    if (E.isRight(placed) || isFinal(placed.left.type)) answers -= 1;
    await scheduler.sleep(1_000);
  }
  if (!shoppers.placed.has(orderId)) return;
  await Promise.all([
    attend(checkout, orderId, customerId),
    changeMind(checkout, orderId, customerId),
    operate(checkout, orderId),
  ]);
};

/** Sends so many shoppers into the shop within some 17 minutes; they are done when all were answered. */
export const letShoppersIn = (checkout: Checkout, count: number): Shoppers => {
  const shoppers: Shoppers = { placed: new Set(), refused: new Set(), finished: 0 };
  for (let number = 1; number <= count; number += 1) {
    shop(checkout, shoppers, number).then(
      () => {
        shoppers.finished += 1;
      },
      (defect: unknown) => checkout.defects.push(defect),
    );
  }
  return shoppers;
};

const reportOf = (task: ClaimedTask): FinishReport => {
  if (task.step === 'Pack') return { step: 'Pack', parcels: [{ weightGrams: 800 }] };
  if (task.step === 'Ship') return { step: 'Ship', carrier: 'Royal Mail', trackingLabel: 'RM 123 456' };
  if (task.step === 'PutBack') return { step: 'PutBack' };
  const shortages = task.lines.map(({ lineNumber }) => ({ lineNumber, reason: 'not_in_bin' as const }));
  return { step: 'Pick', shortages };
};

/** Units to scan: all of a put-back; of a pick now and then one too few, or none at all. */
const unitsToScan = ({ scheduler }: Checkout, { step, lines }: ClaimedTask) => {
  const found = step === 'Pick' ? scheduler.choose('found', 25) : 2;
  return lines.flatMap(({ code, quantity, scanned }, index) => {
    const missing = found === 0 ? quantity : found === 1 && index === 0 ? 1 : 0;
    const units = quantity - missing - scanned;
    return units > 0 ? [{ code, units: quantityOf(units) }] : [];
  });
};

const work = async (checkout: Checkout, name: string): Promise<void> => {
  const { scheduler, callerPorts } = checkout;
  const ports = callerPorts('phone');
  const staff = { staffId: name, name };
  const policy = { leaseSeconds: 180 };
  let reports = 0;
  for (;;) {
    const claimed = await claimTask(ports, policy)(staff, ['Pick', 'Pack', 'Ship', 'PutBack'])();
    const task = E.isRight(claimed) ? claimed.right : null;
    if (task === null) {
      await scheduler.sleep(5_000);
      continue;
    }
    await scheduler.sleep(1_000 + scheduler.choose('handwork', 3_000));
    // Somebody is called away and comes back when the task is in other hands.
    if (scheduler.choose('called away', 60) === 0) await scheduler.sleep(400_000);
    const { taskId, epoch } = task;
    if (task.step === 'Pick' || task.step === 'PutBack') {
      const scans = unitsToScan(checkout, task);
      const commandId = `${name}-${(reports += 1)}`;
      const reported =
        scans.length === 0 || E.isRight(await reportScans(ports)(staff, taskId, epoch, commandId, scans)());
      if (!reported) continue;
    }
    const finished = await finishTask(ports)(staff, taskId, epoch, reportOf(task), taskId)();
    scheduler.note(`${name} ${finished._tag} ${taskId}`);
  }
};

/** A crew that works until the simulation ends. */
export const callCrew = (checkout: Checkout, count: number): void => {
  for (let number = 1; number <= count; number += 1) {
    work(checkout, `crew-${number}`).catch((defect: unknown) => checkout.defects.push(defect));
  }
};
