import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http-server.js';

/** What was asked, or why it cannot be understood. */
export type Asked<Wish> =
  { readonly type: 'Asked'; readonly wish: Wish } | { readonly type: 'Problem'; readonly problem: string };

/** Reads a JSON object with exactly these fields; an empty body is an object without fields. */
export async function readWish<Needed extends t.Props, Optional extends t.Props>(
  request: IncomingMessage,
  needed: Needed,
  optional: Optional,
): Promise<Asked<t.TypeOfProps<Needed> & t.TypeOfPartialProps<Optional>>> {
  const body = await readBody(request, 65_536);
  if (!Buffer.isBuffer(body)) return { type: 'Problem', problem: 'the body cannot be read' };
  const json = parsed(body.length === 0 ? '{}' : body.toString('utf8'));
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { type: 'Problem', problem: 'the body is not a JSON object' };
  const fields = [...Object.keys(needed), ...Object.keys(optional)];
  const stranger = Object.keys(json).find((name) => !fields.includes(name));
  if (stranger !== undefined)
    return { type: 'Problem', problem: `the fields are ${fields.join(', ') || 'none'}; not ${stranger}` };
  const decoded = t.intersection([t.type(needed), t.partial(optional)]).decode(json);
  if (isLeft(decoded))
    return { type: 'Problem', problem: PathReporter.report(decoded).slice(0, 3).join('; ').slice(0, 500) };
  return { type: 'Asked', wish: decoded.right };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
