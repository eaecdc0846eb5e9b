import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CountryCode } from '../../domain/country.js';
import type { Currency } from '../../domain/currency.js';
import type { OrderCommand } from '../../domain/order/commands.js';
import type { Order, PlacedOrder } from '../../domain/order/order.js';
import type { CardPolicy } from '../../domain/payment.js';
import type { Refusal } from '../../domain/order/refusal.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import { stepKey } from '../../domain/process/steps.js';
import {
  type CommandError,
  handleOrderCommand,
  loadOrder,
  type OrderPorts,
} from '../handle-order-command.js';
import { isAmountWrong } from '../payments/record-outcomes.js';
import type { Customers } from '../ports/customers.js';
import type { Mailer } from '../ports/mail/mailer.js';
import type { PaymentGateway } from '../ports/payment-gateway.js';
import type { StepTask } from '../ports/workflow/process-tasks.js';
import type { Stock } from '../ports/stock.js';
import type { StepProblem } from '../roles/worker.js';

/** All that the workers' steps need of the world. */
export type StepPorts = OrderPorts & {
  readonly customers: Customers;
  readonly stock: Stock;
  readonly gateway: PaymentGateway;
  readonly mailer: Mailer;
};

/** What the shop decided about its orders, as far as steps need it. */
export type StepPolicy = {
  readonly settings: ProcessSettings;
  /** How long goods are held for an order whose card is not reserved yet. */
  readonly stockHoldSeconds: number;
  readonly destinations: ReadonlySet<CountryCode> | 'everywhere';
  /** Which approved cards the shop refuses all the same. */
  readonly cardPolicy: CardPolicy;
  /** Accepted currencies with the largest total of an order in minor units. */
  readonly totalLimits: ReadonlyMap<Currency, number>;
  /** Where a customer can look at an order: the shop's own public address, without a slash at the end. */
  readonly publicUrl: string;
  readonly shopName: string;
};

/** What the work of one step starts from. */
export type StepContext = {
  readonly ports: StepPorts;
  readonly policy: StepPolicy;
  readonly task: StepTask;
  readonly order: PlacedOrder;
};

/** The result of a step's work: the order as it stands afterwards. */
export type StepResult = E.Either<StepProblem, PlacedOrder>;

/** The step could not be done now; the process tries again later. */
export const notDone = (reason: string): E.Either<StepProblem, never> =>
  E.left({ type: 'step_not_done', reason });

// A task without an order is a fault of whoever started the process.
const orderOf = (order: Order): StepResult =>
  order.type === 'placed_order' ? E.right(order) : notDone('order_unknown');

const outgrown: ReadonlySet<Refusal['type']> = new Set([
  'order_closing',
  'wrong_phase',
  'something_still_held',
] as const);

// Trying again cannot help: the amounts stay as they are, and the order stands still until a person
// acts. Everything else that is refused here passes with time or with another run.
const isHopeless = (refusal: Refusal): boolean =>
  isAmountWrong(refusal) || refusal.type === 'no_attempt_left' || refusal.type === 'money';

type AlarmContext = { readonly ports: Pick<OrderPorts, 'observer'>; readonly task: StepTask };

/** Tells people of something about a step's order that they must look at. */
export const raiseAlarm = ({ ports, task }: AlarmContext, what: string): void =>
  ports.observer.observe({ type: 'alarm', orderId: task.orderId, what });

const giveUpHope = (context: AlarmContext, reason: string): void =>
  raiseAlarm(context, `${stepKey(context.task.step)} cannot succeed: ${reason}`);

const settle = (result: E.Either<CommandError, { readonly order: Order }>): StepResult => {
  if (E.isRight(result)) return orderOf(result.right.order);
  const error = result.left;
  if (error.type !== 'refused') return notDone(error.type);
  const { refusal, order } = error;
  // The process asked for this step without knowing where the order stands: it learns that from the answer.
  return outgrown.has(refusal.type) ? orderOf(order) : notDone(refusal.type);
};

/**
 * Carries out a command for a step and says whether this run stored its facts; `stored` is false when they stood there
 * before, also when a twin of this run was first. A command that the order has outgrown answers with the order; a
 * refusal that no later run will get around raises an alarm, in every run.
 */
export const storeFacts = async (
  { ports, task }: Pick<StepContext, 'ports' | 'task'>,
  order: PlacedOrder,
  command: OrderCommand,
): Promise<E.Either<StepProblem, { readonly order: PlacedOrder; readonly stored: boolean }>> => {
  const correlationId = order.terms.orderId;
  const context = { actor: { type: 'worker', name: task.step.name } as const, correlationId };
  const handled = await handleOrderCommand(ports)(task.orderId, command, context, order)();
  if (E.isLeft(handled) && handled.left.type === 'refused' && isHopeless(handled.left.refusal)) {
    giveUpHope({ ports, task }, handled.left.refusal.type);
  }
  const settled = settle(handled);
  if (E.isLeft(settled)) return settled;
  return E.right({ order: settled.right, stored: E.isRight(handled) && handled.right.added.length > 0 });
};

/** Carries out a command for a step. A command that the order has outgrown answers with the order as it stands. */
export const carryOut = async (
  context: Pick<StepContext, 'ports' | 'task'>,
  order: PlacedOrder,
  command: OrderCommand,
): Promise<StepResult> => {
  const result = await storeFacts(context, order, command);
  return E.isLeft(result) ? result : E.right(result.right.order);
};

/** Reads the order a task is about. An order that is missing or cannot be read raises an alarm. */
export const loadForTask =
  (ports: OrderPorts) =>
  (task: StepTask): TE.TaskEither<StepProblem, PlacedOrder> =>
  async () => {
    const loaded = await loadOrder(ports)(task.orderId)();
    if (E.isLeft(loaded)) {
      if (loaded.left.type === 'unreadable_event') giveUpHope({ ports, task }, loaded.left.type);
      return notDone(loaded.left.type);
    }
    const order = orderOf(loaded.right);
    if (E.isLeft(order)) giveUpHope({ ports, task }, order.left.reason);
    return order;
  };

/** Look-ups of a lost answer after 5 s, 1 min, 5 min and 1 h are over with this run; from then on people are told. */
const alarmingRun = 5;

/** The outcome of a request to the card processor; one that is unknown for hours raises an alarm, in every run. */
export const tellOfUnknown = <Outcome extends { readonly type: string }>(
  context: Pick<StepContext, 'ports' | 'task'>,
  outcome: Outcome,
): Outcome => {
  const late = outcome.type === 'unknown' && context.task.run >= alarmingRun;
  if (late) giveUpHope(context, 'nobody knows what became of the request');
  return outcome;
};
