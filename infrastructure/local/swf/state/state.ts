import type { ClosedRun } from '../storage/closed-run.js';
import { runIndex, type RunIndex } from '../storage/run-index.js';
import { memoryShelf, type Shelf } from '../storage/shelf.js';
import type { Dated, DueQueue } from './due.js';
import type { ChildPolicy } from './attributes.js';
import type { TaskLists, WaitingTask } from './queue.js';

/** All that the service remembers of one region. Only `apply` changes it. Times are milliseconds since 1970. */
export interface State {
  readonly domains: Map<string, Domain>;
  /** Every open run by runId. */
  readonly runs: Map<string, Run>;
  /** Every closed run that is not yet deleted, by runId; what it was lies on the shelf. */
  readonly closedRuns: Map<string, ClosedRun>;
  readonly shelf: Shelf;
  readonly taskLists: TaskLists;
  readonly due: DueQueue<Run | ClosedRun>;
  /** The sequence of the run that was started last. */
  started: number;
}

/** The same, for reading only. */
export type Frozen<Value> = Value extends (...given: never[]) => unknown
  ? Value
  : Value extends Map<infer Key, infer Member>
    ? ReadonlyMap<Key, Frozen<Member>>
    : Value extends readonly (infer Element)[]
      ? readonly Frozen<Element>[]
      : Value extends object
        ? { readonly [Name in keyof Value]: Frozen<Value[Name]> }
        : Value;

export type Registration = 'REGISTERED' | 'DEPRECATED';

export interface Domain {
  readonly name: string;
  readonly description: string | undefined;
  /** As registered: days, or NONE. */
  readonly retention: string;
  /** Values by key; a tag may lack a value. */
  readonly tags: Map<string, string | undefined>;
  status: Registration;
  readonly workflowTypes: Map<string, RegisteredType<WorkflowDefaults>>;
  readonly activityTypes: Map<string, RegisteredType<ActivityDefaults>>;
  /** Open runs by workflowId. */
  readonly open: Map<string, Run>;
  /** The same, as they are listed. */
  readonly openIndex: RunIndex<Run>;
  readonly closedIndex: RunIndex<ClosedRun>;
}

export interface TypeReference {
  readonly name: string;
  readonly version: string;
}

export interface RegisteredType<Defaults> extends TypeReference {
  readonly description: string | undefined;
  readonly defaults: Defaults;
  readonly createdAt: number;
  /** Null while registered. */
  deprecatedAt: number | null;
}

/** What a workflow type gives to starts that leave it out. */
export interface WorkflowDefaults {
  readonly defaultTaskStartToCloseTimeout?: string | undefined;
  readonly defaultExecutionStartToCloseTimeout?: string | undefined;
  readonly defaultTaskList?: { readonly name: string } | undefined;
  readonly defaultTaskPriority?: string | undefined;
  readonly defaultChildPolicy?: ChildPolicy | undefined;
  readonly defaultLambdaRole?: string | undefined;
}

/** What an activity type gives to decisions that leave it out. */
export interface ActivityDefaults {
  readonly defaultTaskStartToCloseTimeout?: string | undefined;
  readonly defaultTaskHeartbeatTimeout?: string | undefined;
  readonly defaultTaskList?: { readonly name: string } | undefined;
  readonly defaultTaskPriority?: string | undefined;
  readonly defaultTaskScheduleToStartTimeout?: string | undefined;
  readonly defaultTaskScheduleToCloseTimeout?: string | undefined;
}

/** The effective settings of a run. */
export interface Configuration {
  readonly taskStartToCloseTimeout: string;
  readonly executionStartToCloseTimeout: string;
  readonly taskList: { readonly name: string };
  readonly childPolicy: ChildPolicy;
  readonly taskPriority: string | undefined;
  readonly lambdaRole: string | undefined;
}

export type CloseStatus =
  'COMPLETED' | 'FAILED' | 'CANCELED' | 'TERMINATED' | 'CONTINUED_AS_NEW' | 'TIMED_OUT';

/** One execution. */
export interface Execution {
  readonly workflowId: string;
  readonly runId: string;
}

