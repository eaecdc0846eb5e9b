// `npm run checkout -- …`: the operator's terminal.
import { commandsIn, defaultDirectory } from '../cli/command-table.js';
import { type CommandArguments, CommandFailed } from '../cli/command.js';
import { commandEnvironment } from '../cli/settings-source.js';
import { sayFailure } from '../process/role.js';

const switches = new Set(['json', 'help', 'yes', 'dry-run', 'replace']);

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

const usage = (environment: NodeJS.ProcessEnv): string => {
  const commands = commandsIn(environment).map(
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
  npm run checkout -- orders stuck
  npm run checkout -- order retry 0f0e2c9a-4a53-8f6e-9d3f-3c1b2a190807 --by Olga --yes
`;
};

const run = async (): Promise<number> => {
  const call = readCall(process.argv.slice(2));
  const environment = await commandEnvironment(process.env, call.options['directory'] ?? defaultDirectory);
  if (call.options['help'] !== undefined || call.words.length === 0) {
    process.stdout.write(usage(environment));
    return 0;
  }
  const called = call.words.slice(0, 2).join(' ');
  const command = commandsIn(environment).find(({ words }) => words === called);
  if (command === undefined) {
    throw new CommandFailed(`there is no command "${call.words.join(' ')}"; --help lists them`);
  }
  return command.carryOut(call);
};

process.exitCode = await run().catch((failure: unknown) => {
  if (failure instanceof CommandFailed) process.stderr.write(`${failure.message}\n`);
  else sayFailure(failure);
  return 1;
});
