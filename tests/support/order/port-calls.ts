// Every call that the application makes of the world goes through one function, which may let it pass, fail it, lose its
// answer, or let the caller die.
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { StepPorts } from '../../../application/steps/step-ports.js';

/** How a port tells that nothing happened, and that nobody knows. */
export type PortErrors<Failure> = { readonly failed: Failure; readonly lost: Failure };

/** Stands between the application and a port; `name` is the port and its operation. */
export type Interceptor = <Failure, Answer>(
  name: string,
  call: TE.TaskEither<Failure, Answer>,
  errors: PortErrors<Failure>,
) => TE.TaskEither<Failure, Answer>;

const customersDown = { type: 'customers_unavailable', reason: 'injected' } as const;
const stockDown = { type: 'stock_unavailable', reason: 'injected' } as const;
const storeDown = { type: 'store_unavailable', reason: 'injected' } as const;
const both = <Failure>(failure: Failure): PortErrors<Failure> => ({ failed: failure, lost: failure });
const append = {
  failed: storeDown,
  lost: { type: 'append_outcome_unknown', reason: 'injected' },
} as const;
const gatewayErrors = {
  failed: { type: 'nothing_happened', reason: 'injected' },
  lost: { type: 'outcome_unknown', reason: 'injected' },
} as const;
const mailErrors = {
  failed: { type: 'mail_service_unavailable', reason: 'injected' },
  lost: { type: 'mail_outcome_unknown', reason: 'injected' },
} as const;

/** The same ports with an interceptor before every call that a step can make. */
export const intercepted = (ports: StepPorts, through: Interceptor): StepPorts => {
  const { eventStore, customers, stock, gateway, mailer } = ports;
  return {
    ...ports,
    eventStore: {
      ...eventStore,
      read: (...asked) => through('eventStore.read', eventStore.read(...asked), both(storeDown)),
      append: (...asked) => through('eventStore.append', eventStore.append(...asked), append),
    },
    customers: {
      ...customers,
      evidenceOf: (...asked) =>
        through('customers.evidenceOf', customers.evidenceOf(...asked), both(customersDown)),
      snapshot: (...asked) =>
        through('customers.snapshot', customers.snapshot(...asked), both(customersDown)),
    },
    stock: {
      ...stock,
      reserve: (...asked) => through('stock.reserve', stock.reserve(...asked), both(stockDown)),
      commit: (...asked) => through('stock.commit', stock.commit(...asked), both(stockDown)),
      release: (...asked) => through('stock.release', stock.release(...asked), both(stockDown)),
      settle: (...asked) => through('stock.settle', stock.settle(...asked), both(stockDown)),
      withdrawn: (...asked) => through('stock.withdrawn', stock.withdrawn(...asked), both(stockDown)),
    },
    gateway: {
      reserve: (...asked) => through('gateway.reserve', gateway.reserve(...asked), gatewayErrors),
      findReservation: (...asked) =>
        through('gateway.findReservation', gateway.findReservation(...asked), gatewayErrors),
      charge: (...asked) => through('gateway.charge', gateway.charge(...asked), gatewayErrors),
      findCharge: (...asked) => through('gateway.findCharge', gateway.findCharge(...asked), gatewayErrors),
      voidReservation: (...asked) =>
        through('gateway.voidReservation', gateway.voidReservation(...asked), gatewayErrors),
      refund: (...asked) => through('gateway.refund', gateway.refund(...asked), gatewayErrors),
      findRefund: (...asked) => through('gateway.findRefund', gateway.findRefund(...asked), gatewayErrors),
      findDispute: (...asked) => through('gateway.findDispute', gateway.findDispute(...asked), gatewayErrors),
      paymentsOf: (...asked) => through('gateway.paymentsOf', gateway.paymentsOf(...asked), gatewayErrors),
    },
    mailer: { send: (...asked) => through('mailer.send', mailer.send(...asked), mailErrors) },
  };
};
