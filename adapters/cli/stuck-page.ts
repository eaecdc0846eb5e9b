import type { Overdue, StuckOrder, StuckOrders } from '../../application/operations/stuck-orders.js';
import type { RemedyName } from '../../application/operations/remedy.js';
import { absurd } from '../../domain/brand.js';
import type { AwaitedFact } from '../../domain/process/awaited.js';
import type { AwaitedParty } from '../../domain/process/lifecycle.js';
import { stepKey } from '../../domain/process/steps.js';
import { readableMoment, sectionText } from './section.js';
import type { CommandOutput } from './table.js';

// Orders that are past a deadline, for the operator's terminal.

/** What is missing, in words. */
const factWords = (fact: AwaitedFact): string => {
  switch (fact.type) {
    case 'step':
      return stepKey(fact.step);
    case 'another_card':
      return 'another card';
    case 'challenge':
      return 'confirmation with the bank';
    case 'lost_answer':
      return `the lost answer to ${stepKey(fact.step)}`;
    case 'refund':
      return `refund ${fact.refundId}`;
    case 'failed_refund':
      return `refund ${fact.refundId} failed`;
    case 'hold':
      return `release of the hold: ${fact.reasons.join(', ')}`;
    case 'mail_in_doubt':
      return `nobody knows whether mail ${fact.mail} was sent`;
    case 'mail_returned':
      return `mail ${fact.mail} came back (${fact.mailReturn})`;
    case 'end':
      return 'an end: nothing leads there';
    default:
      return absurd(fact);
  }
};

const partyWords: Readonly<Record<AwaitedParty, string>> = {
  workers: 'a worker',
  processor: 'the card processor',
  customer: 'the customer',
  floor: 'the floor',
  operator: 'an operator',
  nobody: 'nobody',
};

/** The words that call for each remedy. */
export const remedyWords: Readonly<Record<RemedyName, string>> = {
  retry: 'order retry',
  resync: 'order resync',
  restart: 'order restart',
  release_claim: 'order release-claim',
  hold: 'order hold',
  release: 'order release',
  refund: 'order refund',
  cancel: 'order cancel',
  delivered: 'order delivered',
};

/** A span in its two largest units: `3d 4h`, `12m 5s`. */
const readableSpan = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${String(count)}${unit}`)
    .join(' ');
};

const head = ['order', 'phase', 'awaited', 'from', 'since (UTC)', 'overdue by', 'remedy'];

const rowsOf = ({ orderId, phase, overdue }: StuckOrder, now: number): ReadonlyArray<readonly string[]> =>
  overdue.map(({ fact, from, since, until, remedy }, place) => [
    place === 0 ? orderId : '',
    place === 0 ? phase : '',
    factWords(fact),
    partyWords[from],
    readableMoment(since),
    readableSpan(now - until),
    remedy === null ? 'none; write to the customer' : remedyWords[remedy],
  ]);

const overdueJson = ({ fact, from, since, until, remedy }: Overdue, now: number) => ({
  awaited: factWords(fact),
  fact,
  from,
  since: new Date(since).toISOString(),
  until: new Date(until).toISOString(),
  overdueSeconds: Math.floor((now - until) / 1000),
  remedy: remedy === null ? null : remedyWords[remedy],
});

const counted = (count: number, word: string): string => `${String(count)} ${word}${count === 1 ? '' : 's'}`;

/** Every stuck order with what it waits for; one line when there is none. */
export const stuckPage = ({ at, orders, unreadable, notices, looked }: StuckOrders): CommandOutput => {
  const rows = orders.flatMap((order) => rowsOf(order, at));
  const parked = unreadable.map(({ stream, revision, storedName, problem }) => [
    stream,
    `revision ${String(revision)}`,
    storedName,
    problem,
  ]);
  const waiting = notices.map(({ noticeId, receivedAt, tries, problem }) => [
    noticeId,
    `since ${readableMoment(receivedAt)}`,
    tries === 1 ? '1 try' : `${String(tries)} tries`,
    problem ?? 'nobody has tried yet',
  ]);
  const looking = `${counted(looked, 'order')} looked at`;
  const sections = [
    ...(rows.length === 0
      ? []
      : [sectionText({ title: `Stuck: ${counted(orders.length, 'order')}; ${looking}`, head, rows })]),
    ...(parked.length === 0 ? [] : [sectionText({ title: 'Cannot be read', rows: parked })]),
    ...(waiting.length === 0
      ? []
      : [sectionText({ title: 'Notices of the card processor that wait', rows: waiting })]),
  ];
  return {
    json: {
      looked,
      orders: orders.map(({ orderId, phase, revision, lastFactAt, overdue }) => ({
        orderId,
        phase,
        revision,
        lastFactAt: new Date(lastFactAt).toISOString(),
        overdue: overdue.map((one) => overdueJson(one, at)),
      })),
      unreadable,
      notices,
    },
    text: sections.length === 0 ? `No order is stuck; ${looking}.` : sections.join('\n\n'),
  };
};
