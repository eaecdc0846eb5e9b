import type { NotificationKind } from '../order/events.js';

// The steps of an order's process. Each is one activity of the workflow, done by one of three kinds of workers.

/** Steps that our own workers do, and what each leaves behind. */
export type WorkerStepName =
  | 'AuthenticateCustomer'
  | 'ValidateOrder'
  | 'ReserveStock'
  | 'ReserveCard'
  | 'CommitStock'
  | 'ReleaseToWarehouse'
  | 'ChargeCard'
  | 'CompleteOrder'
  | 'GiveUpPayment'
  | 'VoidReservation'
  | 'ReleaseStock'
  | 'CancelOrder'
  | 'SendMail';

/** Steps that people do on the warehouse floor. */
export type FloorStepName = 'Pick' | 'Pack' | 'Ship';

/** Every step. Names are stored in workflow histories: add, never change. */
export type StepName = WorkerStepName | FloorStepName;

/** A step of one order; a mail also says which. */
export type Step =
  | { readonly name: Exclude<StepName, 'SendMail'> }
  | { readonly name: 'SendMail'; readonly mail: NotificationKind };

/** Who does a step: a group of workers with its own task list and rights. */
export type WorkerGroup = 'orders' | 'payments' | 'mail' | 'floor';

/** The group that does each step. Only `payments` may speak to the card processor, only `mail` may send. */
export const groupOf: Readonly<Record<StepName, WorkerGroup>> = {
  AuthenticateCustomer: 'orders',
  ValidateOrder: 'orders',
  ReserveStock: 'orders',
  CommitStock: 'orders',
  ReleaseStock: 'orders',
  ReleaseToWarehouse: 'orders',
  GiveUpPayment: 'orders',
  CompleteOrder: 'orders',
  CancelOrder: 'orders',
  ReserveCard: 'payments',
  ChargeCard: 'payments',
  VoidReservation: 'payments',
  SendMail: 'mail',
  Pick: 'floor',
  Pack: 'floor',
  Ship: 'floor',
};

/** The step's own name within its order: `ReserveCard`, `SendMail-order_shipped`. */
export const stepKey = (step: Step): string =>
  step.name === 'SendMail' ? `SendMail-${step.mail}` : step.name;

/** The name of one run of a step within its order, the workflow's activity id: `ReserveCard-1`. */
export const runKey = (step: Step, run: number): string => `${stepKey(step)}-${String(run)}`;

/** The names of all steps. */
export const stepNames: readonly StepName[] = [
  'AuthenticateCustomer',
  'ValidateOrder',
  'ReserveStock',
  'ReserveCard',
  'CommitStock',
  'ReleaseToWarehouse',
  'Pick',
  'Pack',
  'ChargeCard',
  'Ship',
  'CompleteOrder',
  'GiveUpPayment',
  'VoidReservation',
  'ReleaseStock',
  'CancelOrder',
  'SendMail',
];
