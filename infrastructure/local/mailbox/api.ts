import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, FaultBook } from '../faults.js';
import { readBody, send } from '../http-server.js';
import { decide } from './actions.js';
import { bareAddress } from './addresses.js';
import { members, parametersFromForm, type QueryParameters } from './parameters.js';
import { parseRawMail, type RawMail } from './raw-mail.js';
import type { Change, Fate, Mail, Notice } from './records.js';
import { tagsOf } from './sending.js';
import { kindTags, orderTags, type State } from './state.js';
import { errorXml, responseXml } from './xml.js';

/** What the mailbox can be told to do wrong. */
export const faultKinds = ['lose_reply_after_effect', 'delay', 'error_500', 'throttle'] as const;
/** What a fault can be limited to. */
export const faultFields = ['action', 'recipient', 'order', 'kind'] as const;

/** What can be ordered to become of the next mail. */
export const wishKinds = ['bounce_permanently', 'bounce_transiently', 'complain'] as const;
/** What an order can be limited to. */
export const wishFields = ['recipient', 'order', 'kind'] as const;

const wishedFates: Readonly<Record<(typeof wishKinds)[number], Fate>> = {
  bounce_permanently: 'bounced_permanently',
  bounce_transiently: 'bounced_transiently',
  complain: 'complained',
};

/** Answers the query protocol: one form-encoded action in, XML out, durable before it is answered. */
export function apiHandler(options: {
  readonly state: State;
  /** Takes changes over and resolves when they are on the disk. */
  readonly commit: (changes: readonly Change[]) => Promise<void>;
  readonly clock: () => number;
  readonly faults: FaultBook<(typeof faultKinds)[number]>;
  readonly wishes: FaultBook<(typeof wishKinds)[number]>;
  readonly topic: {
    readonly noticesOf: (mail: Mail) => readonly Notice[];
    readonly send: (notices: readonly Notice[]) => void;
  };
  readonly wait: (milliseconds: number) => Promise<void>;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const requestId = randomUUID();
    const reply = (status: number, xml: string): void =>
      send(response, status, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, xml);
    const refuse = (status: number, code: string, message: string): void =>
      reply(status, errorXml(status < 500 ? 'Sender' : 'Receiver', code, message, requestId));

    // A message of 10 MB grows by a third as base64, and by a few percent as a form.
    const body = await readBody(request, 16 * 1024 * 1024);
    if (!Buffer.isBuffer(body))
      return refuse(413, 'RequestEntityTooLarge', 'The request is too large to be read');
    if (!isSigned(request)) return refuse(403, 'MissingAuthenticationToken', 'The request is not signed');
    const parameters = parametersFromForm(body.toString('utf8'));
    const action = parameters.get('Action') ?? '';

    const rawData = parameters.get('RawMessage.Data');
    const raw = action === 'SendRawEmail' && rawData !== undefined ? await parseRawMail(rawData) : null;

    const about = matchable(action, parameters, raw);
    const fault = options.faults.take(about);
    if (fault?.kind === 'throttle') return refuse(400, 'Throttling', 'The maximum sending rate is exceeded');
    if (fault !== null && !fault.afterEffect) await options.wait(fault.delayMilliseconds);
    if (fault?.kind === 'error_500' && !fault.afterEffect)
      return refuse(500, 'InternalFailure', 'The service failed');

    const now = options.clock();
    const outcome = decide(action, {
      state: options.state,
      parameters,
      raw,
      now,
      messageId: messageIdAt(now),
      wishFor: (recipient) => {
        const wish = options.wishes.take({ recipient, order: about.order, kind: about.kind });
        return wish === null ? null : wishedFates[wish.kind];
      },
    });
    if (outcome.type === 'Refused') return refuse(outcome.status, outcome.code, outcome.message);
    const notices = outcome.changes.flatMap((change) =>
      change.type === 'MailAccepted' ? options.topic.noticesOf(change.mail) : [],
    );
    const published = notices.map((notice): Change => ({ type: 'NoticePublished', notice }));
    await options.commit([...outcome.changes, ...published]);
    options.topic.send(notices);
    if (fault !== null) await feltAfterwards(fault, options.wait);
    if (fault?.kind === 'lose_reply_after_effect') {
      response.destroy();
      return;
    }
    if (fault?.kind === 'error_500') return refuse(500, 'InternalFailure', 'The service failed');
    reply(200, responseXml(action, outcome.result, requestId));
  };
}

async function feltAfterwards(
  fault: Fault<(typeof faultKinds)[number]>,
  wait: (milliseconds: number) => Promise<void>,
): Promise<void> {
  if (fault.afterEffect) await wait(fault.delayMilliseconds);
}

function matchable(
  action: string,
  parameters: QueryParameters,
  raw: RawMail | null,
): Readonly<Record<'action' | 'recipient' | 'order' | 'kind', string>> {
  const tags = tagsOf(parameters, raw);
  const tag = (names: readonly string[]): string =>
    tags.find(({ name }) => names.includes(name))?.value ?? '';
  const to = [
    ...members(parameters, 'Destination.ToAddresses'),
    ...members(parameters, 'Destinations'),
    ...(raw?.to ?? []),
  ];
  return { action, recipient: bareAddress(to[0] ?? ''), order: tag(orderTags), kind: tag(kindTags) };
}

function isSigned(request: IncomingMessage): boolean {
  return (request.headers.authorization ?? '').startsWith('AWS4-HMAC-SHA256 Credential=');
}

function messageIdAt(now: number): string {
  return `0100${Math.max(0, Math.floor(now)).toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
}
