import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

const RunningStack = t.strict({
  pid: t.number,
  webUrl: t.string,
  floorUrl: t.string,
  adminUrl: t.string,
  swfUrl: t.string,
  processorUrl: t.string,
  mailboxUrl: t.string,
  ordersDatabaseUrl: t.string,
  customersDatabaseUrl: t.string,
});

/** Where a running stack can be reached; written when it is ready, removed when it stops. */
export type RunningStack = t.TypeOf<typeof RunningStack>;

const pathOf = (directory: string): string => join(directory, 'stack.json');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The stack that runs on a folder; null when none does, also when its process was killed. */
export const runningStack = async (directory: string): Promise<RunningStack | null> => {
  const text = await readFile(pathOf(directory), 'utf8').catch(() => null);
  if (text === null) return null;
  const decoded = RunningStack.decode(JSON.parse(text));
  return E.isRight(decoded) && isAlive(decoded.right.pid) ? decoded.right : null;
};

/** Says where the stack can be reached, for this user's programs only. */
export const announce = async (directory: string, stack: RunningStack): Promise<void> =>
  writeFile(pathOf(directory), `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });

/** Takes the announcement back. */
export const retract = async (directory: string): Promise<void> => rm(pathOf(directory), { force: true });
