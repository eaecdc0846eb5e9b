import type { NotificationKind } from '../order/events.js';

// The steps of an order's process. Each is one activity of the workflow, done by one of four kinds of workers.

/** Who does a step: a group of workers with its own task list and rights. */
export type WorkerGroup = 'orders' | 'payments' | 'mail' | 'floor';

/**
 * Every step, and the group that does it. Only `payments` may speak to the card processor, only `mail` may send, and
 * `floor` is people. Names are stored in workflow histories: add, never change.
 */
export const groupOf = {
  AuthenticateCustomer: 'orders',
  ValidateOrder: 'orders',
  ReserveStock: 'orders',
  ExtendStock: 'orders',
  CommitStock: 'orders',
  ReleaseStock: 'orders',
  ReleaseToWarehouse: 'orders',
  GiveUpPayment: 'orders',
  GiveUpShipment: 'orders',
  CompleteOrder: 'orders',
  CancelOrder: 'orders',
  ReserveCard: 'payments',
  LookUpPayment: 'payments',
  ChargeCard: 'payments',
  VoidReservation: 'payments',
  RefundCard: 'payments',
  SendMail: 'mail',
  Pick: 'floor',
  Pack: 'floor',
  Ship: 'floor',
  PutBack: 'floor',
} as const satisfies Readonly<Record<string, WorkerGroup>>;

/** The name of a step. */
export type StepName = keyof typeof groupOf;

/** Steps that people do on the warehouse floor. */
export type FloorStepName = 'Pick' | 'Pack' | 'Ship' | 'PutBack';

/** Steps that our own workers do. */
export type WorkerStepName = Exclude<StepName, FloorStepName>;

/**
 * Steps that an order may need several times, each time about something else: `number` is that of the attempt to
 * reserve or charge, or of the refund.
 */
const numberedSteps = {
  ReserveCard: true,
  LookUpPayment: true,
  ExtendStock: true,
  GiveUpPayment: true,
  ChargeCard: true,
  VoidReservation: true,
  RefundCard: true,
} as const;

/** The name of a step that says which time it is. */
export type NumberedStepName = keyof typeof numberedSteps;

/** Steps that an order needs at most once. */
export type PlainStepName = Exclude<StepName, NumberedStepName | 'SendMail'>;

/** One step of one order; a mail also says which fact it tells. */
export type Step =
  | { readonly name: PlainStepName }
  | { readonly name: NumberedStepName; readonly number: number }
  | { readonly name: 'SendMail'; readonly mail: NotificationKind; readonly factRevision: number };

/** The names of all steps. */
export const stepNames: readonly StepName[] = Object.keys(groupOf).filter(isStepName);

function isStepName(name: string): name is StepName {
  return Object.hasOwn(groupOf, name);
}

const isNumbered = (name: StepName): name is NumberedStepName => Object.hasOwn(numberedSteps, name);

/** The kinds of mail; the record makes the compiler ask for a new kind. */
const mailKinds: Readonly<Record<NotificationKind, true>> = {
  order_confirmed: true,
  payment_needed: true,
  order_shipped: true,
  order_rejected: true,
  order_cancelled: true,
  order_refunded: true,
};

/** True for the name of a kind of mail. */
export const isNotificationKind = (name: string): name is NotificationKind => Object.hasOwn(mailKinds, name);

/** The step's own name within its order: `Pick`, `ReserveCard.2`, `SendMail.order_shipped.17`. */
export const stepKey = (step: Step): string => {
  if (step.name === 'SendMail') return `SendMail.${step.mail}.${String(step.factRevision)}`;
  return 'number' in step ? `${step.name}.${String(step.number)}` : step.name;
};

/** The name of one run of a step within its order, the workflow's activity id: `ReserveCard.2-1`. */
export const runKey = (step: Step, run: number): string => `${stepKey(step)}-${String(run)}`;

const isPlain = (name: StepName): name is PlainStepName => name !== 'SendMail' && !isNumbered(name);

/** The step with exactly this key (the inverse of `stepKey`); null for any other text. */
export const stepFromKey = (key: string): Step | null => {
  const [, name = '', kind, digits] =
    /^([A-Za-z]+)(?:\.([a-z_]+))?(?:\.(0|[1-9][0-9]{0,8}))?$/.exec(key) ?? [];
  if (!isStepName(name)) return null;
  const number = digits === undefined ? null : Number(digits);
  if (name === 'SendMail') {
    return kind !== undefined && isNotificationKind(kind) && number !== null
      ? { name, mail: kind, factRevision: number }
      : null;
  }
  if (kind !== undefined) return null;
  if (isPlain(name)) return number === null ? { name } : null;
  return number === null || !isNumbered(name) ? null : { name, number };
};

/** The step and run with exactly this key (the inverse of `runKey`); null for any other text. */
export const runFromKey = (key: string): { readonly step: Step; readonly run: number } | null => {
  const [, subject = '', digits = ''] = /^(.+)-([1-9][0-9]{0,8})$/.exec(key) ?? [];
  const step = stepFromKey(subject);
  return step === null ? null : { step, run: Number(digits) };
};
