// What an EventStoreDB node keeps: one log of all events, in which streams are views. Written from EventStoreDB's own
// rules and not from ours, so that the two can disagree.

/** An event as a client proposes it. */
export type ProposedEvent = {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
};

/** An event in the log. Its position is the byte at which it would begin in a transaction file. */
export type LogRecord = ProposedEvent & {
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly createdMilliseconds: number;
};

/** What a client expects of a stream. */
export type Expectation =
  | { readonly type: 'any' }
  | { readonly type: 'no_stream' }
  | { readonly type: 'stream_exists' }
  | { readonly type: 'revision'; readonly revision: number };

/** What an append came to. */
export type AppendOutcome =
  | { readonly type: 'success'; readonly revision: number; readonly position: bigint }
  | { readonly type: 'wrong_version'; readonly expected: Expectation; readonly current: number | null }
  | { readonly type: 'too_large'; readonly limitBytes: number };

/** The log of a node. */
export type EventLog = {
  readonly append: (stream: string, expected: Expectation, events: readonly ProposedEvent[]) => AppendOutcome;
  /** The stream's events by revision; empty when there is none. */
  readonly stream: (name: string) => readonly LogRecord[];
  /** All events, by position. */
  readonly all: () => readonly LogRecord[];
  /** Index in `all` of the first event at a position or after it. */
  readonly indexFrom: (position: bigint) => number;
  /** Calls back after each append. Returns the way out. */
  readonly onAppend: (listener: () => void) => () => void;
};

const maximumAppendBytes = 1024 * 1024;
/** A node writes its own statistics between the events of others. */
const appendsBetweenStatistics = 5;
const statistics: ProposedEvent = {
  id: '00000000-0000-4000-8000-000000000000',
  type: '$statsCollected',
  contentType: 'application/json',
  data: Buffer.from('{"proc-id":1}'),
  metadata: Buffer.alloc(0),
};

const sizeOf = ({ type, data, metadata }: ProposedEvent): number =>
  data.length + metadata.length + 2 * type.length;

/** An empty log. */
export const createEventLog = (): EventLog => {
  const all: LogRecord[] = [];
  const streams = new Map<string, LogRecord[]>();
  const listeners = new Set<() => void>();
  let end = 0n;
  let appends = 0;

  const write = (name: string, events: readonly ProposedEvent[]): LogRecord[] => {
    const stream = streams.get(name) ?? [];
    streams.set(name, stream);
    return events.map((event) => {
      const createdMilliseconds = Date.now();
      const record = { ...event, stream: name, revision: stream.length, position: end, createdMilliseconds };
      stream.push(record);
      all.push(record);
      end += BigInt(120 + name.length + sizeOf(event));
      return record;
    });
  };

  /** The stored twins of the events when they stand one after another from a revision on; null otherwise. */
  const twinsAt = (stream: readonly LogRecord[], first: number, events: readonly ProposedEvent[]) => {
    const twins = stream.slice(first, first + events.length);
    const same = twins.length === events.length && twins.every(({ id }, index) => id === events[index]?.id);
    return same ? twins : null;
  };

  const decide = (
    stream: readonly LogRecord[],
    expected: Expectation,
    events: readonly ProposedEvent[],
  ): { readonly stored: readonly LogRecord[] } | 'write' | 'wrong' => {
    const last = stream.length - 1;
    if (expected.type === 'stream_exists' && last < 0) return 'wrong';
    if (expected.type === 'any' || expected.type === 'stream_exists') {
      const known = stream.findIndex(({ id }) => events.some((event) => event.id === id));
      if (known < 0) return 'write';
      const stored = twinsAt(stream, known, events);
      return stored === null ? 'wrong' : { stored };
    }
    const at = expected.type === 'no_stream' ? -1 : expected.revision;
    if (at === last) return 'write';
    if (at > last) return 'wrong';
    const stored = twinsAt(stream, at + 1, events);
    return stored === null ? 'wrong' : { stored };
  };

  write('$stats-127.0.0.1:2113', [statistics]);

  return {
    append: (name, expected, events) => {
      if (events.reduce((sum, event) => sum + sizeOf(event), 0) > maximumAppendBytes) {
        return { type: 'too_large', limitBytes: maximumAppendBytes };
      }
      const stream = streams.get(name) ?? [];
      const decided = decide(stream, expected, events);
      if (decided === 'wrong') {
        return { type: 'wrong_version', expected, current: stream.length === 0 ? null : stream.length - 1 };
      }
      const stored = decided === 'write' ? write(name, events) : decided.stored;
      if (decided === 'write') {
        appends += 1;
        if (appends % appendsBetweenStatistics === 0) write('$stats-127.0.0.1:2113', [statistics]);
        for (const listener of [...listeners]) listener();
      }
      const { revision, position } = stored.at(-1) ?? { revision: stream.length - 1, position: end };
      return { type: 'success', revision, position };
    },

    stream: (name) => streams.get(name) ?? [],
    all: () => all,

    indexFrom: (position) => {
      let low = 0;
      let high = all.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((all[middle]?.position ?? 0n) < position) low = middle + 1;
        else high = middle;
      }
      return low;
    },

    onAppend: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
