import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { remedyPage, remedyRefusal } from '../../adapters/cli/remedy-page.js';
import { postgresFloorTasks } from '../../adapters/floor-tasks/postgres.js';
import { createProcessTermination } from '../../adapters/swf/order-processes.js';
import {
  cancelOrderRemedy,
  deliverOrder,
  holdOrder,
  refundOrder,
  releaseOrder,
} from '../../application/operations/command-remedies.js';
import { restartOrder, retryOrder } from '../../application/operations/process-remedies.js';
import { releaseClaim } from '../../application/operations/release-claim.js';
import type {
  RemedyAnswer,
  RemedyCall,
  RemedyError,
  RemedyPorts,
} from '../../application/operations/remedy.js';
import { resyncOrder } from '../../application/operations/resync-order.js';
import { loadOrder } from '../../application/handle-order-command.js';
import { isOrderId } from '../../domain/ids.js';
import { fromDecimal } from '../../domain/money.js';
import type { HoldReason } from '../../domain/order/events.js';
import type { SettingTable, ValuesOf } from '../config/setting.js';
import { databaseSettings, paymentSettings, workflowSettings } from '../config/settings.js';
import { policySettings } from '../config/policy-settings.js';
import type { RoleContext } from '../process/role.js';
import { openGateway } from '../roles/payments.js';
import { cardPolicyOf, processSettings, processSettingsOf } from '../roles/policy.js';
import { openEventStore, ordersPool } from '../roles/stores.js';
import { openOrderProcesses, swfClients } from '../roles/workflow.js';
import { type Command, type CommandArguments, CommandFailed } from './command.js';

// The remedies of application/operations as commands. Each is a preview unless --yes is given with the operator's name.

const settings = { ...databaseSettings, ...workflowSettings, ...processSettings };
const resyncSettings = {
  ...settings,
  ...paymentSettings,
  CHECKOUT_REFUSE_CHECKS: policySettings.CHECKOUT_REFUSE_CHECKS,
};

type BaseValues = ValuesOf<typeof settings>;
type Remedy = (call: RemedyCall) => TE.TaskEither<RemedyError, RemedyAnswer>;

const portsOf = async (values: BaseValues, context: RoleContext): Promise<RemedyPorts> => ({
  eventStore: await openEventStore(context.scope, values),
  orderProcesses: await openOrderProcesses(values, context),
  settings: processSettingsOf(values),
  system: context.system,
  observer: context.observer,
});

const callOf = (words: string, { positional: [orderId = ''], options }: CommandArguments): RemedyCall => {
  if (!isOrderId(orderId)) throw new CommandFailed(`${words} needs the id of an order (a UUID)`);
  const apply = options['yes'] !== undefined;
  if (apply && options['dry-run'] !== undefined) throw new CommandFailed('either --yes or --dry-run');
  const by = options['by'] ?? '';
  if (apply && !/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,79}$/u.test(by)) {
    throw new CommandFailed('--yes needs --by NAME: who does it is kept with the order');
  }
  return { orderId, by, correlationId: randomUUID(), mode: apply ? 'apply' : 'preview' };
};

type Shape<Table extends SettingTable> = Pick<Command<Table>, 'words' | 'about' | 'settings'> & {
  /** Its own options, as the usage text shows them, and their names. */
  readonly own?: readonly [shape: string, ...names: string[]];
  readonly remedy: (
    ports: RemedyPorts,
    call: CommandArguments,
    values: ValuesOf<Table>,
    context: RoleContext,
  ) => Promise<Remedy>;
};

const remedyCommand = <Table extends SettingTable>(
  { words, about, own = [''], remedy, ...rest }: Shape<Table>,
  baseOf: (values: ValuesOf<Table>) => BaseValues,
): Command<Table> => {
  const [shape, ...names] = own;
  return {
    words,
    shape: `ID ${shape} [--by NAME --yes]`.replace('  ', ' '),
    about,
    options: ['by', 'yes', 'dry-run', ...names],
    audited: true,
    settings: rest.settings,
    run: async (args, values, context) => {
      const call = callOf(words, args);
      const ports = await portsOf(baseOf(values), context);
      const answered = await (await remedy(ports, args, values, context))(call)();
      if (E.isLeft(answered)) throw new CommandFailed(remedyRefusal(call.orderId, answered.left));
      return remedyPage(answered.right);
    },
  };
};

const plain = (shape: Omit<Shape<typeof settings>, 'settings'>): Command<typeof settings> =>
  remedyCommand({ ...shape, settings }, (values) => values);

