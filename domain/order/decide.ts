import { absurd } from '../brand.js';
import { cancelOrder, completeOrder, requestCancellation } from './decisions/closing.js';
import type { OrderCommand } from './commands.js';
import { recordPack, recordPick, recordShipment, releaseToWarehouse } from './decisions/fulfilling.js';
import { recordNotification, requestNotification } from './decisions/notifying.js';
import type { Order, PlacedOrder } from './order.js';
import {
  giveUpPayment,
  recordCardReservation,
  recordCharge,
  recordReservationVoid,
  requestCardReservation,
  requestCharge,
} from './decisions/paying.js';
import { authenticateCustomer, placeOrder, validateOrder } from './decisions/placing.js';
import { type Decision, refuse } from './refusal.js';
import { recordStockCommitment, recordStockRelease, recordStockReservation } from './decisions/stocking.js';

/**
 * What a command adds to an order. Carried out before: nothing. Impossible: a refusal with its data. A business
 * outcome such as a declined card is a fact, not a refusal. Deciding the same command again adds nothing.
 */
export const decide = (order: Order, command: OrderCommand): Decision => {
  if (command.type === 'PlaceOrder') return placeOrder(order, command);
  return order.type === 'no_order' ? refuse({ type: 'order_unknown' }) : decidePlaced(order, command);
};

type LaterCommand = Exclude<OrderCommand, { readonly type: 'PlaceOrder' }>;

const decidePlaced = (order: PlacedOrder, command: LaterCommand): Decision => {
  switch (command.type) {
    case 'AuthenticateCustomer':
      return authenticateCustomer(order, command);
    case 'ValidateOrder':
      return validateOrder(order, command);
    case 'RecordStockReservation':
      return recordStockReservation(order, command);
    case 'RequestCardReservation':
      return requestCardReservation(order, command);
    case 'RecordCardReservation':
      return recordCardReservation(order, command);
    case 'RecordStockCommitment':
      return recordStockCommitment(order, command);
    case 'ReleaseToWarehouse':
      return releaseToWarehouse(order, command);
    case 'RecordPick':
      return recordPick(order, command);
    case 'RecordPack':
      return recordPack(order, command);
    case 'RequestCharge':
      return requestCharge(order, command);
    case 'RecordCharge':
      return recordCharge(order, command);
    case 'RecordShipment':
      return recordShipment(order, command);
    case 'CompleteOrder':
      return completeOrder(order, command);
    case 'RequestCancellation':
      return requestCancellation(order, command);
    case 'GiveUpPayment':
      return giveUpPayment(order, command);
    case 'RecordReservationVoid':
      return recordReservationVoid(order, command);
    case 'RecordStockRelease':
      return recordStockRelease(order, command);
    case 'CancelOrder':
      return cancelOrder(order, command);
    case 'RequestNotification':
      return requestNotification(order, command);
    case 'RecordNotification':
      return recordNotification(order, command);
    default:
      return absurd(command);
  }
};
