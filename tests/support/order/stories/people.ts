// Customers, operators and banks around one order.
import * as E from 'fp-ts/lib/Either.js';
import type { InMemoryGateway } from '../../../../adapters/payment/in-memory.js';
import { cancelOrder } from '../../../../application/orders/cancel-order.js';
import { createOrderDesk } from '../../../../application/orders/order-desk.js';
import type { OrderProcesses } from '../../../../application/ports/workflow/order-processes.js';
import { replacePaymentMethod } from '../../../../application/orders/replace-payment-method.js';
import type { StepPorts } from '../../../../application/steps/step-ports.js';
import type { HoldReason } from '../../../../domain/order/events.js';
import type { PlacedOrder } from '../../../../domain/order/order.js';
import { defaultSettings } from '../../../../domain/process/limits.js';
import * as the from '../../examples.js';
import { paymentMethodOf } from '../../ids.js';

/** What people need of the world. */
export type PeoplesWorld = {
  readonly ports: StepPorts;
  readonly orderProcesses: OrderProcesses;
  readonly gateway: InMemoryGateway;
  readonly order: () => Promise<PlacedOrder>;
};

const deaf: OrderProcesses = {
  start: () => async () => E.right('started'),
  tell: () => async () => E.right('not_running'),
};

/** What people can do to the order. Each answers whether it was accepted. */
export const createPeople = ({ ports, orderProcesses, gateway, order }: PeoplesWorld) => {
  const told = { ...ports, orderProcesses, settings: defaultSettings };
  const desk = createOrderDesk(told);
  return {
    /** The customer cancels; `tell` says whether the process hears of it. */
    cancel: async (tell: boolean): Promise<boolean> => {
      const by = { type: 'customer', customerId: the.customerId } as const;
      const heard = tell ? told : { ...told, orderProcesses: deaf };
      return E.isRight(await cancelOrder(heard)(the.orderId, by, 'request-2')());
    },
    /** The customer names a card to go on with. */
    nameCard: async (token: string): Promise<boolean> => {
      const card = paymentMethodOf(token);
      const replace = replacePaymentMethod(told);
      return E.isRight(await replace(the.orderId, the.customerId, card, 'request-3')());
    },
    /** The customer confirms at the bank, or fails to; false when the bank asks nothing. */
    answerBank: async (passes: boolean): Promise<boolean> => {
      const { payment } = await order();
      if (payment.status !== 'authenticating') return false;
      gateway.answerChallenge(payment.challenge.reference, passes);
      return true;
    },
    hold: async (reason: HoldReason): Promise<boolean> =>
      E.isRight(await desk.placeHold(the.orderId, 'Olga', reason, 'request-4')()),
    release: async (reason: HoldReason): Promise<boolean> =>
      E.isRight(await desk.releaseHold(the.orderId, 'Olga', reason, 'request-5')()),
    /** An operator gives money back. */
    refund: async (refundId: string, minor: number): Promise<boolean> => {
      const refund = { refundId, amount: the.pence(minor), reason: 'goodwill' } as const;
      return E.isRight(await desk.refund(the.orderId, 'Olga', refund, 'request-6')());
    },
  };
};

/** What people can do to the order. */
export type People = ReturnType<typeof createPeople>;

/** Something that somebody does once, as soon as the order stands so. */
export type Deed = {
  readonly what: string;
  readonly when: (order: PlacedOrder) => boolean;
  readonly how: (people: People) => Promise<unknown>;
};
