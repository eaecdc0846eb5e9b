// Writes dist/: every source file transpiled one to one, so that stack traces and imports look like the source.
// Types are not checked here (`npm run types` does that); a start should not wait for the type checker.
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folders = ['domain', 'application', 'adapters', 'infrastructure', 'tests/benchmarks', 'tests/support'];
const assets = /\.(sql|css|html|svg|json|ico)$/;

async function filesBelow(folder) {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const nested = await Promise.all(
    entries
      .filter((entry) => entry.name !== 'node_modules')
      .map((entry) => {
        const path = `${folder}/${entry.name}`;
        return entry.isDirectory() ? filesBelow(path) : [path];
      }),
  );
  return nested.flat();
}

const files = (await Promise.all(folders.map(filesBelow))).flat();
const sources = files.filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'));
if (sources.length === 0) throw new Error(`no source files found below ${root}`);

await rm(join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: sources,
  outdir: 'dist',
  outbase: '.',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  sourcemap: 'linked',
  logLevel: 'warning',
});
await Promise.all(
  files
    .filter((file) => assets.test(file))
    .map(async (file) => {
      await mkdir(dirname(join(root, 'dist', file)), { recursive: true });
      await copyFile(join(root, file), join(root, 'dist', file));
    }),
);
