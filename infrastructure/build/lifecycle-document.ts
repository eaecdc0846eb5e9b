import { type Phase, phases } from '../../domain/order/phase.js';
import { lifecycle } from '../../domain/process/lifecycle.js';

// The phases of an order as a diagram and a table, drawn from the page that tests hold against the order itself.

/** The lines between which ARCHITECTURE.md has the drawn part. */
export const drawnFrom = '<!-- drawn by npm run diagrams: begin -->';
const drawnTo = '<!-- drawn by npm run diagrams: end -->';

const lastPhases: readonly Phase[] = phases.filter((phase) => lifecycle[phase].leadsTo.length === 0);

const diagram = (): string =>
  [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> Placed',
    ...phases.flatMap((phase) => lifecycle[phase].leadsTo.map((next) => `  ${phase} --> ${next}`)),
    ...lastPhases.map((phase) => `  ${phase} --> [*]`),
    '```',
  ].join('\n');

const names = (list: readonly string[]): string =>
  list.length === 0 ? '–' : list.map((name) => `\`${name}\``).join(', ');

const words = (list: readonly string[]): string =>
  list.length === 0
    ? '–'
    : list.map((word) => word.replace(/^order_|_/g, (part) => (part === '_' ? ' ' : ''))).join(', ');

const row = (phase: Phase): readonly string[] => {
  const { meaning, guard, steps, awaits, deadline, undone, mails } = lifecycle[phase];
  const until = deadline === null ? '–' : `${deadline.limit}; then ${deadline.then}`;
  return [phase, meaning, guard, names(steps), words(awaits), until, undone, words(mails)];
};

const head = ['phase', 'means', 'goes on when', 'steps', 'waits for', 'at the latest', 'undone by', 'mails'];

const table = (): string => {
  const rows = [head, ...phases.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  const lines = rows.map(
    (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
};

/** The document with its drawn part as it must be now; null when it has no place for it. */
export const withDrawings = (document: string): string | null => {
  const from = document.indexOf(drawnFrom);
  const to = document.indexOf(drawnTo);
  if (from < 0 || to < from) return null;
  const drawn = [drawnFrom, diagram(), table(), drawnTo].join('\n\n');
  return document.slice(0, from) + drawn + document.slice(to + drawnTo.length);
};
