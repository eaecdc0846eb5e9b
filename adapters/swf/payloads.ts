// The JSON texts inside workflow histories: what a process and its steps are given and what they answer. They last as
// long as the longest order, so each says its version; a new form gets a new number, and its deciders and workers a new list.
// They hold ids, states and numbers only: no name, address, e-mail or card data, and far below SWF's 32,768 characters.
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { isOrderId, type OrderId } from '../../domain/ids.js';
import { type Instant, isInstant } from '../../domain/instant.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import type { Situation } from '../../domain/process/situation.js';
import { isNotificationKind, type Step, stepFromKey, stepKey } from '../../domain/process/steps.js';

/** Where a text was not what was expected, and what was expected there; never the text itself. */
export type PayloadProblem = {
  readonly type: 'payload_not_understood';
  readonly expected: readonly string[];
};

const oneYearSeconds = 31_536_000;
const version = t.literal(2);
const wholeFrom = (lowest: number, highest: number, name: string): t.Type<number> =>
  t.refinement(t.number, (value) => Number.isSafeInteger(value) && value >= lowest && value <= highest, name);
const text = (most: number, name: string): t.Type<string> =>
  t.refinement(t.string, ({ length }) => length <= most, name);
const orderIdCodec = new t.Type<OrderId, string, unknown>(
  'OrderId',
  (value): value is OrderId => typeof value === 'string' && isOrderId(value),
  (value, context) =>
    typeof value === 'string' && isOrderId(value) ? t.success(value) : t.failure(value, context),
  (value) => value,
);
const seconds = wholeFrom(0, oneYearSeconds, 'Seconds');

const settingsCodec = t.strict(
  {
    graceSeconds: seconds,
    payAgainSeconds: seconds,
    payAgainLaterSeconds: seconds,
    challengeSeconds: seconds,
    renewMarginSeconds: seconds,
    pickSeconds: seconds,
    unshippedSeconds: seconds,
  },
  'ProcessSettings',
);

const instant = new t.Type<Instant, number, unknown>(
  'Instant',
  (value): value is Instant => typeof value === 'number' && isInstant(value),
  (value, context) =>
    typeof value === 'number' && isInstant(value) ? t.success(value) : t.failure(value, context),
  (value) => value,
);
const orNull = <A, O>(codec: t.Type<A, O>): t.Type<A | null, O | null> => t.union([codec, t.null]);
const number = wholeFrom(0, 1e9, 'Number');
const numbers = t.readonlyArray(number, 'Numbers');

const mailDue = t.strict(
  { kind: t.refinement(t.string, isNotificationKind, 'NotificationKind'), factRevision: number },
  'MailDue',
);

const situationCodec: t.Type<Situation, unknown> = t.strict(
  {
    revision: wholeFrom(-1, Number.MAX_SAFE_INTEGER, 'Revision'),
    stage: t.keyof(
      {
        ...{ placed: null, authenticated: null, validated: null, released: null, completed: null },
        ...{ rejected: null, cancelling: null, cancelled: null },
      },
      'Stage',
    ),
    payment: t.keyof(
      {
        ...{ none: null, reserving: null, authenticating: null, declined: null, reserved: null },
        ...{ charging: null, charge_failed: null, expired: null, charged: null, voided: null },
      },
      'PaymentStatus',
    ),
    nextPayment: t.keyof(
      {
        ...{ nothing: null, reserve: null, reserve_soon: null, charge_soon: null },
        ...{ ask: null, give_up: null },
      },
      'NextPayment',
    ),
    attempt: number,
    charge: number,
    held: orNull(number),
    heldFrom: orNull(instant),
    heldUntil: orNull(instant),
    customerSince: orNull(instant),
    stock: t.keyof(
      { none: null, reserved: null, unavailable: null, committed: null, released: null },
      'StockStatus',
    ),
    stockUntil: orNull(instant),
    fulfilment: t.keyof(
      { waiting: null, picked: null, packed: null, shipped: null, put_back: null },
      'FulfilmentStatus',
    ),
    offTheShelf: t.boolean,
    onHold: t.boolean,
    surplus: numbers,
    refundsDue: numbers,
    mailsDue: t.readonlyArray(mailDue, 'MailsDue'),
  },
  'Situation',
);

