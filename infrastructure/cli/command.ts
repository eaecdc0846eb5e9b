import type { CommandOutput } from '../../adapters/cli/table.js';
import type { SettingTable, ValuesOf } from '../config/setting.js';
import type { RoleContext } from '../process/role.js';

/** What the command was called with, after its own words. */
export type CommandArguments = {
  readonly positional: readonly string[];
  readonly options: Readonly<Record<string, string>>;
};

/** A command of the operator's terminal. */
export type Command<Table extends SettingTable> = {
  /** Its words, such as `order show`. */
  readonly words: string;
  /** Its further arguments, for the usage text: `ID`, `[--limit N]`. Those that are no options must be there. */
  readonly shape: string;
  readonly about: string;
  readonly options: readonly string[];
  readonly settings: Table;
  /** Its doings are logged on standard error, with who asked for them; other commands log nothing. */
  readonly audited?: boolean;
  readonly run: (
    call: CommandArguments,
    values: ValuesOf<Table>,
    context: RoleContext,
  ) => Promise<CommandAnswer>;
};

/** What a command answers; `failed` when the answer is that something is wrong. Exit code 1 then. */
export type CommandAnswer = CommandOutput & { readonly failed?: boolean };

/** A command that cannot be carried out, in one line for the operator. Exit code 1. */
export class CommandFailed extends Error {}

/** An option's whole number; the fallback when it is absent. Throws `CommandFailed` when it is out of range. */
export const numberOption = (
  { options }: CommandArguments,
  name: string,
  least: number,
  most: number,
  fallback: number,
): number => {
  const text = options[name];
  if (text === undefined) return fallback;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new CommandFailed(`--${name} must be a whole number from ${String(least)} to ${String(most)}`);
};
