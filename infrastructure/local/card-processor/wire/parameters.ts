/** Decoded form parameters: `a[b][c]=v` nests, `a[]=v` and `a[0]=v` are lists keyed by position. */
export type ParameterTree = ReadonlyMap<string, ParameterNode>;
/** A value or a nested group. */
export type ParameterNode = string | ParameterTree;

/** One name and value of a form or query, with the name's brackets taken apart. */
type WritableTree = Map<string, string | WritableTree>;

/** Decodes form or query text. A later value for the same name wins; a value where a group stands (or the reverse) replaces it. */
export function parametersFromForm(text: string): ParameterTree {
  const root: WritableTree = new Map();
  for (const [name, value] of new URLSearchParams(text)) place(root, pathOf(name), value);
  return root;
}

function pathOf(name: string): readonly string[] {
  const open = name.indexOf('[');
  if (open <= 0 || !name.endsWith(']')) return [name];
  return [name.slice(0, open), ...name.slice(open + 1, -1).split('][')];
}

function place(root: WritableTree, path: readonly string[], value: string): void {
  let group = root;
  path.forEach((part, index) => {
    const key = part === '' ? String(group.size) : part;
    if (index === path.length - 1) {
      group.set(key, value);
      return;
    }
    const existing = group.get(key);
    if (existing instanceof Map) {
      group = existing;
      return;
    }
    const created: WritableTree = new Map();
    group.set(key, created);
    group = created;
  });
}

/** A text that is the same for the same parameters in any order; what a repeated idempotency key is compared by. */
export function canonicalText(tree: ParameterTree): string {
  const render = (node: ParameterNode): string =>
    typeof node === 'string'
      ? JSON.stringify(node)
      : `{${[...node.keys()]
          .sort()
          .map((key) => `${JSON.stringify(key)}:${render(node.get(key) ?? '')}`)
          .join(',')}}`;
  return render(tree);
}
