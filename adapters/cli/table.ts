/** What a command answers: for programs as JSON, for people as text. */
export type CommandOutput = { readonly json: unknown; readonly text: string };

// Escape codes and controls in stored texts must not reach a terminal.
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '�');

/** Columns padded to their widest cell, two blanks between them, no lines. Cells of `alignRight` columns end flush. */
export const table = (
  head: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  alignRight: ReadonlySet<number> = new Set(),
): string => {
  const all = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          alignRight.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
