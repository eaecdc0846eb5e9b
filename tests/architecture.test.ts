// The house rules, on the whole repository, and a planted violation of each that must be found where it stands.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rules, violations } from './support/architecture/rules.js';
import { drawnFrom, withDrawings } from '../infrastructure/build/lifecycle-document.js';
import type { RepositoryFile } from './support/architecture/parsed-source.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const parent = dirname(root);
/** This checkout and its neighbours; right below the file system's root the neighbours are everybody's. */
const machineFolders =
  dirname(parent) === parent ? [] : readdirSync(parent).map((name) => join(parent, name));
const plantedMachine = ['/srv/builds/checkout'];

const ignored = new Set([
  '.git',
  ...readFileSync(join(root, '.gitignore'), 'utf8')
    .split('\n')
    .flatMap((line) => (line.endsWith('/') ? [line.slice(0, -1)] : [])),
]);
const binary = /\.(png|jpe?g|ico|webp|woff2?|ttf|wasm|gz|pdf|log)$/;

function readBelow(folder: string): readonly RepositoryFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return readBelow(path);
    return entry.isFile() && !binary.test(path)
      ? [{ path, text: readFileSync(join(root, path), 'utf8') }]
      : [];
  });
}

const lines = (...texts: readonly string[]): string => `${texts.join('\n')}\n`;
/** A planted file that breaks nothing, so that the checker has something to read beside the violation. */
const sound = { path: 'domain/sound.ts', text: lines('export type Sound = number;') };

type Plant = readonly [rule: string, path: string, text: string, line: number];

const layerRule =
  'imports point inwards: domain ← application ← adapters ← infrastructure; stand-ins import none of ours';
const ambientRule = 'domain and application are told time, chance, ids and settings, and log nothing';
const formRule = 'the domain has no classes and no promises';
const environmentRule = 'only infrastructure reads the environment';
const connectionRule = 'only infrastructure opens servers and connections';
const suppressionRule = 'no comment silences the compiler or the linter';
const fpTsRule = "fp-ts is imported as 'fp-ts/lib/Either.js', which plain Node can load";
const barrelRule = 'no file only passes on what others export';
const leftoverRule = 'nothing is left over for later';
const testRule = 'every test runs';
const machineRule = 'no committed file names a machine or a package registry';
const documentRule = 'documents name only what exists';

const plants: readonly Plant[] = [
  [layerRule, 'domain/planted.ts', lines('', "import type { A } from '../application/a.js';"), 2],
  [layerRule, 'domain/order/planted.ts', lines("import * as t from 'io-ts';"), 1],
  [layerRule, 'application/planted.ts', lines("import { A } from '../adapters/http/a.js';"), 1],
  [layerRule, 'application/planted.ts', lines("import { readFile } from 'node:fs';"), 1],
  [layerRule, 'adapters/http/planted.ts', lines("type A = import('../../infrastructure/a.js').A;"), 1],
  [layerRule, 'adapters/planted.ts', lines("const a = () => import('../infrastructure/a.js');"), 1],
  [layerRule, 'infrastructure/local/swf/planted.ts', lines("import '../../../domain/money.js';"), 1],
  [layerRule, 'infrastructure/planted.ts', lines("import { A } from '../tests/support/a.js';"), 1],
  [fpTsRule, 'domain/planted.ts', lines("import * as E from 'fp-ts/lib/Either';"), 1],
  [fpTsRule, 'adapters/planted.ts', lines("import { either } from 'fp-ts';"), 1],
  [fpTsRule, 'adapters/planted.ts', lines("import * as D from 'io-ts/Decoder';"), 1],
  [barrelRule, 'domain/planted.ts', lines('type A = 1;', "export * from './sound.js';"), 2],
  [barrelRule, 'domain/planted.ts', lines("export type { Sound } from './sound.js';"), 1],
  [ambientRule, 'domain/planted.ts', lines('', '', 'const now = Date.now();'), 3],
  [ambientRule, 'domain/instant.ts', lines('const fine = Date.UTC(2026);', 'const now = new Date();'), 2],
  [ambientRule, 'application/planted.ts', lines('const id = Math.random();'), 1],
  [ambientRule, 'application/planted.ts', lines('const id = crypto.randomUUID();'), 1],
  [ambientRule, 'application/planted.ts', lines('const say = (text) => console.log(text);'), 1],
  [ambientRule, 'application/planted.ts', lines('const later = (run) => setTimeout(run, 1);'), 1],
  [ambientRule, 'application/planted.ts', lines('const { argv } = process;'), 1],
  [formRule, 'domain/planted.ts', lines('class Order {}'), 1],
  [formRule, 'domain/planted.ts', lines('type Later = Promise<number>;'), 1],
  [environmentRule, 'adapters/planted.ts', lines('const home = process.env.HOME;'), 1],
  [environmentRule, 'adapters/planted.ts', lines("import { env } from 'node:process';"), 1],
  [connectionRule, 'adapters/planted.ts', lines("import { connect } from 'node:net';"), 1],
  [connectionRule, 'adapters/planted.ts', lines('const pool = (pg) => new pg.Pool();'), 1],
  [connectionRule, 'adapters/planted.ts', lines('const open = (app) => app.listen(0);'), 1],
  ['nothing is typed as any', 'tests/planted.ts', lines('const a = (b: unknown) => b as any;'), 1],
  [suppressionRule, 'adapters/planted.ts', lines('type A = 1;', '// @ts-ignore', 'type B = 2;'), 2],
  [suppressionRule, 'adapters/planted.ts', lines('const a = () => {', '  /* eslint-disable */', '};'), 2],
  [leftoverRule, 'domain/planted.ts', lines('/** FIXME: later */', 'type A = 1;'), 1],
  [leftoverRule, 'notes.md', lines('fine', `and a ${'TO'}${'DO'}`), 2],
  [testRule, 'tests/planted.test.ts', lines("it.only('runs alone', () => {});"), 1],
  [testRule, 'tests/planted.test.ts', lines("describe.concurrent.skip('never runs', () => {});"), 1],
  [testRule, 'tests/planted.test.ts', lines("xit('never runs', () => {});"), 1],
  ['a source file has at most 400 lines', 'adapters/planted.ts', 'type A = 1;\n'.repeat(401), 401],
  [machineRule, 'README.md', lines('fine', `see ${['', 'home', 'someone', 'notes'].join('/')}`), 2],
  [machineRule, 'README.md', lines('in /srv/builds/checkout/notes'), 1],
  [machineRule, 'package-lock.json', lines(`"resolved": "https${'://'}mirror.example/a.tgz"`), 1],
  [machineRule, 'notes.md', lines(`from registry${'.'}example.org`), 1],
  [
    'every exported value is used by another file',
    'domain/planted.ts',
    lines('', 'export const idle = 1;'),
    2,
  ],
  [documentRule, 'ARCHITECTURE.md', lines('See `domain/sound.ts`.', 'See `domain/silent.ts`.'), 2],
  [documentRule, 'ARCHITECTURE.md', lines('', 'It has `handleSilence` in it.'), 2],
  [documentRule, 'README.md', lines('', 'Type `npm run silence` in it.'), 2],
];

