// The house rules as one pure function over the repository's text files. tests/architecture.test.ts runs it on this
// repository, and plants a violation of every rule that it must find.
import ts from 'typescript';
import { documentViolations } from './document.js';
import { importedPath, isSource, lineOf, parseSource } from './parsed-source.js';
import type { Import, ParsedSource, RepositoryFile } from './parsed-source.js';

/** What breaks a rule, where, in words for whoever has to mend it. */
export interface Violation {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly rule: string;
  readonly found: string;
}

/** The repository as the rules see it. */
export interface Repository {
  readonly files: readonly RepositoryFile[];
  readonly sources: readonly ParsedSource[];
  /** Folders of the machine that checks, which no committed file may name. */
  readonly machineFolders: readonly string[];
}

type Finding = Omit<Violation, 'rule'>;
type Rule = (repository: Repository) => readonly Finding[];

const layers = [
  'domain',
  'application',
  'adapters',
  'infrastructure/local',
  'infrastructure',
  'tests',
] as const;
type Layer = (typeof layers)[number];

const mayImport: Readonly<Record<Layer, readonly Layer[]>> = {
  domain: ['domain'],
  application: ['domain', 'application'],
  adapters: ['domain', 'application', 'adapters'],
  'infrastructure/local': ['infrastructure/local', 'infrastructure'],
  infrastructure: ['domain', 'application', 'adapters', 'infrastructure/local', 'infrastructure'],
  tests: layers,
};

const layerOf = (path: string): Layer | undefined => layers.find((layer) => path.startsWith(`${layer}/`));
const isPure = (path: string): boolean => /^(domain|application)\//.test(path);
const isOutsideInfrastructure = (path: string): boolean => /^(domain|application|adapters)\//.test(path);
const isTest = (path: string): boolean => path.startsWith('tests/');

/** A rule that looks at one source file at a time and answers with offsets. */
function inSources(
  applies: (path: string) => boolean,
  find: (source: ParsedSource) => readonly { readonly position: number; readonly found: string }[],
): Rule {
  return ({ sources }) =>
    sources
      .filter(({ path }) => applies(path))
      .flatMap((source) =>
        find(source).map(({ position, found }) => ({
          path: source.path,
          line: lineOf(source.text, position),
          found,
        })),
      );
}

/** A rule that looks at one node at a time and says what is wrong with it, if anything. */
function inNodes(
  applies: (path: string) => boolean,
  look: (node: ts.Node, source: ParsedSource) => string | undefined,
): Rule {
  return inSources(applies, (source) =>
    source.nodes.flatMap((node) => {
      const found = look(node, source);
      return found === undefined ? [] : [{ position: node.getStart(source.tree), found }];
    }),
  );
}

/** A rule about what a file imports. */
function inImports(
  applies: (path: string) => boolean,
  isWrong: (imported: Import, path: string) => boolean,
): Rule {
  return inSources(applies, ({ path, imports }) =>
    imports
      .filter((imported) => isWrong(imported, path))
      .map(({ specifier, position }) => ({ position, found: `import of '${specifier}'` })),
  );
}

/** A rule about words in any text file. */
function inText(
  applies: (path: string) => boolean,
  patterns: (repository: Repository) => readonly RegExp[],
): Rule {
  return (repository) =>
    repository.files
      .filter(({ path }) => applies(path))
      .flatMap(({ path, text }) =>
        patterns(repository).flatMap((pattern) =>
          [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
            path,
            line: lineOf(text, index),
            found,
          })),
        ),
      );
}

const dependency = inImports(
  (path) => layerOf(path) !== undefined,
  ({ specifier }, path) => {
    const layer = layerOf(path);
    const target = importedPath(path, specifier);
    if (layer === undefined) return false;
    if (target === undefined) return isPure(path) && !specifier.startsWith('fp-ts/lib/');
    const targetLayer = layerOf(target);
    return targetLayer === undefined ? layer !== 'tests' : !mayImport[layer].includes(targetLayer);
  },
);

const fpTsImports = inImports(
  () => true,
  ({ specifier }) =>
    /^fp-ts(\/|$)/.test(specifier)
      ? !/^fp-ts\/lib\/\w+\.js$/.test(specifier)
      : /^io-ts\/(?!lib\/\w+\.js$)/.test(specifier),
);

const barrels = inSources(
  (path) => layerOf(path) !== undefined,
  ({ tree }) => {
    const forwards = tree.statements
      .filter(ts.isExportDeclaration)
      .filter(({ moduleSpecifier }) => moduleSpecifier);
    const stars = forwards.filter(({ exportClause }) => exportClause === undefined);
    const isOnlyForwarding =
      forwards.length > 0 &&
      tree.statements.every(
        (statement) => ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement),
      );
    return [
      ...stars.map((star) => ({ position: star.getStart(tree), found: star.getText(tree) })),
      ...(isOnlyForwarding
        ? [{ position: 0, found: 'a file that only passes on what other files export' }]
        : []),
    ];
  },
);

