import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../pollers.js';
import type { Answer, Asked } from '../service.js';
import { qualifiedName, statusOf, type Fault } from './faults.js';

/** The wire protocol: awsJson1.0 over HTTP. */

const contentType = 'application/x-amz-json-1.0';
const largestBody = 1024 * 1024;
const defaultRegion = 'us-east-1';

/** Answers one call. A body that is too long or no JSON is refused before anything else is looked at. */
export async function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  perform: (asked: Asked) => Promise<Answer>,
  warn: (error: unknown, action: string) => void,
): Promise<void> {
  const action = actionOf(request);
  const body = await bodyOf(request);
  if (body === null) {
    return refuse(response, { name: 'SerializationException', message: 'The request is longer than 1 MB' });
  }
  const input = parsed(body);
  if (input === undefined) {
    return refuse(response, { name: 'SerializationException', message: 'The request is not JSON' });
  }
  const asked = { region: regionOf(request), action, input, freshId: freshId(), caller: callerOf(response) };
  try {
    const answer = await perform(asked);
    if (answer.type === 'done') send(response, 200, answer.body);
    else refuse(response, answer.fault);
  } catch (error) {
    warn(error, action);
    refuse(response, { name: 'InternalFailure', message: '' });
  }
}

/** Whether a request is a call of an action. */
export function isCall(request: IncomingMessage): boolean {
  return request.method === 'POST' && request.headers['x-amz-target'] !== undefined;
}

/** Old clients write a longer prefix; only what follows the last dot counts. */
function actionOf(request: IncomingMessage): string {
  const target = String(request.headers['x-amz-target']);
  return target.slice(target.lastIndexOf('.') + 1);
}

/** The third part of the credential scope: Credential=KEY/DATE/REGION/swf/aws4_request. */
function regionOf(request: IncomingMessage): string {
  const scope = /Credential=[^/]+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '');
  return scope?.[1] ?? defaultRegion;
}

/** Null when the body is too long, or when the client hung up before its end. */
function bodyOf(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= largestBody) chunks.push(chunk); // the rest is read, but not kept, so that the answer gets through
    });
    request.once('end', () => resolve(length > largestBody ? null : textOf(chunks)));
    request.once('close', () => resolve(null));
  });
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1
    ? first.toString('utf8')
    : Buffer.concat(chunks).toString('utf8');
}

function parsed(body: string): unknown {
  try {
    const json: unknown = JSON.parse(body === '' ? '{}' : body);
    return json;
  } catch {
    return undefined;
  }
}

function callerOf(response: ServerResponse): Caller {
  return {
    get gone() {
      return response.destroyed || response.socket?.destroyed === true;
    },
    whenGone(run) {
      response.once('close', run);
    },
  };
}

const processId = randomBytes(24).toString('base64');
let calls = 0;

/** Unlike any other text of this or another life of the server; in the alphabet of the live service's identifiers. */
function freshId(): string {
  calls += 1;
  return processId + calls.toString(36).padStart(11, '0');
}

function refuse(response: ServerResponse, fault: Fault): void {
  const body = JSON.stringify({ __type: qualifiedName(fault.name), message: fault.message });
  response.setHeader('x-amzn-query-error', `${fault.name};Sender`);
  send(response, statusOf(fault.name), body);
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'x-amzn-RequestId': randomUUID(),
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body); // as a text it leaves together with the headers
}
