import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Instant } from '../../domain/instant.js';
import type { OrderCommand, RequestRefund } from '../../domain/order/commands.js';
import type { HoldReason } from '../../domain/order/events.js';
import { phaseOf } from '../../domain/order/phase.js';
import {
  answerTo,
  informProcess,
  orderOf,
  type RemedyAnswer,
  type RemedyCall,
  type RemedyError,
  type RemedyName,
  type RemedyPorts,
  settle,
} from './remedy.js';

// Remedies that are commands to the order. Their facts carry the operator's name.

type Remedy = TE.TaskEither<RemedyError, RemedyAnswer>;

const byCommand =
  (ports: RemedyPorts, remedy: RemedyName, commandAt: (at: Instant, by: string) => OrderCommand) =>
  (call: RemedyCall): Remedy =>
  async () => {
    const known = await orderOf(ports, call);
    if (E.isLeft(known)) return known;
    const command = commandAt(ports.system.now(), call.by);
    const settled = await settle(ports, call, known.right, command);
    if (E.isLeft(settled)) return settled;
    const { order, added } = settled.right;
    const { stage } = order.lifecycle;
    if (remedy === 'cancel' && stage !== 'cancelling' && stage !== 'cancelled') {
      return E.left({
        type: 'refused',
        refusal: { type: 'too_late_to_cancel', phase: phaseOf(order) },
        order,
      });
    }
    // Repeated, nothing is stored again; but the process may not have been told the first time.
    const informed = await informProcess(ports, call, order);
    if (E.isLeft(informed)) return informed;
    const facts = added.map(({ type }) => type);
    const effects = facts.length === 0 ? [] : [{ type: 'facts', facts } as const];
    const isQuiet = facts.length === 0 && informed.right.type === 'process_told';
    return answerTo(ports, call, remedy, order, isQuiet ? [] : [...effects, informed.right]);
  };

/** Keeps the order from being charged and from leaving the building. */
export const holdOrder = (ports: RemedyPorts, reason: HoldReason) =>
  byCommand(ports, 'hold', (at, by) => ({ type: 'PlaceHold', at, reason, by }));

/** Takes one reason to hold the order away. */
export const releaseOrder = (ports: RemedyPorts, reason: HoldReason) =>
  byCommand(ports, 'release', (at, by) => ({ type: 'ReleaseHold', at, reason, by }));

/** Gives money back, never more than was charged; the same refund id again adds nothing. */
export const refundOrder = (
  ports: RemedyPorts,
  refund: Pick<RequestRefund, 'refundId' | 'amount' | 'reason'>,
) => byCommand(ports, 'refund', (at) => ({ type: 'RequestRefund', at, ...refund }));

/** Asks for the order's end; too late when the goods are on their way, and kept as such once. */
export const cancelOrderRemedy = (ports: RemedyPorts) =>
  byCommand(ports, 'cancel', (at) => ({ type: 'RequestCancellation', at, by: 'operator' }));

/** Stores that the carrier delivered the parcels. */
export const deliverOrder = (ports: RemedyPorts) =>
  byCommand(ports, 'delivered', (at) => ({ type: 'RecordDelivery', at }));
