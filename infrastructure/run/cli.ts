// `npm run checkout -- …`: the operator's terminal.
import * as E from 'fp-ts/lib/Either.js';
import { type Command, type CommandArguments, CommandFailed } from '../cli/command.js';
import { configCheck } from '../cli/config-check.js';
import { customerLock, customerUnlock } from '../cli/customer-commands.js';
import { orderList, orderShow } from '../cli/order-commands.js';
import { projectionsRebuild } from '../cli/projections-rebuild.js';
import { reconcile } from '../cli/reconcile.js';
import { commandEnvironment } from '../cli/settings-source.js';
import { swfRegister } from '../cli/swf-register.js';
import { readSettings, type SettingTable } from '../config/setting.js';
import { openContext, sayFailure, sayProblems } from '../process/role.js';

const defaultDirectory = '.local';
const switches = new Set(['json', 'help']);

type Call = CommandArguments & { readonly words: readonly string[] };

/** Words, then `--name value` options and switches. Throws `CommandFailed` for an option without its value. */
const readCall = (argv: readonly string[]): Call => {
  const words: string[] = [];
  const options: Record<string, string> = {};
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const [, name, given] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) words.push(word);
    else if (switches.has(name) && given === undefined) options[name] = 'yes';
    else {
      const value = given ?? argv[(index += 1)];
      if (value === undefined || value.startsWith('--')) throw new CommandFailed(`--${name} needs a value`);
      options[name] = value;
    }
  }
  return { words, positional: words.slice(2), options };
};

const listed = (environment: NodeJS.ProcessEnv) =>
  [
    orderShow,
    orderList,
    reconcile,
    customerLock,
    customerUnlock,
    swfRegister,
    projectionsRebuild,
    configCheck(environment),
  ] as const;

const usage = (environment: NodeJS.ProcessEnv): string => {
  const commands = listed(environment).map(
    ({ words, shape, about }) => `  ${`${words} ${shape}`.trim()}\n      ${about}`,
  );
  return `Usage: npm run checkout -- COMMAND [options]

${commands.join('\n')}

Options of every command:
  --json           the answer as JSON, for programs
  --directory D    without settings in the environment, the local stack on this folder is meant (default .local)
  --help           this text

Examples:
  npm run checkout -- order list --phase Completed --limit 5
  npm run checkout -- order show 0f0e2c9a-4a53-8f6e-9d3f-3c1b2a190807 --json
`;
};

const refuseUnknown = <Table extends SettingTable>(
  { options, positional }: Call,
  { options: known, shape, words }: Command<Table>,
): void => {
  const unknown = Object.keys(options).find((name) => ![...known, ...switches, 'directory'].includes(name));
  if (unknown !== undefined) throw new CommandFailed(`--${unknown} is not an option of this command`);
  const wanted = shape.split(' ').filter((word) => /^[A-Z]+$/.test(word));
  if (positional.length !== wanted.length) {
    throw new CommandFailed(`usage: npm run checkout -- ${`${words} ${shape}`.trim()}`);
  }
};

const carryOut = async <Table extends SettingTable>(
  command: Command<Table>,
  call: Call,
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
  const { context, stop } = openContext('cli', 'silent');
  try {
    const { json, text, failed } = await command.run(call, values.right, context);
    process.stdout.write(`${call.options['json'] === undefined ? text : JSON.stringify(json, null, 2)}\n`);
    return failed === true ? 1 : 0;
  } finally {
    stop();
    await context.scope.release();
  }
};

const run = async (): Promise<number> => {
  const call = readCall(process.argv.slice(2));
  const environment = await commandEnvironment(process.env, call.options['directory'] ?? defaultDirectory);
  if (call.options['help'] !== undefined || call.words.length === 0) {
    process.stdout.write(usage(environment));
    return 0;
  }
  switch (call.words.slice(0, 2).join(' ')) {
    case orderShow.words:
      return carryOut(orderShow, call, environment);
    case orderList.words:
      return carryOut(orderList, call, environment);
    case reconcile.words:
      return carryOut(reconcile, call, environment);
    case customerLock.words:
      return carryOut(customerLock, call, environment);
    case customerUnlock.words:
      return carryOut(customerUnlock, call, environment);
    case swfRegister.words:
      return carryOut(swfRegister, call, environment);
    case projectionsRebuild.words:
      return carryOut(projectionsRebuild, call, environment);
    case 'config check':
      return carryOut(configCheck(environment), call, environment);
    default:
      throw new CommandFailed(`there is no command "${call.words.join(' ')}"; --help lists them`);
  }
};

process.exitCode = await run().catch((failure: unknown) => {
  if (failure instanceof CommandFailed) process.stderr.write(`${failure.message}\n`);
  else sayFailure(failure);
  return 1;
});
