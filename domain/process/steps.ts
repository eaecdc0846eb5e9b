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

/** The kinds of mail, each a step of its own; the record makes the compiler ask for a new kind. */
const mails: Readonly<Record<NotificationKind, Step>> = {
  order_confirmed: { name: 'SendMail', mail: 'order_confirmed' },
  order_shipped: { name: 'SendMail', mail: 'order_shipped' },
  order_rejected: { name: 'SendMail', mail: 'order_rejected' },
  order_cancelled: { name: 'SendMail', mail: 'order_cancelled' },
};

/** Every step that an order's process can take, each mail apart. */
export const allSteps: readonly Step[] = [
  ...stepNames.flatMap((name): readonly Step[] => (name === 'SendMail' ? [] : [{ name }])),
  ...Object.values(mails),
];

const stepsByKey: ReadonlyMap<string, Step> = new Map(allSteps.map((step) => [stepKey(step), step]));

/** The step and run with exactly this key (the inverse of `runKey`); null for any other text. */
export const runFromKey = (key: string): { readonly step: Step; readonly run: number } | null => {
  const [, subject = '', digits = ''] = /^(.+)-([1-9][0-9]{0,8})$/.exec(key) ?? [];
  const step = stepsByKey.get(subject);
  return step === undefined ? null : { step, run: Number(digits) };
};