/** Whether an identifier stands for a value that the file did not declare itself (a parameter may be called process). */
function isGlobal(node: ts.Identifier, { nodes }: ParsedSource): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent) || ts.isTypeElement(parent)) return false;
  const isDeclaredHere = (other: ts.Node): boolean =>
    (ts.isVariableDeclaration(other) ||
      ts.isParameter(other) ||
      ts.isBindingElement(other) ||
      ts.isFunctionDeclaration(other) ||
      ts.isImportSpecifier(other) ||
      ts.isNamespaceImport(other)) &&
    other.name?.getText() === node.text;
  return !nodes.some(isDeclaredHere);
}

const ambientNames = new Set([
  ...['Date', 'process', 'console', 'performance', 'crypto', 'fetch', 'globalThis', 'global'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
]);
/** The one file that does calendar arithmetic; it may use Date on what it is given, but not ask it for the time. */
const calendar = 'domain/instant.ts';

const ambient = inNodes(isPure, (node, source) => {
  if (!ts.isIdentifier(node)) return undefined;
  const { parent } = node;
  const property =
    ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent.name.text : '';
  if (node.text === 'Math') return property === 'random' ? 'Math.random' : undefined;
  if (!ambientNames.has(node.text) || !isGlobal(node, source)) return undefined;
  if (node.text !== 'Date' || source.path !== calendar) return node.text;
  const asksForTheTime =
    property === 'now' ||
    (ts.isNewExpression(parent) && (parent.arguments ?? []).length === 0) ||
    (ts.isCallExpression(parent) && parent.expression === node);
  return asksForTheTime ? parent.getText(source.tree) : undefined;
});

const domainForm = inNodes(
  (path) => path.startsWith('domain/'),
  (node) => {
    if (ts.isClassLike(node)) return 'a class';
    if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
    return ts.isIdentifier(node) && node.text === 'Promise' ? 'Promise' : undefined;
  },
);

const environment = inNodes(isOutsideInfrastructure, (node) => {
  if (ts.isImportDeclaration(node) && /^'(node:)?process'$/.test(node.moduleSpecifier.getText())) {
    return node.getText();
  }
  const isProcess = (target: ts.Node | undefined): boolean =>
    target !== undefined && ts.isIdentifier(target) && target.text === 'process';
  if (ts.isPropertyAccessExpression(node)) {
    return isProcess(node.expression) && node.name.text === 'env' ? 'process.env' : undefined;
  }
  return ts.isElementAccessExpression(node) && isProcess(node.expression) ? node.getText() : undefined;
});

const networkModule = /^(node:)?(net|http|https|http2|tls|dgram)$/;
const networkImports = inImports(
  isOutsideInfrastructure,
  ({ specifier, typeOnly }) => networkModule.test(specifier) && !typeOnly,
);
const openings = inNodes(isOutsideInfrastructure, (node) => {
  const nameOf = (called: ts.Expression): string =>
    ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
  if (ts.isNewExpression(node) && /^(Pool|Client)$/.test(nameOf(node.expression))) {
    return `new ${node.expression.getText()}`;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const name = nameOf(node.expression);
  const isListening = name === 'listen' && ts.isPropertyAccessExpression(node.expression);
  return isListening || /^create(Secure)?(Server|Connection)$/.test(name) ? `${name}(…)` : undefined;
});
const connections: Rule = (repository) => [...networkImports(repository), ...openings(repository)];

const anyType = inNodes(
  () => true,
  (node) => (node.kind === ts.SyntaxKind.AnyKeyword ? node.parent.getText() : undefined),
);

/** A rule about words in comments; the same words in a string are data. */
const inComments = (pattern: RegExp): Rule =>
  inSources(
    () => true,
    ({ comments }) =>
      comments.flatMap(({ text, position }) =>
        [...text.matchAll(pattern)].map(({ 0: found, index }) => ({ position: position + index, found })),
      ),
  );

const suppressions = inComments(/@ts-(?:ignore|nocheck|expect-error)|eslint-(?:disable|enable)[\w-]*/g);
const leftoverWords = /\b(?:FIXME|TODO|XXX|HACK)\b/g;
const leftoversInComments = inComments(leftoverWords);
const leftoversInText = inText(
  (path) => !isSource(path) && !path.endsWith('package-lock.json'),
  () => [leftoverWords],
);
const leftovers: Rule = (repository) => [...leftoversInComments(repository), ...leftoversInText(repository)];

const unfinishedTests = inNodes(isTest, (node) => {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    return /^(x|f)(it|test|describe)$/.test(node.expression.text) ? node.expression.text : undefined;
  }
  if (!ts.isPropertyAccessExpression(node) || !/^(only|skip|todo|fails)$/.test(node.name.text))
    return undefined;
  const chain = node.getText();
  return /^(it|test|describe|suite|bench)\b/.test(chain) ? chain : undefined;
});

const lineLimit = 400;
const length: Rule = ({ files }) =>
  files
    .filter(({ path }) => /\.(tsx?|m?js|sql|css)$/.test(path) && !isTest(path))
    .map(({ path, text }) => ({ path, line: lineOf(text, text.trimEnd().length) }))
    .filter(({ line }) => line > lineLimit)
    .map(({ path, line }) => ({ path, line, found: `${line} lines` }));

const entryLimit = 14;
/** Golden files and migrations are histories: they grow by one with every version, and nothing in them is moved. */
const isHistory = (folder: string): boolean => /(^|\/)(golden|migrations)$/.test(folder);
const crowding: Rule = ({ files }) => {
  const entries = new Map<string, Set<string>>();
  for (const { path } of files) {
    const parts = path.split('/');
    parts.slice(1).forEach((entry, index) => {
      const folder = parts.slice(0, index + 1).join('/');
      entries.set(folder, (entries.get(folder) ?? new Set()).add(entry));
    });
  }
  return [...entries]
    .filter(([folder, { size }]) => size > entryLimit && !isHistory(folder))
    .map(([path, { size }]) => ({ path, line: 1, found: `${size} entries` }));
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const machines = inText(
  () => true,
  ({ machineFolders }) => [
    /(?<![\w.~)\]}>-])\/(?:home|Users|root|tmp)\/[\w.-]+/g,
    /\bregistry\.(?:[\w-]+\.)*(?:org|com|net|io|dev|internal|local)\b|\b(?:npmjs|yarnpkg)\.(?:org|com)\b/g,
    /"resolved": *"https?:[^"]*/g,
    ...machineFolders.map((folder) => new RegExp(`(?<!\\w)${escaped(folder)}(?![\\w-])`, 'g')),
  ],
);

