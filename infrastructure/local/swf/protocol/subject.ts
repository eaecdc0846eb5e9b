import { eventOfText } from '../state/events.js';
import { runOfId, type AnyRun } from '../storage/closed-run.js';
import type { Frozen, Run, State, TypeReference } from '../state/state.js';
import { taskOf } from './tokens.js';

/** What a call is about, as far as it can be told before the call is checked and carried out. */
export interface Subject {
  readonly region: string;
  readonly action: string;
  readonly input: unknown;
  /** By name, by the ARN of a tagged resource, or from the run of a task token. */
  readonly domain: string | null;
  readonly workflowId: string | null;
  readonly run: Frozen<AnyRun> | null;
  /** The type that the call names, else the one of its task or run. */
  readonly type: { readonly name: string | null; readonly version: string | null };
  readonly taskList: string | null;
}

/** A member of parsed JSON; undefined where the way to it ends early. */
export function memberAt(json: unknown, ...way: readonly string[]): unknown {
  let here = json;
  for (const name of way) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.entries(here).find(([key]) => key === name)?.[1];
  }
  return here;
}

/** A text in parsed JSON; null where there is none. */
export function textAt(json: unknown, ...way: readonly string[]): string | null {
  const found = memberAt(json, ...way);
  return typeof found === 'string' ? found : null;
}

const domainActions: ReadonlySet<string> = new Set([
  'RegisterDomain',
  'DeprecateDomain',
  'UndeprecateDomain',
  'DescribeDomain',
]);
const registrations: ReadonlySet<string> = new Set(['RegisterWorkflowType', 'RegisterActivityType']);

/** Looks a call over; the state is undefined in a region that was never addressed. */
export function subjectOf(
  call: { readonly region: string; readonly action: string; readonly input: unknown },
  state: Frozen<State> | undefined,
): Subject {
  const { region, action, input } = call;
  const token = textAt(input, 'taskToken');
  const task = token === null ? null : (taskOf('decision', token) ?? taskOf('activity', token));
  const named = domainActions.has(action) ? textAt(input, 'name') : textAt(input, 'domain');
  const runId = task?.runId ?? textAt(input, 'runId') ?? textAt(input, 'execution', 'runId');
  const workflowId = textAt(input, 'workflowId') ?? textAt(input, 'execution', 'workflowId');
  const run = (runId === null ? openRun(state, named, workflowId) : state && runOfId(state, runId)) ?? null;
  const ownType =
    memberAt(input, 'workflowType') ??
    memberAt(input, 'activityType') ??
    memberAt(input, 'typeFilter') ??
    (registrations.has(action) ? input : undefined);
  const type: Partial<TypeReference> | undefined =
    task?.kind === 'activity' ? activityTypeOf(run, task.scheduledEventId) : run?.workflowType;
  return {
    region,
    action,
    input,
    domain: named ?? domainOfArn(textAt(input, 'resourceArn')) ?? run?.domain ?? null,
    workflowId: workflowId ?? run?.workflowId ?? null,
    run,
    type: {
      name: textAt(ownType, 'name') ?? type?.name ?? null,
      version: textAt(ownType, 'version') ?? type?.version ?? null,
    },
    taskList: textAt(input, 'taskList', 'name') ?? textAt(input, 'defaultTaskList', 'name'),
  };
}

function openRun(
  state: Frozen<State> | undefined,
  domain: string | null,
  workflowId: string | null,
): Frozen<Run> | undefined {
  if (domain === null || workflowId === null) return undefined;
  return state?.domains.get(domain)?.open.get(workflowId);
}

function domainOfArn(arn: string | null): string | null {
  return /^arn:[^:]*:swf:[^:]*:[^:]*:\/domain\/(.+)$/.exec(arn ?? '')?.[1] ?? null;
}

function activityTypeOf(run: Frozen<AnyRun> | null, scheduledEventId: number): TypeReference | undefined {
  if (run?.closed !== null) return undefined; // its tasks went with it
  const text = run.history[scheduledEventId - 1];
  const event = text === undefined ? null : eventOfText(text);
  return event?.eventType === 'ActivityTaskScheduled' ? event.attributes.activityType : undefined;
}
