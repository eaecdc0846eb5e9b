// Writes dist/: every source file transpiled one to one, so that stack traces and imports look like the source.
// Types are not checked here (`npm run types` does that); a start should not wait for the type checker.
//
// A stack may be running from dist/ and another build may be at work: every file is replaced in one step, and only
// when its source has changed. An output carries its source's modification time, set before it gets its name, so
// that content and stamp can never disagree, whoever was the last to write. What has lost its source goes last.
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folders = ['domain', 'application', 'adapters', 'infrastructure', 'tests/benchmarks', 'tests/support'];
const source = /(?<!\.d)\.tsx?$/;
const asset = /\.(sql|css|html|svg|json|ico)$/;
const elsewhere = /(^|\/)(node_modules|cdk\.out)(\/|$)/;

/** The files below a folder with their modification times in milliseconds; none where there is no folder. */
async function filesBelow(folder, into = new Map()) {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  await Promise.all(
    entries.map(async (entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return elsewhere.test(path) ? undefined : filesBelow(path, into);
      const found = await stat(join(root, path)).catch(() => undefined);
      if (found) into.set(path, Math.round(found.mtimeMs));
    }),
  );
  return into;
}

/** Gives a file its content and its stamp at once: whoever reads it sees the old one or the new one. */
async function replace(path, content, stamp) {
  const temporary = `${path}.${process.pid}.writing`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, content);
  await utimes(temporary, stamp / 1000, stamp / 1000);
  await rename(temporary, path);
}

const outputOf = (file) => `dist/${file.replace(/\.tsx?$/, '.js')}`;
const all = await Promise.all(folders.map((folder) => filesBelow(folder)));
const files = new Map(
  all.flatMap((found) => [...found]).filter(([path]) => source.test(path) || asset.test(path)),
);
if (![...files.keys()].some((path) => source.test(path)))
  throw new Error(`no source files found below ${root}`);

// The compiler's version and this file decide the outputs as much as the sources do.
const settings =
  (await readFile(fileURLToPath(import.meta.url), 'utf8')) +
  (await readFile(join(root, 'node_modules/esbuild/package.json'), 'utf8'));
const settingsFile = join(root, 'dist/.settings');
const sameSettings = settings === (await readFile(settingsFile, 'utf8').catch(() => ''));
const before = await filesBelow('dist');
const stale = [...files.keys()].filter(
  (file) => !sameSettings || before.get(outputOf(file)) !== files.get(file),
);

const sources = stale.filter((file) => source.test(file));
if (sources.length > 0) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: sources,
    outdir: 'dist',
    outbase: '.',
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  const stamps = new Map(sources.map((file) => [join(root, outputOf(file)), files.get(file)]));
  const stampOf = (path) => stamps.get(path.replace(/\.map$/, ''));
  await Promise.all(outputFiles.map(({ path, contents }) => replace(path, contents, stampOf(path))));
}
await Promise.all(
  stale
    .filter((file) => asset.test(file))
    .map(async (file) =>
      replace(join(root, outputOf(file)), await readFile(join(root, file)), files.get(file)),
    ),
);
if (!sameSettings) await replace(settingsFile, settings, Date.now());

// Looked at once more before it goes: a build that began later may know a source that this one does not.
const current = new Set([...files.keys()].map(outputOf));
const orphans = [...before.keys()].filter(
  (path) => !current.has(path.replace(/\.map$/, '')) && !/\.settings$|\.writing$/.test(path),
);
await Promise.all(
  orphans.map(async (path) => {
    const stem = join(root, path.slice('dist/'.length).replace(/\.map$/, ''));
    const origins = [stem, stem.replace(/\.js$/, '.ts'), stem.replace(/\.js$/, '.tsx')];
    const exists = await Promise.all(origins.map((origin) => stat(origin).then(Boolean, () => false)));
    if (!exists.includes(true)) await rm(join(root, path), { force: true });
  }),
);
