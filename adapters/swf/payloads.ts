// The JSON texts inside workflow histories: what a process and its steps are given and what they answer. They last as
// long as the longest order, so each says its version; a new form gets a new number and the old one stays readable.
// They hold ids, states and numbers only: no name, address, e-mail or card data, and far below SWF's 32,768 characters.
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { isOrderId, type OrderId } from '../../domain/ids.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import type { Situation } from '../../domain/process/situation.js';
import { runFromKey, runKey, type Step } from '../../domain/process/steps.js';

/** Where a text was not what was expected, and what was expected there; never the text itself. */
export type PayloadProblem = {
  readonly type: 'payload_not_understood';
  readonly expected: readonly string[];
};

const oneYearSeconds = 31_536_000;
const version1 = t.literal(1);
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

const settingsCodec = t.strict({ graceSeconds: seconds, payAgainSeconds: seconds }, 'ProcessSettings');

const mailCodec = t.keyof(
  { order_confirmed: null, order_shipped: null, order_rejected: null, order_cancelled: null },
  'NotificationKind',
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
        ...{ none: null, reserving: null, declined: null, reserved: null, charging: null },
        ...{ charge_failed: null, charged: null, voided: null },
      },
      'PaymentStatus',
    ),
    stock: t.keyof(
      { none: null, reserved: null, unavailable: null, committed: null, released: null },
      'StockStatus',
    ),
    fulfilment: t.keyof({ waiting: null, picked: null, packed: null, shipped: null }, 'FulfilmentStatus'),
    mailsDue: t.readonlyArray(mailCodec, 'MailsDue'),
  },
  'Situation',
);

const workflowInput = t.strict({ v: version1, orderId: orderIdCodec, settings: settingsCodec });
const activityInput = t.strict({ v: version1, step: text(64, 'StepKey'), run: wholeFrom(1, 1e9, 'Run') });
const situationPayload = t.strict({ v: version1, situation: situationCodec });
const failureDetails = t.strict({ v: version1, reason: text(1024, 'Reason') });
const contextPayload = t.strict({
  v: version1,
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
  JSON.stringify(workflowInput.encode({ v: 1, orderId, settings }));

/** Reads a workflow's input. */
export const decodeWorkflowInput = (json: string | undefined): E.Either<PayloadProblem, WorkflowInput> =>
  pipe(
    decodeText(workflowInput)(json),
    E.map(({ orderId, settings }) => ({ orderId, settings })),
  );

/** Writes what a worker is told of one run. The order is named by the workflow id, which every task carries. */
export const encodeActivityInput = (step: Step, run: number): string => {
  const key = runKey(step, run);
  return JSON.stringify(activityInput.encode({ v: 1, step: key.slice(0, key.lastIndexOf('-')), run }));
};

/** Reads what a worker is told of one run; a step that this version does not know is not understood. */
export const decodeActivityInput = (
  json: string | undefined,
): E.Either<PayloadProblem, { readonly step: Step; readonly run: number }> =>
  pipe(
    decodeText(activityInput)(json),
    E.chain(({ step, run }) => E.fromNullable(notUnderstood(['$.step: Step']))(runFromKey(`${step}-${run}`))),
  );

/** Writes where an order stands: the result of every step, and what a signal tells. */
export const encodeSituation = (situation: Situation): string =>
  JSON.stringify(situationPayload.encode({ v: 1, situation }));

/** Reads where an order stands. */
export const decodeSituation = (json: string | undefined): E.Either<PayloadProblem, Situation> =>
  pipe(
    decodeText(situationPayload)(json),
    E.map(({ situation }) => situation),
  );

/** Writes why a run did not bring the order forward; a longer reason is cut at 1,024 characters. */
export const encodeFailure = (reason: string): string =>
  JSON.stringify(failureDetails.encode({ v: 1, reason: reason.slice(0, 1024) }));

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
  JSON.stringify(contextPayload.encode({ v: 1, note: note.slice(0, 1024), decisions }));

/** Reads what was kept with a decision. */
export const decodeContext = (json: string | undefined): E.Either<PayloadProblem, DecisionContext> =>
  pipe(
    decodeText(contextPayload)(json),
    E.map(({ note, decisions }) => ({ note, decisions })),
  );
