/** What a task token stands for. It holds all that is needed, so that tokens survive a restart. */
export interface TaskReference {
  readonly kind: 'activity' | 'decision';
  readonly runId: string;
  readonly scheduledEventId: number;
  readonly startedEventId: number;
}

/** What a page token stands for. */
export interface PageReference {
  /** The request without its paging members; a token serves only the request that it was made for. */
  readonly request: string;
  /** Where the next page begins; its meaning is the action's. */
  readonly position: readonly (string | number)[];
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

const prefix = 'AAAAKgAAAAEAAAAA';
const pageLifetime = 24 * 60 * 60 * 1000;

/** The token of a started task. */
export function taskTokenOf(task: TaskReference): string {
  const content = [
    task.kind === 'activity' ? 'a' : 'd',
    task.runId,
    task.scheduledEventId,
    task.startedEventId,
  ];
  return prefix + Buffer.from(content.join(' ')).toString('base64');
}

/** The task that a token of the given kind stands for; null when the token is of another kind or none of ours. */
export function taskOf(kind: TaskReference['kind'], token: string): TaskReference | null {
  const [letter, runId, scheduled, started, ...rest] = decoded(token).split(' ');
  if (letter !== (kind === 'activity' ? 'a' : 'd') || rest.length > 0) return null;
  const scheduledEventId = Number(scheduled);
  const startedEventId = Number(started);
  if (runId === undefined || !(scheduledEventId > 0) || !(startedEventId > 0)) return null;
  return { kind, runId, scheduledEventId, startedEventId };
}

/** The token of a page. */
export function pageTokenOf(page: PageReference): string {
  return (
    prefix + Buffer.from(JSON.stringify([page.request, page.issuedAt, ...page.position])).toString('base64')
  );
}

/** The position that a page token stands for, or what is wrong with the token at the given time. */
export function positionOf(
  token: string,
  request: string,
  now: number,
): { readonly position: readonly (string | number)[] } | { readonly problem: string } {
  const content = parsed(decoded(token));
  if (!Array.isArray(content)) return { problem: 'Invalid token' };
  const parts: readonly unknown[] = content;
  const [made, issuedAt, ...position] = parts;
  if (made !== request || typeof issuedAt !== 'number') return { problem: 'Invalid token' };
  if (now - issuedAt > pageLifetime) return { problem: 'Specified token has exceeded its maximum lifetime' };
  return { position: position.filter((part) => typeof part === 'number' || typeof part === 'string') };
}

/**
 * A short text that differs between requests that differ: page tokens may not outgrow their 2,048 characters, but
 * names may be long. Not a protection against forgery.
 */
export function fingerprint(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193) >>> 0;
    high = Math.imul(high ^ (unit + index), 0x85ebca6b) >>> 0;
  }
  return low.toString(36) + high.toString(36);
}

function decoded(token: string): string {
  if (!token.startsWith(prefix)) return '';
  return Buffer.from(token.slice(prefix.length), 'base64').toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