describe('each house rule finds what breaks it', () => {
  it.each(plants)('%s: %s', (rule, path, text, line) => {
    const found = violations([sound, { path, text }], plantedMachine);
    expect(found).toContainEqual(expect.objectContaining({ rule, path, line }));
  });

  it('a folder has at most 14 entries', () => {
    const crowd = Array.from({ length: 15 }, (_, index) => ({
      path: `adapters/crowd/a${index}.ts`,
      text: '',
    }));
    expect(violations(crowd, [])).toEqual([
      { rule: 'a folder has at most 14 entries', path: 'adapters/crowd', line: 1, found: '15 entries' },
    ]);
  });

  it('is shown by at least one planted violation', () => {
    const planted = new Set([...plants.map(([rule]) => rule), 'a folder has at most 14 entries']);
    expect(Object.keys(rules).filter((rule) => !planted.has(rule))).toEqual([]);
  });
});

describe('the house rules leave sound code alone', () => {
  const kept: readonly RepositoryFile[] = [
    sound,
    {
      path: 'domain/process/process.ts',
      text: lines(
        "import * as E from 'fp-ts/lib/Either.js';",
        "import type { Sound } from '../sound.js';",
        'type Process = { readonly Date: Sound; readonly text: string };',
        '// A parameter may be called process, and words in a string are data.',
        "const say = (process: Process) => E.right(process.text + 'TODO @ts-ignore any it.only console.log');",
      ),
    },
    {
      path: 'adapters/http/sound.ts',
      text: lines(
        "import type { Server } from 'node:http';",
        "import { type Socket } from 'node:net';",
        'type Both = Server | Socket;',
      ),
    },
    { path: 'tests/sound.test.ts', text: lines("it.skipIf(absent)('may name what is absent', () => {});") },
    { path: 'package.json', text: lines('{ "scripts": { "start": "node ." } }') },
    {
      path: 'ARCHITECTURE.md',
      text: lines(
        '`domain/sound.ts`, `sound.ts`, `domain/process/`, `Process`, `npm run start`, `POST /tmp`',
      ),
    },
  ];

  it('finds nothing', () => {
    expect(violations(kept, plantedMachine)).toEqual([]);
  });
});

describe('this repository keeps the house rules', () => {
  const files = readBelow('');
  const found = violations(files, machineFolders);

  it('was read', () => {
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'package.json',
        'tests/architecture.test.ts',
        'tests/support/architecture/rules.ts',
      ]),
    );
  });

  it('fails when there was nothing to read', () => {
    expect(() => violations([], plantedMachine)).toThrow('no source files were given to check');
  });

  it.each(Object.keys(rules))('%s', (rule) => {
    const broken = found.filter((violation) => violation.rule === rule);
    expect(broken.map(({ path, line, found: what }) => `${path}:${line} ${what}`)).toEqual([]);
  });
});

describe('the drawn part of ARCHITECTURE.md', () => {
  const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

  it('is what `npm run diagrams` draws of the phases now', () => {
    expect(document).toBe(withDrawings(document));
  });

  it('would be found stale', () => {
    const stale = document.replace('Placed --> Authenticated', 'Placed --> Shipped');
    expect(stale).not.toBe(document);
    expect(withDrawings(stale)).toBe(document);
    expect(withDrawings(document.replace(drawnFrom, ''))).toBeNull();
  });
});