const workflowInput = t.strict({ v: version, orderId: orderIdCodec, settings: settingsCodec });
const activityInput = t.strict({ v: version, step: text(64, 'StepKey'), run: wholeFrom(1, 1e9, 'Run') });
const situationPayload = t.strict({ v: version, situation: situationCodec });
const failureDetails = t.strict({ v: version, reason: text(1024, 'Reason') });
const contextPayload = t.strict({
  v: version,
  note: text(1024, 'Note'),
  decisions: t.refinement(t.string, (value) => /^[0-9a-f]{64}$/.test(value), 'Sha256'),
});

const expectations = (errors: t.Errors): readonly string[] =>
  errors.map(({ context }) => {
    const path = context.map(({ key }) => key).filter((key) => key !== '');
    return `${['$', ...path].join('.')}: ${context.at(-1)?.type.name ?? 'a value'}`;
  });

const notUnderstood = (expected: readonly string[]): PayloadProblem => ({
  type: 'payload_not_understood',
  expected,
});

const decodeText =
  <A>(codec: t.Decoder<unknown, A>) =>
  (json: string | undefined): E.Either<PayloadProblem, A> =>
    pipe(
      E.tryCatch(
        (): unknown => JSON.parse(json ?? ''),
        () => notUnderstood(['$: JSON']),
      ),
      E.chain((value) =>
        pipe(
          codec.decode(value),
          E.mapLeft((errors) => notUnderstood(expectations(errors))),
        ),
      ),
    );

/** What a process is started with. */
export type WorkflowInput = { readonly orderId: OrderId; readonly settings: ProcessSettings };

/** Writes a workflow's input. */
export const encodeWorkflowInput = ({ orderId, settings }: WorkflowInput): string =>
  JSON.stringify(workflowInput.encode({ v: 2, orderId, settings }));

/** Reads a workflow's input. */
export const decodeWorkflowInput = (json: string | undefined): E.Either<PayloadProblem, WorkflowInput> =>
  pipe(
    decodeText(workflowInput)(json),
    E.map(({ orderId, settings }) => ({ orderId, settings })),
  );

/** Writes what a worker is told of one run. The order is named by the workflow id, which every task carries. */
export const encodeActivityInput = (step: Step, run: number): string =>
  JSON.stringify(activityInput.encode({ v: 2, step: stepKey(step), run }));

/** Reads what a worker is told of one run; a step that this version does not know is not understood. */
export const decodeActivityInput = (
  json: string | undefined,
): E.Either<PayloadProblem, { readonly step: Step; readonly run: number }> =>
  pipe(
    decodeText(activityInput)(json),
    E.chain(({ step: key, run }) => {
      const step = stepFromKey(key);
      return step === null ? E.left(notUnderstood(['$.step: Step'])) : E.right({ step, run });
    }),
  );

/** Writes where an order stands: the result of every step, and what a signal tells. */
export const encodeSituation = (situation: Situation): string =>
  JSON.stringify(situationPayload.encode({ v: 2, situation }));

/** Reads where an order stands. */
export const decodeSituation = (json: string | undefined): E.Either<PayloadProblem, Situation> =>
  pipe(
    decodeText(situationPayload)(json),
    E.map(({ situation }) => situation),
  );

/** Writes why a run did not bring the order forward; a longer reason is cut at 1,024 characters. */
export const encodeFailure = (reason: string): string =>
  JSON.stringify(failureDetails.encode({ v: 2, reason: reason.slice(0, 1024) }));

/** Reads why a run did not bring the order forward. */
export const decodeFailure = (json: string | undefined): E.Either<PayloadProblem, string> =>
  pipe(
    decodeText(failureDetails)(json),
    E.map(({ reason }) => reason),
  );

/** What is kept with each completed decision: the decider's own note, and the hash of what it decided. */
export type DecisionContext = { readonly note: string; readonly decisions: string };

/** Writes what is kept with a decision; a longer note is cut at 1,024 characters. */
export const encodeContext = ({ note, decisions }: DecisionContext): string =>
  JSON.stringify(contextPayload.encode({ v: 2, note: note.slice(0, 1024), decisions }));

/** Reads what was kept with a decision. */
export const decodeContext = (json: string | undefined): E.Either<PayloadProblem, DecisionContext> =>
  pipe(
    decodeText(contextPayload)(json),
    E.map(({ note, decisions }) => ({ note, decisions })),
  );
