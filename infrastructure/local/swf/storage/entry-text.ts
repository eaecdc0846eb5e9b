import { isEntry, type Change, type Entry } from '../state/change.js';
import { eventOfJson, eventText, type RecordedEvent } from '../state/events.js';

/** An entry as the journal holds it, in one line; its events stand there as clients get them, so that their texts are made once. */
export function textOfEntry({ at, region, changes }: Entry): string {
  return `{"at":${at},"region":${JSON.stringify(region)},"changes":[${changes.map(textOfChange).join(',')}]}`;
}

/** The entry of a parsed line; throws when it is none. Events may also stand as entries of old versions held them. */
export function entryOfJson(json: unknown): Entry {
  if (!isEntry(json)) throw new Error('not an entry of this journal');
  const { at, region, changes } = json;
  return { at, region, changes: changes.map(withEvents) };
}

function textOfChange(change: Change): string {
  if (change.type === 'eventsAppended') {
    return `{"type":"eventsAppended","runId":${JSON.stringify(change.runId)},"events":${textOfEvents(change.events)}}`;
  }
  if (change.type !== 'runStarted') return JSON.stringify(change);
  const { events, ...names } = change;
  return `${JSON.stringify(names).slice(0, -1)},"events":${textOfEvents(events)}}`;
}

function textOfEvents(events: readonly RecordedEvent[]): string {
  return `[${events.map((event) => (typeof event === 'string' ? event : eventText(event))).join(',')}]`;
}

function withEvents(change: Change): Change {
  if (change.type !== 'eventsAppended' && change.type !== 'runStarted') return change;
  const events = change.events.map((event) =>
    typeof event === 'object' && 'eventTimestamp' in event ? eventOfJson(event) : event,
  );
  return { ...change, events };
}
