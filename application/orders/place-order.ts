import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CodeScheme } from '../../domain/catalogue.js';
import { hasPassed } from '../../domain/instant.js';
import { isContactSnapshotId, type OrderId } from '../../domain/ids.js';
import { type Cart, type CartProblem, reviewCart } from '../../domain/order/cart.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { PaymentMethodToken } from '../../domain/payment.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import {
  type CommandError,
  handleOrderCommand,
  loadOrder,
  type OrderPorts,
} from '../handle-order-command.js';
import type { Carts, HandedOverCart } from '../ports/carts.js';
import type { CurrentSignIn, Customers, CustomersError, PostalAddress } from '../ports/customers.js';
import type { OrderProcesses } from '../ports/workflow/order-processes.js';

/** What placing an order needs. */
export type PlaceOrderPorts = OrderPorts & {
  readonly carts: Carts;
  readonly customers: Customers;
  readonly orderProcesses: OrderProcesses;
};

/** A signed-in customer's wish to order a cart that was handed over. */
export type PlaceOrderInput = {
  readonly signIn: CurrentSignIn;
  readonly orderId: OrderId;
  readonly recipient: string;
  readonly address: PostalAddress;
  readonly paymentMethod: PaymentMethodToken;
  readonly correlationId: string;
};

/** The order; `repeated` when the same customer had placed it before. */
export type PlacedAnswer = { readonly order: PlacedOrder; readonly repeated: boolean };

/** Why no order was placed. An unknown cart and somebody else's are the same answer. */
export type PlaceOrderError =
  | { readonly type: 'cart_unknown' }
  | { readonly type: 'cart_expired' }
  | { readonly type: 'cart_refused'; readonly problems: readonly CartProblem[] }
  | CustomersError
  | CommandError;

const reviewedCart = (
  found: HandedOverCart | null,
  scheme: CodeScheme,
): E.Either<PlaceOrderError, { readonly handedOver: HandedOverCart; readonly cart: Cart }> => {
  if (found === null) return E.left({ type: 'cart_unknown' });
  const cart = reviewCart(found.draft, scheme);
  return E.isLeft(cart)
    ? E.left({ type: 'cart_refused', problems: cart.left })
    : E.right({ handedOver: found, cart: cart.right });
};

const append = async (
  ports: PlaceOrderPorts,
  input: PlaceOrderInput,
  { handedOver, cart }: { readonly handedOver: HandedOverCart; readonly cart: Cart },
): Promise<E.Either<PlaceOrderError, PlacedAnswer>> => {
  const { signIn, orderId, recipient, address, paymentMethod, correlationId } = input;
  const { customerId, email } = signIn.account;
  const at = ports.system.now();
  const snapshotId = ports.system.newId();
  if (!isContactSnapshotId(snapshotId)) return E.left({ type: 'cart_unknown' });
  const contact = { contactSnapshotId: snapshotId, customerId, name: recipient, email, address };
  const kept = await ports.customers.keepSnapshot(contact)();
  if (E.isLeft(kept)) return kept;
  const handled = await handleOrderCommand(ports)(
    orderId,
    {
      type: 'PlaceOrder',
      at,
      orderId,
      customerId,
      signInId: signIn.signInId,
      contactSnapshotId: snapshotId,
      cartToken: { issuer: handedOver.issuer, tokenId: handedOver.tokenId },
      cart,
      destination: address.country,
      paymentMethod,
    },
    { actor: { type: 'customer', customerId }, correlationId },
    { type: 'no_order', ignored: 0 },
  )();
  if (E.isLeft(handled)) {
    const { left } = handled;
    const foreign = left.type === 'refused' && left.refusal.type === 'order_exists';
    return foreign ? E.left({ type: 'cart_unknown' }) : handled;
  }
  const { order, added } = handled.right;
  return order.type === 'placed_order'
    ? E.right({ order, repeated: added.length === 0 })
    : E.left({ type: 'cart_unknown' });
};

/**
 * Places the order of a cart. OrderPlaced is stored before this answers; then the order's process is started, and if
 * that fails the starter starts it. The same cart again answers with the order it became.
 */
export const placeOrder =
  (ports: PlaceOrderPorts, scheme: CodeScheme, settings: ProcessSettings) =>
  (input: PlaceOrderInput): TE.TaskEither<PlaceOrderError, PlacedAnswer> =>
  async () => {
    const found = await ports.carts.find(input.orderId)();
    if (E.isLeft(found)) return found;
    const reviewed = reviewedCart(found.right, scheme);
    if (E.isLeft(reviewed)) return reviewed;
    const { handedOver, cart } = reviewed.right;
    const { customerId } = input.signIn.account;
    const bound = await ports.customers.bindShopCustomer(
      handedOver.issuer,
      cart.customerReference,
      customerId,
    )();
    if (E.isLeft(bound)) return bound;
    if (!bound.right) return E.left({ type: 'cart_unknown' });
    const existing = await existingOrder(ports, input);
    if (existing !== null) return existing;
    if (hasPassed(handedOver.expiresAt, ports.system.now())) return E.left({ type: 'cart_expired' });
    const answer = await append(ports, input, reviewed.right);
    if (E.isLeft(answer) || answer.right.repeated) return answer;
    const started = await ports.orderProcesses.start(input.orderId, settings)();
    if (E.isRight(started)) {
      ports.observer.observe({ type: 'process_started', orderId: input.orderId, by: 'web' });
    } else {
      ports.observer.observe({ type: 'role_hindered', role: 'web', reason: started.left.reason });
    }
    return answer;
  };

const existingOrder = async (
  ports: PlaceOrderPorts,
  { orderId, signIn }: PlaceOrderInput,
): Promise<E.Either<PlaceOrderError, PlacedAnswer> | null> => {
  const loaded = await loadOrder(ports)(orderId)();
  if (E.isLeft(loaded)) return loaded;
  const order = loaded.right;
  if (order.type === 'no_order') return null;
  return order.terms.customerId === signIn.account.customerId
    ? E.right({ order, repeated: true })
    : E.left({ type: 'cart_unknown' });
};
