import { mkdir, readdir, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Processor profiles of Node processes: the environment that makes them write one, and where to find it. */
export const profiling = async (directory: string | null) => {
  const folder = directory === null ? null : resolve(directory);
  if (folder !== null) await mkdir(folder, { recursive: true });
  // Node splits the variable at blanks, so a folder with blanks stands in quotes.
  const environment: NodeJS.ProcessEnv =
    folder === null ? {} : { NODE_OPTIONS: `--cpu-prof "--cpu-prof-dir=${folder}"` };
  return {
    environment,
    /** Names the profiles of ended processes after what they are; `say` is told where they lie. */
    collect: async (processes: ReadonlyMap<string, number>, say: (line: string) => void): Promise<void> => {
      if (folder === null) return;
      const files = await readdir(folder);
      for (const [name, pid] of processes) {
        const found = files.find((file) => new RegExp(`^CPU\\.\\d+\\.\\d+\\.${String(pid)}\\.`).test(file));
        if (found === undefined) say(`no profile of ${name}`);
        else {
          await rename(join(folder, found), join(folder, `${name}.cpuprofile`));
          say(`profile of ${name}: ${join(folder, `${name}.cpuprofile`)}`);
        }
      }
    },
  };
};
