import { absurd } from '../brand.js';
import type { OrderCommand } from './commands.js';
import { recordCharge, requestCharge } from './decisions/charging.js';
import { cancelOrder, completeOrder, giveUpShipment, requestCancellation } from './decisions/closing.js';
import {
  recordDelivery,
  recordPack,
  recordPick,
  recordPutBack,
  recordShipment,
  releaseToWarehouse,
} from './decisions/fulfilling.js';
import { placeHold, releaseHold } from './decisions/holding.js';
import { recordMailReturn, recordNotification, requestNotification } from './decisions/notifying.js';
import { authenticateCustomer, placeOrder, validateOrder } from './decisions/placing.js';
import { recordDispute, recordRefund, requestRefund } from './decisions/refunding.js';
import { giveUpPayment, replacePaymentMethod } from './decisions/repaying.js';
import { recordCardReservation, renewReservation, requestCardReservation } from './decisions/reserving.js';
import { recordStockCommitment, recordStockRelease, recordStockReservation } from './decisions/stocking.js';
import { recordReservationExpiry, recordReservationVoid } from './decisions/voiding.js';
import type { Order, PlacedOrder } from './order.js';
import { type Decision, refuse } from './refusal.js';

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
    case 'ReplacePaymentMethod':
      return replacePaymentMethod(order, command);
    case 'GiveUpPayment':
      return giveUpPayment(order, command);
    case 'RenewReservation':
      return renewReservation(order, command);
    case 'RecordReservationExpiry':
      return recordReservationExpiry(order, command);
    case 'PlaceHold':
      return placeHold(order, command);
    case 'ReleaseHold':
      return releaseHold(order, command);
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
    case 'GiveUpShipment':
      return giveUpShipment(order, command);
    case 'CompleteOrder':
      return completeOrder(order, command);
    case 'RecordDelivery':
      return recordDelivery(order, command);
    case 'RequestCancellation':
      return requestCancellation(order, command);
    case 'RecordReservationVoid':
      return recordReservationVoid(order, command);
    case 'RecordPutBack':
      return recordPutBack(order, command);
    case 'RecordStockRelease':
      return recordStockRelease(order, command);
    case 'CancelOrder':
      return cancelOrder(order, command);
    case 'RequestRefund':
      return requestRefund(order, command);
    case 'RecordRefund':
      return recordRefund(order, command);
    case 'RecordDispute':
      return recordDispute(order, command);
    case 'RequestNotification':
      return requestNotification(order, command);
    case 'RecordNotification':
      return recordNotification(order, command);
    case 'RecordMailReturn':
      return recordMailReturn(order, command);
    default:
      return absurd(command);
  }
};
