import { differenceWords, doubtWords, remedyWords } from '../../application/operations/finding-words.js';
import type { Finding } from '../../application/operations/findings.js';
import type { OrderReconciliation } from '../../application/operations/reconcile.js';
import type { Phase } from '../../domain/order/phase.js';
import type { CommandOutput } from './table.js';

// The comparison of all books for the operator's terminal: what differs and what to do, then what is in doubt.

type OrderFinding = { readonly orderId: string; readonly phase: Phase | null } & Finding;

const findingsOf = (reconciled: readonly OrderReconciliation[]): readonly OrderFinding[] =>
  reconciled.flatMap((result) =>
    result.type === 'compared'
      ? result.findings.map((finding) => ({ orderId: result.orderId, phase: result.phase, ...finding }))
      : [],
  );

const answerOf = ({ orderId, phase, difference, doubt }: OrderFinding) => ({
  ...{ orderId, phase, ...difference, doubt },
  explanation: differenceWords(difference),
  remedy: remedyWords(orderId, difference),
});

const headOf = ({ orderId, phase }: OrderFinding): string =>
  `Order ${orderId} (${phase ?? 'phase not known'})`;

const certainText = (finding: OrderFinding): string =>
  [
    headOf(finding),
    `  ${differenceWords(finding.difference)}`,
    `  Remedy: ${remedyWords(finding.orderId, finding.difference)}`,
  ].join('\n');

const doubtfulText = (finding: OrderFinding): string =>
  [
    `${headOf(finding)}, in doubt${finding.doubt === null ? '' : `: ${doubtWords[finding.doubt]}`}`,
    `  ${differenceWords(finding.difference)}`,
  ].join('\n');

const count = (number: number, one: string, several: string): string =>
  `${String(number)} ${number === 1 ? one : several}`;

/** Numbers of different orders. */
const ordersOf = (findings: readonly OrderFinding[]): number =>
  new Set(findings.map(({ orderId }) => orderId)).size;

/** The reconciliation's verdict, with every difference explained; `failed` when one is certain. */
export const reconcilePage = (
  reconciled: readonly OrderReconciliation[],
): CommandOutput & { readonly failed: boolean } => {
  const findings = findingsOf(reconciled);
  const certain = findings.filter(({ doubt }) => doubt === null);
  const doubtful = findings.filter(({ doubt }) => doubt !== null);
  const orders = reconciled.length;
  const compared = count(orders, 'order', 'orders');
  const verdict =
    certain.length === 0
      ? `${compared} compared: stream, processor and stock ledger agree${doubtful.length === 0 ? '.' : `, ${count(ordersOf(doubtful), 'order', 'orders')} in doubt.`}`
      : `${compared} compared: ${count(ordersOf(certain), 'order differs', 'orders differ')}, ${String(ordersOf(doubtful))} in doubt.`;
  return {
    json: {
      orders,
      differing: ordersOf(certain),
      inDoubt: ordersOf(doubtful),
      findings: [...certain, ...doubtful].map(answerOf),
    },
    text: [...certain.map(certainText), ...doubtful.map(doubtfulText), verdict].join('\n\n'),
    failed: certain.length > 0,
  };
};
