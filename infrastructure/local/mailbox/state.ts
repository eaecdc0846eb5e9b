import { bareAddress } from './addresses.js';
import type { Change, Mail, Notice } from './records.js';

/** Who is told of bounces and complaints. Nothing is told before `confirmedAt` or after `endedAt`. */
export interface Subscription {
  readonly endpoint: string;
  readonly topicArn: string;
  readonly token: string;
  /** Null until confirmed. */
  readonly subscriptionArn: string | null;
  readonly confirmedAt: number | null;
  readonly endedAt: number | null;
}

/** A notice and how it ended; both null while it is still to be delivered. */
export type KnownNotice = Notice & { readonly takenAt: number | null; readonly givenUpAt: number | null };

/** Everything the mailbox knows. Only `apply` writes to it. */
export interface State {
  /** In order of acceptance; a mail's sequence is its place here, counted from 1. */
  readonly mails: Mail[];
  readonly sequenceById: Map<string, number>;
  readonly sequencesByOrder: Map<string, number[]>;
  readonly countsByKind: Map<string, number>;
  /** Verified senders and when each was verified, milliseconds since 1970. */
  readonly identities: Map<string, number>;
  readonly suppressed: Map<string, number>;
  /** In order of publishing. */
  readonly notices: Map<string, KnownNotice>;
  subscription: Subscription | null;
}

/** The tags that name a mail's order; the first one present counts. */
export const orderTags: readonly string[] = ['order_id', 'order', 'order-id', 'orderId'];
/** The tags that say what a mail is for. */
export const kindTags: readonly string[] = ['kind', 'mail_kind'];

/** A mailbox that has seen nothing yet. */
export function emptyState(): State {
  return {
    mails: [],
    sequenceById: new Map(),
    sequencesByOrder: new Map(),
    countsByKind: new Map(),
    identities: new Map(),
    suppressed: new Map(),
    notices: new Map(),
    subscription: null,
  };
}

/** Takes a change over, judging nothing. */
export function apply(state: State, change: Change): void {
  switch (change.type) {
    case 'MailAccepted':
      return applyMail(state, change.mail);
    case 'IdentityVerified':
      state.identities.set(change.identity, change.at);
      return;
    case 'AddressSuppressed':
      state.suppressed.set(bareAddress(change.address), change.at);
      return;
    case 'AddressReleased':
      state.suppressed.delete(bareAddress(change.address));
      return;
    case 'SubscriptionRequested': {
      const { endpoint, topicArn, token } = change;
      const open = { subscriptionArn: null, confirmedAt: null, endedAt: null };
      state.subscription = { endpoint, topicArn, token, ...open };
      return;
    }
    case 'SubscriptionConfirmed':
      return changeSubscription(state, {
        subscriptionArn: change.subscriptionArn,
        confirmedAt: change.at,
        endedAt: null,
      });
    case 'SubscriptionEnded':
      return changeSubscription(state, { endedAt: change.at });
    case 'NoticePublished':
      state.notices.set(change.notice.id, { ...change.notice, takenAt: null, givenUpAt: null });
      return;
    case 'NoticeTaken':
      return changeNotice(state, change.id, { takenAt: change.at });
    case 'NoticeGivenUp':
      return changeNotice(state, change.id, { givenUpAt: change.at });
  }
}

function changeSubscription(state: State, change: Partial<Subscription>): void {
  if (state.subscription !== null) state.subscription = { ...state.subscription, ...change };
}

function changeNotice(state: State, id: string, change: Partial<KnownNotice>): void {
  const known = state.notices.get(id);
  if (known !== undefined) state.notices.set(id, { ...known, ...change });
}

function applyMail(state: State, mail: Mail): void {
  const sequence = state.mails.push(mail);
  state.sequenceById.set(mail.messageId, sequence);
  const kind = kindOf(mail) ?? '';
  state.countsByKind.set(kind, (state.countsByKind.get(kind) ?? 0) + 1);
  const order = orderOf(mail);
  if (order === null) return;
  const known = state.sequencesByOrder.get(order);
  if (known === undefined) state.sequencesByOrder.set(order, [sequence]);
  else known.push(sequence);
}

/** The order that a mail is about: its tag `order_id`, `order` or `order-id`, or its header `X-Order-Id`. */
export function orderOf(mail: Mail): string | null {
  return labelOf(mail, orderTags, 'x-order-id');
}

/** What a mail is for: its tag `kind`, or its header `X-Mail-Kind`. */
export function kindOf(mail: Mail): string | null {
  return labelOf(mail, kindTags, 'x-mail-kind');
}

function labelOf(mail: Mail, tags: readonly string[], header: string): string | null {
  const tag = tags.map((name) => mail.tags[name]).find((value) => value !== undefined);
  return tag ?? mail.headers.find((known) => known.name === header)?.value ?? null;
}

/** Everybody a mail was meant for. */
export function recipientsOf(mail: Pick<Mail, 'to' | 'cc' | 'bcc'>): readonly string[] {
  return [...mail.to, ...mail.cc, ...mail.bcc];
}
