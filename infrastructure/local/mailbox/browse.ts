import type { IncomingMessage, ServerResponse } from 'node:http';
import { servePage } from '../paging.js';
import { bareAddress } from './addresses.js';
import { undeliveredOf } from './notices/recipient-fates.js';
import type { Mail } from './records.js';
import { kindOf, orderOf, recipientsOf, type State } from './state.js';

/** What mails are looked for; null fields do not narrow. `text` fits part of a recipient, or a whole order or kind. */
export interface MailFilter {
  readonly order: string | null;
  readonly kind: string | null;
  readonly recipient: string | null;
  readonly text: string | null;
}

/** A mail with its place in the mailbox (from 1), as the JSON interface shows it. */
export type ShownMail = Omit<Mail, 'source'> & {
  readonly sequence: number;
  readonly order: string | null;
  readonly kind: string | null;
  readonly delivered: readonly string[];
};

/** Sequences of fitting mails: upwards from after `start`, or downwards from before it. */
export function* sequencesOf(
  state: State,
  filter: MailFilter,
  start: number,
  direction: 'upwards' | 'downwards',
): Generator<number> {
  const indexed = filter.order === null ? null : [...(state.sequencesByOrder.get(filter.order) ?? [])];
  if (indexed !== null) {
    for (const sequence of direction === 'upwards' ? indexed : indexed.reverse()) {
      const beyond = direction === 'upwards' ? sequence > start : sequence < start;
      if (beyond && fits(state, filter, sequence)) yield sequence;
    }
    return;
  }
  const step = direction === 'upwards' ? 1 : -1;
  for (let sequence = start + step; sequence >= 1 && sequence <= state.mails.length; sequence += step)
    if (fits(state, filter, sequence)) yield sequence;
}

function fits(state: State, filter: MailFilter, sequence: number): boolean {
  const mail = state.mails[sequence - 1];
  if (mail === undefined) return false;
  if (filter.kind !== null && kindOf(mail) !== filter.kind) return false;
  const recipients = recipientsOf(mail).map(bareAddress);
  if (filter.recipient !== null && !recipients.includes(bareAddress(filter.recipient))) return false;
  if (filter.text === null) return true;
  const wanted = filter.text.toLowerCase();
  return (
    recipients.some((recipient) => recipient.includes(wanted)) ||
    orderOf(mail)?.toLowerCase() === wanted ||
    kindOf(mail)?.toLowerCase() === wanted
  );
}

/**
 * GET /api/mails: `{ mails, next }` in order of acceptance. `order`, `kind` and `recipient` narrow it; `after` is the last
 * sequence already seen, `limit` the page size (500, at most 5000), `bodies=false` leaves text and HTML out. With
 * `Accept: application/x-ndjson` all mails come in one stream, one JSON object per line.
 */
export async function serveMails(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const filter: MailFilter = {
    order: url.searchParams.get('order'),
    kind: url.searchParams.get('kind'),
    recipient: url.searchParams.get('recipient'),
    text: null,
  };
  const bodies = url.searchParams.get('bodies') !== 'false';
  return servePage(
    request,
    response,
    url,
    { usual: 500, most: 5_000 },
    (after) => shownMails(state, sequencesOf(state, filter, after, 'upwards'), bodies),
    (mails) => ({ mails }),
  );
}

function* shownMails(state: State, sequences: Iterable<number>, bodies: boolean): Generator<ShownMail> {
  for (const sequence of sequences) {
    const mail = state.mails[sequence - 1];
    if (mail !== undefined) yield shownMail(mail, sequence, bodies);
  }
}

/** A mail without its source, and without its bodies where they are not wanted. */
export function shownMail(mail: Mail, sequence: number, bodies: boolean): ShownMail {
  const { source: _source, ...fields } = mail;
  const undelivered = undeliveredOf(mail);
  return {
    sequence,
    ...fields,
    ...(bodies ? {} : { text: null, html: null }),
    order: orderOf(mail),
    kind: kindOf(mail),
    delivered: recipientsOf(mail).filter((recipient) => !undelivered.has(recipient)),
  };
}

/** GET /api/summary: how many mails of each kind (no kind: ''), how many in all, and how many recipients were suppressed. */
export function summaryOf(state: State): {
  readonly total: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly suppressedRecipients: number;
} {
  return {
    total: state.mails.length,
    byKind: Object.fromEntries([...state.countsByKind].sort(([one], [other]) => one.localeCompare(other))),
    suppressedRecipients: state.mails.reduce((sum, mail) => sum + mail.suppressed.length, 0),
  };
}
