import type { RecordedEvent } from './events.js';
import type { Mark } from '../storage/shelf.js';
import type { ActivityDefaults, WorkflowDefaults } from './state.js';

interface TypeRegistered {
  readonly type: 'typeRegistered';
  readonly domain: string;
  readonly name: string;
  readonly version: string;
  readonly description: string | undefined;
  readonly at: number;
}

interface TypeNamed {
  readonly kind: 'workflow' | 'activity';
  readonly domain: string;
  readonly name: string;
  readonly version: string;
}

/** A tag of a domain. */
export interface Tag {
  readonly key: string;
  readonly value?: string | undefined;
}

/** Everything that can happen to the state of a region; the journal holds these. Times are milliseconds since 1970. */
export type Change =
  | {
      readonly type: 'domainRegistered';
      readonly name: string;
      readonly description: string | undefined;
      readonly retention: string;
      readonly tags: readonly Tag[];
    }
  | { readonly type: 'domainDeprecated'; readonly name: string; readonly at: number }
  | { readonly type: 'domainUndeprecated'; readonly name: string }
  /** Adds tags, and replaces the values of keys that are there. */
  | { readonly type: 'domainTagged'; readonly name: string; readonly tags: readonly Tag[] }
  | { readonly type: 'domainUntagged'; readonly name: string; readonly keys: readonly string[] }
  | (TypeRegistered & { readonly kind: 'workflow'; readonly defaults: WorkflowDefaults })
  | (TypeRegistered & { readonly kind: 'activity'; readonly defaults: ActivityDefaults })
  | (TypeNamed & { readonly type: 'typeDeprecated'; readonly at: number })
  | (TypeNamed & { readonly type: 'typeUndeprecated' })
  | (TypeNamed & { readonly type: 'typeDeleted' })
  | {
      readonly type: 'runStarted';
      readonly domain: string;
      readonly workflowId: string;
      readonly runId: string;
      /** Its place in the order of starting; only in compacted journals, elsewhere the next one. */
      readonly sequence?: number;
      /** The first is WorkflowExecutionStarted. */
      readonly events: readonly RecordedEvent[];
    }
  | { readonly type: 'eventsAppended'; readonly runId: string; readonly events: readonly RecordedEvent[] }
  | {
      readonly type: 'heartbeatRecorded';
      readonly runId: string;
      readonly scheduledEventId: number;
      /** Undefined keeps the former details. */
      readonly details: string | undefined;
      readonly at: number;
    }
  /** The poller was gone before its answer left: the ...Started event, still the last one, is taken back. */
  | { readonly type: 'handOutWithdrawn'; readonly runId: string; readonly eventId: number }
  | { readonly type: 'runDeleted'; readonly runId: string }
  /** Only in compacted journals: the latest run of a child, which may have been continued. */
  | {
      readonly type: 'childFollowed';
      readonly runId: string;
      readonly initiatedEventId: number;
      readonly childRunId: string;
    }
  /** Only in compacted journals: what of the closed runs lies on the shelves, and not in this journal. */
  | { readonly type: 'runsShelved'; readonly mark: Mark }
  /** Only in compacted journals: the order in which the tasks of one list wait. */
  | {
      readonly type: 'tasksOrdered';
      readonly list: string;
      readonly tasks: readonly (readonly [runId: string, scheduledEventId: number])[];
    };

const changeTypes: Readonly<Record<Change['type'], true>> = {
  domainRegistered: true,
  domainDeprecated: true,
  domainUndeprecated: true,
  domainTagged: true,
  domainUntagged: true,
  typeRegistered: true,
  typeDeprecated: true,
  typeUndeprecated: true,
  typeDeleted: true,
  runStarted: true,
  eventsAppended: true,
  heartbeatRecorded: true,
  handOutWithdrawn: true,
  runDeleted: true,
  childFollowed: true,
  runsShelved: true,
  tasksOrdered: true,
};

/** What one request or one passing of a deadline did in one region. */
export interface Entry {
  readonly at: number;
  readonly region: string;
  readonly changes: readonly Change[];
}

/**
 * Whether parsed JSON is an entry of this server's own journal. The envelope and the kinds of the changes are
 * checked, not every member: the journal is written by nobody else.
 */
export function isEntry(json: unknown): json is Entry {
  return (
    typeof json === 'object' &&
    json !== null &&
    'at' in json &&
    typeof json.at === 'number' &&
    'region' in json &&
    typeof json.region === 'string' &&
    'changes' in json &&
    Array.isArray(json.changes) &&
    json.changes.every(isChange)
  );
}

function isChange(json: unknown): boolean {
  return (
    typeof json === 'object' &&
    json !== null &&
    'type' in json &&
    typeof json.type === 'string' &&
    Object.hasOwn(changeTypes, json.type)
  );
}
