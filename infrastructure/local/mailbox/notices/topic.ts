import { randomBytes, randomUUID } from 'node:crypto';
import type { FaultBook } from '../../faults.js';
import type { LogLine } from '../../http-server.js';
import type { Pauses } from '../../pauses.js';
import type { Change, Mail, Notice } from '../records.js';
import { kindOf, orderOf, type State, type Subscription } from '../state.js';
import type { SigningIdentity } from './certificate.js';
import { openCourier } from './courier.js';
import { envelopeOf, type SignatureVersion } from './envelope.js';
import { eventsOf, type MailEvent, type MailEventKind } from './mail-events.js';

/** Who is told of bounces and complaints, and how. */
export interface NoticeOptions {
  /** The address of the subscriber, http or https; it is told nothing before it has confirmed. */
  readonly endpoint: string;
  readonly topicArn?: string;
  /** '1' (SHA-1, as a new topic has it) unless told. */
  readonly signatureVersion?: SignatureVersion;
  /** Bounces and complaints unless told. */
  readonly events?: readonly MailEventKind[];
  /** Milliseconds after the first, second, … failed attempt; the last holds for all further ones, for an hour. */
  readonly retryDelays?: readonly number[];
}

/** What can go wrong with a notice on its way. */
export const noticeFaultKinds = ['twice', 'late', 'out_of_order'] as const;
/** What such a fault can be limited to; `event` is Bounce, Complaint or Delivery. */
export const noticeFaultFields = ['event', 'recipient', 'order', 'kind'] as const;

/** The topic that the mailbox publishes to, with its one subscription. */
export interface Topic {
  /** Asks the endpoint to confirm unless it has, and goes on with what was not delivered. */
  readonly start: () => Promise<void>;
  /** The notices of a mail that is about to be accepted; nothing is sent before `send`. */
  readonly noticesOf: (mail: Mail) => readonly Notice[];
  /** Sends published notices. */
  readonly send: (notices: readonly Notice[]) => void;
  /** Confirms the subscription; its ARN, or null when the token is another one. Repeats answer the same. */
  readonly confirm: (topicArn: string, token: string) => Promise<string | null>;
  /** Ends the subscription; false when there is none of that ARN. */
  readonly unsubscribe: (subscriptionArn: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** The topic when nobody is to be told. */
export const silentTopic: Topic = {
  start: () => Promise.resolve(),
  noticesOf: () => [],
  send: () => undefined,
  confirm: () => Promise.resolve(null),
  unsubscribe: () => Promise.resolve(false),
  close: () => Promise.resolve(),
};

const usualRetryDelays = [500, 1_000, 2_000, 5_000, 10_000, 20_000];
const attemptMilliseconds = 15_000;

/**
 * Opens the topic. Kinder than the real service in one thing: what is published before the confirmation waits for it,
 * since a whole stack starts at once.
 */
export function openTopic(options: {
  readonly notices: NoticeOptions;
  /** What the topic's own links begin with; not asked before `start`. */
  readonly origin: () => string;
  readonly identity: SigningIdentity;
  readonly state: State;
  readonly commit: (changes: readonly Change[]) => Promise<void>;
  readonly faults: FaultBook<(typeof noticeFaultKinds)[number]>;
  readonly clock: () => number;
  readonly pauses: Pauses;
  readonly log?: LogLine;
}): Topic {
  const { notices, origin, identity, state, commit, faults, clock, pauses, log } = options;
  const topicArn = notices.topicArn ?? 'arn:aws:sns:eu-west-1:000000000000:mail-events';
  const signatureVersion = notices.signatureVersion ?? '1';
  const told = new Set(notices.events ?? ['Bounce', 'Complaint']);
  const heldBack = new Set<string>();
  const closing = new AbortController();

  async function attempt(notice: Notice): Promise<boolean> {
    const subscriptionArn = state.subscription?.subscriptionArn ?? null;
    const sender = { origin: origin(), topicArn, subscriptionArn, identity, signatureVersion };
    try {
      const response = await fetch(notices.endpoint, {
        method: 'POST',
        ...envelopeOf(notice, sender),
        redirect: 'manual',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(attemptMilliseconds)]),
      });
      await response.body?.cancel();
      if (!response.ok) log?.('a notice was not taken', { notice: notice.id, status: response.status });
      return response.ok;
    } catch (failure) {
      log?.('a notice did not arrive', { notice: notice.id, failure: String(failure) });
      return false;
    }
  }

