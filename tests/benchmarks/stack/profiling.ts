import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';

const hook = new URL('./profile-hook.js', import.meta.url).href;

/** The environment that makes Node processes write a processor profile to a folder when they end; empty for null. */
export const profilingEnvironment = async (directory: string | null): Promise<NodeJS.ProcessEnv> => {
  if (directory === null) return {};
  const folder = resolve(directory);
  await mkdir(folder, { recursive: true });
  return { NODE_OPTIONS: `--import "${hook}"`, BENCH_PROFILE_DIRECTORY: folder };
};