const holdReasonOf = ({ options: { reason } }: CommandArguments): HoldReason => {
  if (reason === 'address' || reason === 'fraud' || reason === 'operator') return reason;
  throw new CommandFailed('--reason must be one of address, fraud, operator');
};

/** `order retry`: the open steps again, under the same keys. */
export const orderRetry = plain({
  words: 'order retry',
  about:
    'Let the process ask again for the steps that are open, under the same keys; start it if it does not run.',
  remedy: (ports) => Promise.resolve(retryOrder(ports)),
});

/** `order restart`: the process anew from the stream. */
export const orderRestart = plain({
  words: 'order restart',
  about: 'Start the order’s process anew from the stream; --replace ends one that runs first.',
  own: ['[--replace]', 'replace'],
  remedy: async (ports, { options }, values, { scope }) => {
    const { caller } = await swfClients(scope, values);
    const termination = createProcessTermination(caller, { domain: values.CHECKOUT_SWF_DOMAIN });
    return restartOrder({ ...ports, termination }, options['replace'] !== undefined);
  },
});

/** `order release-claim`: the task out of somebody's hands. */
export const orderReleaseClaim = plain({
  words: 'order release-claim',
  about: 'Take the order’s floor task from whoever holds it, so that somebody else can claim it.',
  remedy: async (ports, _call, values, { scope }) =>
    releaseClaim({ ...ports, floorTasks: postgresFloorTasks(await ordersPool(scope, values)) }),
});

/** `order hold`: nothing leaves the building. */
export const orderHold = plain({
  words: 'order hold',
  about: 'Keep the order from being charged and from leaving the building.',
  own: ['--reason REASON', 'reason'],
  remedy: (ports, call) => Promise.resolve(holdOrder(ports, holdReasonOf(call))),
});

/** `order release`: one reason to hold the order away. */
export const orderRelease = plain({
  words: 'order release',
  about: 'Take one reason to hold the order away; it goes on when none is left.',
  own: ['--reason REASON', 'reason'],
  remedy: (ports, call) => Promise.resolve(releaseOrder(ports, holdReasonOf(call))),
});

/** `order refund`: money back. */
export const orderRefund = plain({
  words: 'order refund',
  about: 'Give money back, never more than was charged; the same --id again refunds once.',
  own: ['--amount AMOUNT --id NAME [--reason return|goodwill]', 'amount', 'id', 'reason'],
  remedy: async (ports, { options, positional: [orderId = ''] }) => {
    const { id: refundId = '', amount: decimal = '', reason = 'goodwill' } = options;
    if (!/^[\w.-]{1,64}$/.test(refundId))
      throw new CommandFailed('--id must be 1 to 64 letters, digits, . _ or -');
    if (reason !== 'return' && reason !== 'goodwill') {
      throw new CommandFailed('--reason must be one of return, goodwill');
    }
    const loaded = isOrderId(orderId) ? await loadOrder(ports)(orderId)() : null;
    if (loaded === null || E.isLeft(loaded)) throw new CommandFailed('the event store cannot be read');
    if (loaded.right.type === 'no_order') throw new CommandFailed(`there is no order ${orderId}`);
    const { currency } = loaded.right.terms;
    const amount = fromDecimal(decimal, currency);
    if (E.isLeft(amount)) throw new CommandFailed(`--amount must be an amount in ${currency}, such as 12.50`);
    return refundOrder(ports, { refundId, amount: amount.right, reason });
  },
});

/** `order cancel`: the order's end. */
export const orderCancel = plain({
  words: 'order cancel',
  about: 'Ask for the order’s end: what it holds is given back; refused once the goods are on their way.',
  remedy: (ports) => Promise.resolve(cancelOrderRemedy(ports)),
});

/** `order delivered`: the carrier's word. */
export const orderDelivered = plain({
  words: 'order delivered',
  about: 'Store that the carrier delivered the parcels.',
  remedy: (ports) => Promise.resolve(deliverOrder(ports)),
});

/** `order resync`: what the card processor says is true. */
export const orderResync = remedyCommand<typeof resyncSettings>(
  {
    words: 'order resync',
    about:
      'Read back from the card processor what became of each reservation, charge and refund, and store it.',
    settings: resyncSettings,
    remedy: (ports, _call, values, context) => {
      const gateway = openGateway(
        { url: values.CHECKOUT_PAYMENT_URL, secretKey: values.CHECKOUT_PAYMENT_SECRET_KEY },
        context,
      );
      return Promise.resolve(resyncOrder({ ...ports, gateway, cardPolicy: cardPolicyOf(values) }));
    },
  },
  (values) => values,
);
