// Every command by its name.
import type { OrderCommand } from '../../../domain/order/commands.js';

// The record makes the compiler ask for a new command.
const known: Readonly<Record<OrderCommand['type'], true>> = {
  PlaceOrder: true,
  AuthenticateCustomer: true,
  ValidateOrder: true,
  RecordStockReservation: true,
  RequestCardReservation: true,
  RecordCardReservation: true,
  RecordStockCommitment: true,
  ReplacePaymentMethod: true,
  GiveUpPayment: true,
  RenewReservation: true,
  RecordReservationExpiry: true,
  PlaceHold: true,
  ReleaseHold: true,
  ReleaseToWarehouse: true,
  RecordPick: true,
  RecordPack: true,
  RequestCharge: true,
  RecordCharge: true,
  RecordShipment: true,
  GiveUpShipment: true,
  CompleteOrder: true,
  RecordDelivery: true,
  RequestCancellation: true,
  RecordReservationVoid: true,
  RecordPutBack: true,
  RecordStockRelease: true,
  CancelOrder: true,
  RequestRefund: true,
  RecordRefund: true,
  RecordDispute: true,
  RequestNotification: true,
  RecordNotification: true,
  RecordMailReturn: true,
};

/** The names of all commands, in the order of an order's life. */
export const commandNames: readonly string[] = Object.keys(known);