/** The functions and values that a file offers, with where; types may stand for themselves. */
function exportedValues({
  tree,
}: ParsedSource): readonly { readonly name: string; readonly position: number }[] {
  return tree.statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (isExported !== true) return [];
    const declared = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => name)
      : ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
        ? [statement.name]
        : [];
    return declared.flatMap((name) =>
      name !== undefined && ts.isIdentifier(name) ? [{ name: name.text, position: name.getStart(tree) }] : [],
    );
  });
}

/** Read by name from outside: what the test runner calls in its set-up file. */
const calledByName = /^tests\/support\/global-setup\.ts$/;

const unusedExports: Rule = (repository) => {
  const used = new Set(
    repository.sources.flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier, names }) => {
        const target = importedPath(path, specifier);
        return (names === 'all' ? ['*'] : names).map((name) => `${target ?? specifier} ${name}`);
      }),
    ),
  );
  const find = inSources(
    (path) => layerOf(path) !== undefined && /\.tsx?$/.test(path) && !calledByName.test(path),
    (source) => {
      const module = source.path.replace(/\.tsx?$/, '');
      return exportedValues(source)
        .filter(({ name }) => !used.has(`${module} ${name}`) && !used.has(`${module} *`))
        .map(({ name, position }) => ({ position, found: name }));
    },
  );
  return find(repository);
};

/** Every rule in words; the words are what a failing test prints. */
export const rules: Readonly<Record<string, Rule>> = {
  'imports point inwards: domain ← application ← adapters ← infrastructure; stand-ins import none of ours':
    dependency,
  "fp-ts is imported as 'fp-ts/lib/Either.js', which plain Node can load": fpTsImports,
  'no file only passes on what others export': barrels,
  'domain and application are told time, chance, ids and settings, and log nothing': ambient,
  'the domain has no classes and no promises': domainForm,
  'only infrastructure reads the environment': environment,
  'only infrastructure opens servers and connections': connections,
  'nothing is typed as any': anyType,
  'no comment silences the compiler or the linter': suppressions,
  'nothing is left over for later': leftovers,
  'every test runs': unfinishedTests,
  [`a source file has at most ${lineLimit} lines`]: length,
  [`a folder has at most ${entryLimit} entries`]: crowding,
  'no committed file names a machine or a package registry': machines,
  'every exported value is used by another file': unusedExports,
  'documents name only what exists': documentViolations,
};

/**
 * Everything that breaks a rule, by rule and then in the order of the files.
 * Throws when there is no source file to read: a checker that saw nothing has found nothing out.
 */
export function violations(
  files: readonly RepositoryFile[],
  machineFolders: readonly string[],
): readonly Violation[] {
  const sources = files.filter(({ path }) => isSource(path)).map(parseSource);
  if (sources.length === 0) throw new Error('no source files were given to check');
  const repository = { files, sources, machineFolders };
  return Object.entries(rules).flatMap(([rule, find]) =>
    find(repository).map((finding) => ({ ...finding, rule })),
  );
}
