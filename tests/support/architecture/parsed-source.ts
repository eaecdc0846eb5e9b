import ts from 'typescript';
import { dirname, normalize } from 'node:path/posix';

/** One text file of the repository; the path is relative to its root, with forward slashes. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

/** One import, re-export, dynamic import or import type, as the compiler reads it. */
export interface Import {
  readonly specifier: string;
  /** The names taken from it; `all` for a namespace, `export *` and a dynamic import. */
  readonly names: readonly string[] | 'all';
  /** Gone after compilation, so it loads nothing. */
  readonly typeOnly: boolean;
  readonly position: number;
}

/** A piece of text with the offset at which it starts. */
export interface Piece {
  readonly text: string;
  readonly position: number;
}

/** A source file with what the rules ask about it, read once. */
export interface ParsedSource extends RepositoryFile {
  readonly tree: ts.SourceFile;
  readonly nodes: readonly ts.Node[];
  readonly comments: readonly Piece[];
  readonly imports: readonly Import[];
}

/** Whether a path is of a file that the compiler can read. */
export const isSource = (path: string): boolean => /\.(tsx?|m?js)$/.test(path) && !path.endsWith('.d.ts');

/** The line, counted from 1, of an offset in a text. */
export const lineOf = (text: string, position: number): number => text.slice(0, position).split('\n').length;

/** The names below a list of bindings, as the other file calls them. */
function bindingNames(bindings: ts.NamedImports | ts.NamedExports): readonly string[] {
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}

/** Whether nothing in braces remains after compilation; `{}` imports for the effect and does. */
const onlyTypes = (bindings: ts.NamedImports | ts.NamedExports): boolean =>
  bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);

function importOf(node: ts.Node, tree: ts.SourceFile): Import | undefined {
  const position = node.getStart(tree);
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const specifier = node.moduleSpecifier.text;
    const clause = node.importClause;
    if (clause === undefined) return { specifier, names: [], typeOnly: false, position };
    const bindings = clause.namedBindings;
    const isTypeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
    if (bindings !== undefined && ts.isNamespaceImport(bindings)) {
      return { specifier, names: 'all', typeOnly: isTypeOnly, position };
    }
    const names = [
      ...(clause.name === undefined ? [] : ['default']),
      ...(bindings === undefined ? [] : bindingNames(bindings)),
    ];
    const allTypes = clause.name === undefined && bindings !== undefined && onlyTypes(bindings);
    return { specifier, names, typeOnly: isTypeOnly || allTypes, position };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    const specifier = node.moduleSpecifier.text;
    const clause = node.exportClause;
    const isNamed = clause !== undefined && ts.isNamedExports(clause);
    const typeOnly = node.isTypeOnly || (isNamed && onlyTypes(clause));
    return { specifier, names: isNamed ? bindingNames(clause) : 'all', typeOnly, position };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const literal = node.argument.literal;
    return ts.isStringLiteral(literal)
      ? { specifier: literal.text, names: [], typeOnly: true, position }
      : undefined;
  }
  if (ts.isCallExpression(node)) {
    const isLoader =
      node.expression.kind === ts.SyntaxKind.ImportKeyword ||
      (ts.isIdentifier(node.expression) && node.expression.text === 'require');
    const target = node.arguments[0];
    if (isLoader && target !== undefined && ts.isStringLiteralLike(target)) {
      return { specifier: target.text, names: 'all', typeOnly: false, position };
    }
  }
  return undefined;
}

/** Reads a source file with the compiler's own parser: words in strings are not code, comments are not strings. */
export function parseSource(file: RepositoryFile): ParsedSource {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  const nodes: ts.Node[] = [];
  const comments: Piece[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    nodes.push(node);
    const children = node.getChildren(tree);
    // Every comment stands between two tokens, so in what the parser skipped before the second one.
    if (children.length === 0 && node.kind !== ts.SyntaxKind.JsxText) {
      const skipped = file.text.slice(node.pos, node.getStart(tree));
      if (skipped.trim() !== '') comments.push({ text: skipped, position: node.pos });
    }
    children.forEach(visit);
  };
  visit(tree);
  const imports = nodes.flatMap((node) => importOf(node, tree) ?? []);
  return { ...file, tree, nodes, comments, imports };
}

/** The repository path that a relative import means, without its ending; undefined for a package. */
export function importedPath(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return normalize(`${dirname(from)}/${specifier}`).replace(/\.m?js$/, '');
}
