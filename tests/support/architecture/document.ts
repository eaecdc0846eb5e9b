import ts from 'typescript';
import { lineOf } from './parsed-source.js';
import type { ParsedSource, RepositoryFile } from './parsed-source.js';

interface Documented {
  readonly files: readonly RepositoryFile[];
  readonly sources: readonly ParsedSource[];
}

const documents = ['ARCHITECTURE.md', 'README.md'];
const fileEnding = /\.(tsx?|mjs|sql|css|html|json|csv|md|yaml)$/;
/** What a run leaves behind or somebody else keeps, so what no checkout contains. */
const elsewhere = /^(\.\.?|dist|\.local|node_modules|application\/json)(\/|$)/;

/** The words that code is made of: names, and the words inside strings (event names, settings, routes). */
function wordsOf(sources: readonly ParsedSource[]): ReadonlySet<string> {
  return new Set(
    sources.flatMap(({ nodes }) =>
      nodes.flatMap((node) => {
        if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return [node.text];
        return ts.isStringLiteralLike(node) ? node.text.split(/\W+/) : [];
      }),
    ),
  );
}

/** Whether a name in backticks claims to be a file or a folder of this repository. */
function isPathClaim(name: string, topFolders: ReadonlySet<string>): boolean {
  if (!/^[\w.@-]+(\/[\w.@-]+)*\/?$/.test(name) || elsewhere.test(name)) return false;
  const [first = '', second] = name.split('/');
  return fileEnding.test(name) || (second !== undefined && topFolders.has(first));
}

/** Whether a name in backticks claims to be a symbol: an inner capital, capitals with underscores, or a call. */
function symbolClaim(name: string): string | undefined {
  const isSymbol = /^[A-Za-z][A-Za-z0-9]*[a-z0-9][A-Z][A-Za-z0-9]*$|^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
  const call = /^([A-Za-z]\w*)\(\)$/.exec(name);
  if (call !== null) return call[1];
  return isSymbol.test(name) ? name : undefined;
}

/** A path as a document writes it: from the root, or its last parts where that is enough for a reader. */
function pathExists(name: string, files: readonly RepositoryFile[]): boolean {
  const wanted = name.replace(/\/$/, '');
  return files.some(({ path }) => {
    const padded = `/${path}`;
    return padded.endsWith(`/${wanted}`) || padded.includes(`/${wanted}/`);
  });
}

/**
 * The names in backticks that nothing answers to: paths, symbols and `npm run` scripts in the two documents at the
 * root. Fenced blocks are examples and are not read; a document that does not exist yet promises nothing.
 */
export function documentViolations({ files, sources }: Documented): readonly {
  readonly path: string;
  readonly line: number;
  readonly found: string;
}[] {
  const topFolders = new Set(
    files.flatMap(({ path }) => (path.includes('/') ? [path.split('/')[0] ?? ''] : [])),
  );
  const words = wordsOf(sources);
  const scripts = files.find(({ path }) => path === 'package.json')?.text ?? '';
  const isUnknown = (name: string): boolean => {
    const script = /^npm run ([\w:-]+)/.exec(name)?.[1];
    if (script !== undefined) return !scripts.includes(`"${script}":`);
    if (isPathClaim(name, topFolders)) return !pathExists(name, files);
    const symbol = symbolClaim(name);
    return symbol !== undefined && !words.has(symbol);
  };
  return files
    .filter(({ path }) => documents.includes(path))
    .flatMap(({ path, text }) => {
      const prose = text.replace(/^```[^]*?^```/gm, (block) => block.replace(/[^\n]/g, ' '));
      return [...prose.matchAll(/`([^`\n]+)`/g)]
        .filter(([, name = '']) => isUnknown(name))
        .map(({ 0: found, index }) => ({ path, line: lineOf(text, index), found }));
    });
}