  const courier = openCourier({
    attempt,
    isWanted: ({ type }) => type !== 'Notification' || isConfirmed(state.subscription),
    ended: ({ id }, ending) =>
      commit([{ type: ending === 'taken' ? 'NoticeTaken' : 'NoticeGivenUp', id, at: clock() }]).catch(
        (failure: unknown) =>
          log?.('a notice was not written down', { notice: id, failure: String(failure) }),
      ),
    clock,
    pauses,
    retryDelays: notices.retryDelays ?? usualRetryDelays,
  });
  const send = (published: readonly Notice[]): void => {
    for (const notice of published) courier.carry(notice, heldBack.delete(notice.id));
  };

  function noticeOf(mail: Mail, event: MailEvent): Notice {
    const now = clock();
    const fault = faults.take({
      event: event.kind,
      recipient: event.recipient,
      order: orderOf(mail) ?? '',
      kind: kindOf(mail) ?? '',
    });
    const id = randomUUID();
    if (fault?.kind === 'out_of_order') heldBack.add(id);
    return {
      id,
      type: 'Notification',
      event: event.kind,
      mailId: mail.messageId,
      subject: event.subject,
      message: event.message,
      token: null,
      publishedAt: now,
      dueAt: now + (fault?.delayMilliseconds ?? 0),
      copies: fault?.kind === 'twice' ? 2 : 1,
    };
  }

  function subscriptionNotice(
    type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation',
    token: string,
  ): Notice {
    const about = type === 'SubscriptionConfirmation' ? 'subscribed to' : 'unsubscribed from';
    const message = `This address was ${about} the topic ${topicArn}. Open the SubscribeURL to be subscribed.`;
    const nothing = { event: null, mailId: null, subject: null };
    const now = clock();
    return { id: randomUUID(), type, ...nothing, message, token, publishedAt: now, dueAt: now, copies: 1 };
  }

  async function subscribe(): Promise<void> {
    const { endpoint } = notices;
    const token = randomBytes(32).toString('hex');
    const notice = subscriptionNotice('SubscriptionConfirmation', token);
    const superseded = pending(state).filter(({ type }) => type !== 'Notification');
    await commit([
      ...superseded.map(({ id }): Change => ({ type: 'NoticeGivenUp', id, at: clock() })),
      { type: 'SubscriptionRequested', endpoint, topicArn, token },
      { type: 'NoticePublished', notice },
    ]);
  }

  return {
    start: async () => {
      const known = state.subscription;
      const isKnown =
        isConfirmed(known) && known?.endpoint === notices.endpoint && known.topicArn === topicArn;
      const subscribed = isKnown ? Promise.resolve() : subscribe();
      // Before anything is awaited: a notice that is published from here on is sent by its publisher.
      const unsent = pending(state);
      await subscribed;
      send(unsent);
    },
    noticesOf: (mail) =>
      state.subscription?.endedAt === null
        ? eventsOf(mail)
            .filter(({ kind }) => told.has(kind))
            .map((event) => noticeOf(mail, event))
        : [],
    send,
    confirm: async (ofTopic, token) => {
      const { subscription } = state;
      if (subscription?.token !== token || ofTopic !== topicArn) return null;
      if (subscription.subscriptionArn !== null && subscription.endedAt === null)
        return subscription.subscriptionArn;
      const subscriptionArn = `${topicArn}:${randomUUID()}`;
      await commit([{ type: 'SubscriptionConfirmed', subscriptionArn, at: clock() }]);
      courier.wanted();
      return subscriptionArn;
    },
    unsubscribe: async (subscriptionArn) => {
      const { subscription } = state;
      if (subscription?.subscriptionArn !== subscriptionArn) return false;
      if (subscription.endedAt !== null) return true;
      const notice = subscriptionNotice('UnsubscribeConfirmation', subscription.token);
      await commit([
        { type: 'SubscriptionEnded', at: clock() },
        { type: 'NoticePublished', notice },
      ]);
      send([notice]);
      return true;
    },
    close: async () => {
      closing.abort();
      await courier.close();
    },
  };
}

function isConfirmed(subscription: Subscription | null): boolean {
  return subscription !== null && subscription.confirmedAt !== null && subscription.endedAt === null;
}

function pending(state: State): readonly Notice[] {
  return [...state.notices.values()].filter(
    ({ takenAt, givenUpAt }) => takenAt === null && givenUpAt === null,
  );
}
