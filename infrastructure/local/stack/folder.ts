// The folder of a stack: whose it is, what a killed stack left behind in it, and beginning anew.
import { access, constants, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartUpFailure } from '../../process/role.js';
import { endLeftServer, isGone, processStamp } from '../postgres-process.js';

const marker = 'checkout-stack';
const markerText = 'Data of a local checkout stack. Emptied by `npm start -- --fresh`.\n';
const owner = 'owner';

/** A process, told from a later one with the same number by its stamp. */
type Holder = { readonly pid: number; readonly stamp: string };

/** A folder that is this process's until it is released. */
export type ClaimedFolder = {
  /** Notes a process of roles, which may outlive a killed stack for a moment. One after the other. */
  readonly noteRoles: (pid: number) => Promise<void>;
  readonly release: () => Promise<void>;
};

const holdersIn = async (directory: string): Promise<readonly Holder[]> =>
  (await readFile(join(directory, owner), 'utf8').catch(() => '')).split('\n').flatMap((line) => {
    const [, pid, stamp] = /^(\d+) (\S+)$/.exec(line) ?? [];
    return pid === undefined || stamp === undefined ? [] : [{ pid: Number(pid), stamp }];
  });

const isRunning = async ({ pid, stamp }: Holder): Promise<boolean> => (await processStamp(pid)) === stamp;

const lineOf = async (pid: number): Promise<string> => `${String(pid)} ${(await processStamp(pid)) ?? '-'}\n`;

const stopLeftPostgres = (directory: string): Promise<void> =>
  endLeftServer(join(directory, 'postgres', 'data'), () => undefined);

const rolesDrainMilliseconds = 10_000;

/** Roles whose stack was killed end by themselves; what they do is safe to cut off when they take too long. */
const awaitLeftRoles = async (roles: Holder): Promise<void> => {
  if (!(await isRunning(roles)) || (await isGone(roles.pid, rolesDrainMilliseconds))) return;
  process.kill(roles.pid, 'SIGKILL');
  await isGone(roles.pid, rolesDrainMilliseconds);
};

const alreadyThere = (failure: unknown): boolean =>
  failure instanceof Error && 'code' in failure && failure.code === 'EEXIST';

/** Makes this process the folder's owner, after everything that a killed one left running has ended. */
const claim = async (directory: string): Promise<void> => {
  const line = await lineOf(process.pid);
  for (;;) {
    const [stack, ...roles] = await holdersIn(directory);
    if (stack !== undefined && (await isRunning(stack))) {
      throw new StartUpFailure(
        `a stack runs on --directory ${directory} already (process ${String(stack.pid)})`,
      );
    }
    await Promise.all(roles.map(awaitLeftRoles));
    await stopLeftPostgres(directory);
    await rm(join(directory, owner), { force: true });
    try {
      await writeFile(join(directory, owner), line, { flag: 'wx' });
      return;
    } catch (failure) {
      // Another start was quicker: look again, and find that it runs.
      if (!alreadyThere(failure)) throw failure;
    }
  }
};

const prepare = async (directory: string, fresh: boolean): Promise<void> => {
  await mkdir(directory, { recursive: true });
  await access(directory, constants.W_OK);
  const entries = await readdir(directory);
  if (entries.length > 0 && !entries.includes(marker)) {
    throw new StartUpFailure(`--directory ${directory} holds something else; name an empty folder`);
  }
  // First, and kept when all else is removed: a folder without it would count as somebody else's.
  await writeFile(join(directory, marker), markerText);
  await claim(directory);
  if (!fresh) return;
  const forgotten = entries.filter((entry) => entry !== marker && entry !== owner);
  await Promise.all(
    forgotten.map((entry) => rm(join(directory, entry), { recursive: true, force: true, maxRetries: 3 })),
  );
};

/**
 * Claims a folder for a stack of this process, making it when there is none; with `fresh` all that an earlier stack
 * kept there is forgotten. Rejects with `StartUpFailure` when the folder cannot be written, holds something else or is
 * another running stack's.
 */
export const claimFolder = async (directory: string, fresh: boolean): Promise<ClaimedFolder> => {
  try {
    await prepare(directory, fresh);
  } catch (failure) {
    if (failure instanceof StartUpFailure) throw failure;
    const reason = failure instanceof Error && 'code' in failure ? String(failure.code) : 'unknown';
    throw new StartUpFailure(
      `--directory ${directory} cannot be written (${reason}); name a folder that can`,
    );
  }
  return {
    noteRoles: async (pid) => writeFile(join(directory, owner), await lineOf(pid), { flag: 'a' }),
    release: () => rm(join(directory, owner), { force: true }),
  };
};

/**
 * Stops the databases of a stack whose process was killed, for its roles to call when they have drained: a server that
 * nobody uses shall not run for ever. The first process of roles does it, when the others have ended too. Does nothing
 * when the stack lives, or another one has taken the folder over.
 */
export const stopOrphanedPostgres = async (directory: string): Promise<void> => {
  const [stack, first, ...others] = await holdersIn(directory);
  if (stack === undefined || first?.pid !== process.pid || (await isRunning(stack))) return;
  await Promise.all(others.map(({ pid }) => isGone(pid, rolesDrainMilliseconds)));
  await stopLeftPostgres(directory);
};
