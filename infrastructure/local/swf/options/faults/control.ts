import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson } from '../../../http-server.js';
import { faultPlanOf, openFaultBook, type FaultBook, type FaultPlan } from './book.js';
import { FaultProblem } from './rule.js';

const largestBody = 256 * 1024;

/** Lists with GET, adds one fault or a list with POST (201, or 400 with what is wrong), forgets all with DELETE. */
export async function serveFaults(
  book: FaultBook,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'GET') return sendJson(response, 200, { faults: book.list() });
  if (request.method === 'DELETE') {
    book.clear();
    return sendJson(response, 200, { faults: [] });
  }
  if (request.method !== 'POST') return sendJson(response, 405, { problem: 'use GET, POST or DELETE' });
  const body = await readBody(request, largestBody);
  try {
    if (!Buffer.isBuffer(body)) throw new FaultProblem('the body cannot be read');
    return sendJson(response, 201, { faults: book.add(parsed(body.toString('utf8'))) });
  } catch (error) {
    if (!(error instanceof FaultProblem)) throw error;
    return sendJson(response, 400, { problem: error.message });
  }
}

/** Reads a file of faults and checks all of it; whatever is wrong is told with the file's name. */
export async function readFaults(path: string): Promise<FaultPlan> {
  const text = await readFile(path, 'utf8');
  try {
    const plan = faultPlanOf(parsed(text));
    openFaultBook(plan);
    return plan;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FaultProblem(`${path}: ${reason}`, { cause: error });
  }
}

function parsed(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch (error) {
    throw new FaultProblem(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
