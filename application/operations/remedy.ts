import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/ids.js';
import { decide } from '../../domain/order/decide.js';
import type { OrderCommand } from '../../domain/order/commands.js';
import type { OrderEvent } from '../../domain/order/events.js';
import { evolve } from '../../domain/order/evolve.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { type Phase, phaseOf } from '../../domain/order/phase.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import { situationOf } from '../../domain/process/situation.js';
import { type FloorStepName, stepKey } from '../../domain/process/steps.js';
import { wantedSteps } from '../../domain/process/wanted.js';
import {
  type CommandError,
  handleOrderCommand,
  loadOrder,
  type OrderPorts,
} from '../handle-order-command.js';
import { tellProcess, type TellProcessPorts } from '../orders/tell-process.js';
import type { ReadError } from '../ports/event-store.js';
import type { FloorTasksError } from '../ports/workflow/floor-tasks.js';
import type { ProcessServiceError } from '../ports/workflow/order-processes.js';

// What operators do for an order that does not go on. Each remedy can be previewed, is kept with the name of whoever
// asked for it, and may be repeated: what was done before is not done again.

/** Every remedy, by the word that asks for it. */
export type RemedyName =
  'retry' | 'resync' | 'restart' | 'release_claim' | 'hold' | 'release' | 'refund' | 'cancel' | 'delivered';

/** An operator's call for a remedy. A preview changes nothing anywhere. */
export type RemedyCall = {
  readonly orderId: OrderId;
  readonly by: string;
  readonly correlationId: string;
  readonly mode: 'preview' | 'apply';
};

/** What a remedy does, or in a preview would do. */
export type RemedyEffect =
  | { readonly type: 'facts'; readonly facts: ReadonlyArray<OrderEvent['type']> }
  /** The process hears where the order stands; one that does not run and has something to do is started. */
  | { readonly type: 'process_told'; readonly steps: readonly string[] }
  | { readonly type: 'process_started'; readonly steps: readonly string[] }
  | { readonly type: 'process_replaced'; readonly steps: readonly string[] }
  /** Nothing was started: one runs. */
  | { readonly type: 'process_runs' }
  | {
      readonly type: 'claim_released';
      readonly step: FloorStepName;
      readonly staffId: string;
      readonly epoch: number;
    };

/** What became of a call. `phase` is the order's, after the remedy or, in a preview, as it would be. */
export type RemedyAnswer = {
  readonly orderId: OrderId;
  readonly remedy: RemedyName;
  readonly mode: RemedyCall['mode'];
  readonly phase: Phase;
  readonly effects: readonly RemedyEffect[];
};

/** Why a remedy did nothing. It may be called again. */
export type RemedyError =
  | { readonly type: 'order_unknown' }
  | CommandError
  | ProcessServiceError
  | FloorTasksError
  | { readonly type: 'processor_not_read'; readonly reason: string };

/** What every remedy needs. */
export type RemedyPorts = OrderPorts & TellProcessPorts;

/** The order of a call. */
export const orderOf = async (
  ports: Pick<OrderPorts, 'eventStore'>,
  { orderId }: RemedyCall,
): Promise<E.Either<{ readonly type: 'order_unknown' } | ReadError, PlacedOrder>> => {
  const loaded = await loadOrder(ports)(orderId)();
  if (E.isLeft(loaded)) return loaded;
  return loaded.right.type === 'no_order' ? E.left({ type: 'order_unknown' }) : E.right(loaded.right);
};

/** An order and the facts that brought it there. */
export type Settled = { readonly order: PlacedOrder; readonly added: readonly OrderEvent[] };

/** Carries a command out in the operator's name; in a preview only decides it. */
export const settle = async (
  ports: OrderPorts,
  { mode, orderId, by, correlationId }: RemedyCall,
  order: PlacedOrder,
  command: OrderCommand,
): Promise<E.Either<CommandError, Settled>> => {
  if (mode === 'preview') {
    const decision = decide(order, command);
    if (E.isLeft(decision)) return E.left({ type: 'refused', refusal: decision.left, order });
    const after = decision.right.reduce<ReturnType<typeof evolve>>(evolve, order);
    return E.right({ order: after.type === 'placed_order' ? after : order, added: decision.right });
  }
  const context = { actor: { type: 'operator', name: by } as const, correlationId };
  const handled = await handleOrderCommand(ports)(orderId, command, context, order)();
  if (E.isLeft(handled)) return handled;
  const { order: after, added } = handled.right;
  return E.right({ order: after.type === 'placed_order' ? after : order, added });
};

/** The steps an order asks for now, by their keys. */
export const openSteps = (order: PlacedOrder, settings: ProcessSettings): readonly string[] =>
  wantedSteps(situationOf(order), settings).map(({ step }) => stepKey(step));

/** Tells the order's process where the order stands, or starts it anew; in a preview only says so. */
export const informProcess = async (
  ports: RemedyPorts,
  { mode }: RemedyCall,
  order: PlacedOrder,
): Promise<E.Either<ProcessServiceError, RemedyEffect>> => {
  const steps = openSteps(order, ports.settings);
  if (mode === 'preview') return E.right({ type: 'process_told', steps });
  const told = await tellProcess(ports, order);
  return E.isLeft(told) ? told : E.right({ type: `process_${told.right}`, steps });
};

/** The answer to a call; one that was carried out is told to whoever keeps the log. */
export const answerTo = (
  { observer }: Pick<OrderPorts, 'observer'>,
  { orderId, by, mode }: RemedyCall,
  remedy: RemedyName,
  order: PlacedOrder,
  effects: readonly RemedyEffect[],
): E.Either<never, RemedyAnswer> => {
  if (mode === 'apply') {
    const what = effects.map(({ type }) => type);
    observer.observe({ type: 'remedy_applied', orderId, by, remedy, effects: what });
  }
  return E.right({ orderId, remedy, mode, phase: phaseOf(order), effects });
};
