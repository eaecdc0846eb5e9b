// Every command of the operator's terminal, and how one is carried out.
import * as E from 'fp-ts/lib/Either.js';
import { readSettings, type SettingTable } from '../config/setting.js';
import { openContext, sayProblems } from '../process/role.js';
import { type Command, type CommandArguments, CommandFailed } from './command.js';
import { configCheck } from './config-check.js';
import { customerLock, customerUnlock } from './customer-commands.js';
import { orderList, orderShow } from './order-commands.js';
import { ordersStuck } from './orders-stuck.js';
import { projectionsRebuild } from './projections-rebuild.js';
import { reconcile } from './reconcile.js';
import {
  orderCancel,
  orderDelivered,
  orderHold,
  orderRefund,
  orderRelease,
  orderReleaseClaim,
  orderRestart,
  orderResync,
  orderRetry,
} from './remedies.js';
import { storeMigrate } from './store-migrate.js';
import { swfRegister } from './swf-register.js';

/** The folder whose local stack is meant when nothing else is said. */
export const defaultDirectory = '.local';

const generalOptions = ['json', 'help', 'directory'];

/** A command as the terminal sees it. `carryOut` prints the answer and resolves with the exit code. */
export type ListedCommand = {
  readonly words: string;
  readonly shape: string;
  readonly about: string;
  readonly carryOut: (call: CommandArguments) => Promise<number>;
};

const refuseUnknown = <Table extends SettingTable>(
  { options, positional }: CommandArguments,
  { options: known, shape, words }: Command<Table>,
): void => {
  const unknown = Object.keys(options).find((name) => ![...known, ...generalOptions].includes(name));
  if (unknown !== undefined) throw new CommandFailed(`--${unknown} is not an option of this command`);
  // What comes before the options.
  const wanted = shape
    .replace(/[[-].*$/s, '')
    .split(' ')
    .filter((word) => word !== '');
  if (positional.length !== wanted.length) {
    throw new CommandFailed(`usage: npm run checkout -- ${`${words} ${shape}`.trim()}`);
  }
};

const carryOut = async <Table extends SettingTable>(
  command: Command<Table>,
  call: CommandArguments,
  environment: NodeJS.ProcessEnv,
): Promise<number> => {
  refuseUnknown(call, command);
  const values = readSettings(command.settings, environment);
  if (E.isLeft(values)) {
    if (environment['CHECKOUT_ORDERS_DATABASE_URL'] === undefined) {
      const names = values.left.map(({ name }) => name).join(', ');
      throw new CommandFailed(
        `no stack runs on ${call.options['directory'] ?? defaultDirectory} (npm start runs one); or set ${names}`,
      );
    }
    sayProblems(values.left);
    return 1;
  }
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const { context, stop } =
    command.audited === true ? openContext('cli', 'info', 'standard error') : openContext('cli', 'silent');
  try {
    const { json, text, failed } = await command.run(call, values.right, context);
    process.stdout.write(`${call.options['json'] === undefined ? text : JSON.stringify(json, null, 2)}\n`);
    return failed === true ? 1 : 0;
  } finally {
    stop();
    await context.scope.release();
  }
};

/** Every command, in the order of the usage text; `environment` is what their settings are read from. */
export const commandsIn = (environment: NodeJS.ProcessEnv): readonly ListedCommand[] => {
  const listed = <Table extends SettingTable>(command: Command<Table>): ListedCommand => ({
    words: command.words,
    shape: command.shape,
    about: command.about,
    carryOut: (call) => carryOut(command, call, environment),
  });
  return [
    listed(orderShow),
    listed(orderList),
    listed(ordersStuck),
    listed(orderRetry),
    listed(orderResync),
    listed(orderRestart),
    listed(orderReleaseClaim),
    listed(orderHold),
    listed(orderRelease),
    listed(orderRefund),
    listed(orderCancel),
    listed(orderDelivered),
    listed(reconcile),
    listed(customerLock),
    listed(customerUnlock),
    listed(swfRegister),
    listed(projectionsRebuild),
    listed(storeMigrate),
    listed(configCheck(environment)),
  ];
};