/** One open workflow execution: its history and what follows from it. */
export interface Run extends Dated {
  readonly domain: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: TypeReference;
  readonly startedAt: number;
  readonly configuration: Configuration;
  readonly tagList: readonly string[] | undefined;
  /** Whose child it is, through all runs that continue it; null for a root. */
  readonly parent: Parent | null;
  /** One text per event, as clients get it: a history is read far more often than taken apart. */
  readonly history: string[];
  /** The decision task that waits or is started. */
  decision: OpenDecision | null;
  /** The decision task that waits behind a started one. */
  heldBack: OpenDecision | null;
  /** DecisionTaskStarted of the last completed decision task; 0 before the first. */
  previousStartedEventId: number;
  decisionLists: DecisionLists;
  executionContext: string | undefined;
  /** Open activity tasks by scheduledEventId. */
  readonly activities: Map<number, OpenActivity>;
  /** scheduledEventId of the open activity tasks by activityId. */
  readonly activityIds: Map<string, number>;
  readonly timers: Map<string, OpenTimer>;
  /** Open children by the id of their StartChildWorkflowExecutionInitiated. */
  readonly children: Map<number, OpenChild>;
  /** What decisions have initiated and the service has not yet carried out, oldest first. */
  readonly deliveries: Delivery[];
  cancelRequested: boolean;
  /** Time of the latest activity event. */
  latestActivityAt: number | undefined;
  /** When the execution times out. */
  readonly timesOutAt: number;
  /** Tells it from a closed one. */
  readonly closed: null;
}

export interface OpenCounts {
  readonly openActivityTasks: number;
  readonly openDecisionTasks: number;
  readonly openTimers: number;
  readonly openChildWorkflowExecutions: number;
  readonly openLambdaFunctions: number;
}

/** Where the decision tasks of a run are put. */
export interface DecisionLists {
  readonly permanent: string;
  /** Dropped when a decision task on it times out. */
  readonly temporary: { readonly name: string; readonly scheduleToStartTimeout: string } | null;
}

export interface OpenDecision {
  readonly scheduledEventId: number;
  readonly list: string;
  readonly priority: number;
  readonly scheduleToStart: number;
  readonly startToClose: number;
  /** 0 while waiting. */
  startedEventId: number;
  /** When the current clock runs out. */
  expiresAt: number;
  /** When it became available; only then its clock starts. */
  availableAt: number;
  node: WaitingTask | null;
}

export interface OpenActivity {
  readonly activityId: string;
  readonly scheduledEventId: number;
  readonly scheduledAt: number;
  readonly list: string;
  readonly priority: number;
  readonly scheduleToStart: number;
  readonly scheduleToClose: number;
  readonly startToClose: number;
  readonly heartbeat: number;
  /** 0 while waiting. */
  startedEventId: number;
  startedAt: number;
  /** The start or the last heartbeat. */
  lastSignAt: number;
  details: string | undefined;
  /** 0 when no cancel was requested. */
  cancelRequestedEventId: number;
  node: WaitingTask | null;
}

export interface OpenTimer {
  readonly timerId: string;
  readonly startedEventId: number;
  readonly firesAt: number;
}

/** The execution that started a child, and the event by which it did. */
export interface Parent {
  readonly workflowExecution: Execution;
  readonly initiatedEventId: number;
}

export interface OpenChild {
  readonly workflowId: string;
  /** Of the latest run of the child; empty until it is started. */
  runId: string;
  /** ChildWorkflowExecutionStarted; 0 until then. */
  startedEventId: number;
}

/** Something that is due at once, but only after the decisions that asked for it: its details stand in the event. */
export interface Delivery {
  readonly initiatedEventId: number;
  readonly kind: 'child' | 'signal' | 'cancel' | 'lambda';
  readonly at: number;
}

/** A region in which nothing was ever registered. */
export function emptyState(shelf: Shelf = memoryShelf()): State {
  return {
    domains: new Map(),
    runs: new Map(),
    closedRuns: new Map(),
    shelf,
    taskLists: new Map(),
    due: [],
    started: 0,
  };
}

/** A domain without types and runs. */
export function newDomain(registered: Pick<Domain, 'name' | 'description' | 'retention' | 'tags'>): Domain {
  return {
    ...registered,
    status: 'REGISTERED',
    workflowTypes: new Map(),
    activityTypes: new Map(),
    open: new Map(),
    openIndex: runIndex(),
    closedIndex: runIndex(),
  };
}

/** The key of a type in its domain. */
export function typeKey(type: TypeReference): string {
  return `${type.name}:${type.version}`; // neither holds a colon
}

/** What is open in a run now. */
export function openCountsOf(run: Frozen<Run>): OpenCounts {
  return {
    openActivityTasks: run.activities.size,
    openDecisionTasks: run.decision === null ? 0 : 1,
    openTimers: run.timers.size,
    openChildWorkflowExecutions: run.children.size,
    openLambdaFunctions: run.deliveries.filter(({ kind }) => kind === 'lambda').length,
  };
}

/** Milliseconds of a timeout; Infinity for NONE and for an absent one. */
export function milliseconds(timeout: string | undefined): number {
  return timeout === undefined || timeout === 'NONE' || timeout === '' ? Infinity : Number(timeout) * 1000;
}
