import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { send, sendJson } from '../../http-server.js';
import type { State } from '../state.js';
import type { SigningIdentity } from './certificate.js';
import { certificatePath } from './envelope.js';
import type { Topic } from './topic.js';

const xml = { 'content-type': 'text/xml' };
const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/**
 * Answers the links in a notice (the certificate, ConfirmSubscription, Unsubscribe) and `GET /_notices`: the subscription
 * and every notice with how it ended, in order of publishing. False when the request is for something else.
 */
export async function serveNotices(
  { topic, identity, state }: { topic: Topic; identity: SigningIdentity | null; state: State },
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  if (request.method !== 'GET') return false;
  if (identity !== null && url.pathname === certificatePath(identity)) {
    send(response, 200, { 'content-type': 'application/x-pem-file' }, identity.certificate);
    return true;
  }
  if (url.pathname === '/_notices') {
    const subscription = state.subscription === null ? null : { ...state.subscription, token: undefined };
    sendJson(response, 200, { subscription, notices: [...state.notices.values()] });
    return true;
  }
  const parameter = (name: string): string => url.searchParams.get(name) ?? '';
  if (url.pathname !== '/' || !url.searchParams.has('Action')) return false;
  if (parameter('Action') === 'ConfirmSubscription') {
    const arn = await topic.confirm(parameter('TopicArn'), parameter('Token'));
    const result =
      arn === null
        ? null
        : `<ConfirmSubscriptionResult><SubscriptionArn>${arn}</SubscriptionArn></ConfirmSubscriptionResult>`;
    answer(response, 'ConfirmSubscription', result);
    return true;
  }
  if (parameter('Action') !== 'Unsubscribe') return false;
  answer(response, 'Unsubscribe', (await topic.unsubscribe(parameter('SubscriptionArn'))) ? '' : null);
  return true;
}

function answer(response: ServerResponse, action: string, result: string | null): void {
  const requestId = randomUUID();
  const error = `<Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>${action}: unknown</Message></Error>`;
  if (result === null)
    return send(response, 400, xml, `<ErrorResponse xmlns="${namespace}">${error}</ErrorResponse>\n`);
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const content = `<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>\n`;
  send(response, 200, xml, content);
}
