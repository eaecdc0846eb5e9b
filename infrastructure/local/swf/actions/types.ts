import { typeText, unknownType } from '../protocol/faults.js';
import type { listTypes, registerActivityType, registerWorkflowType } from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import type { Change } from '../state/change.js';
import {
  typeKey,
  type ActivityDefaults,
  type Domain,
  type Frozen,
  type RegisteredType,
  type State,
  type TypeReference,
  type WorkflowDefaults,
} from '../state/state.js';
import { domainNamed, type Found } from './lookups.js';
import { accepted, answered, refused, timestamp, type Call, type Outcome } from './outcome.js';
import { compareKeys, pageOf } from './paging.js';

/** The two kinds of types are treated alike; they differ in their defaults and in their names in messages. */
type Kind = 'workflow' | 'activity';
type AnyType = Frozen<RegisteredType<object>>;

const mostTypes = 10_000;

/** Refused for a name and version that are registered in either status, and in a deprecated domain. */
export function registerWorkflow(
  state: Frozen<State>,
  input: Satisfying<typeof registerWorkflowType>,
  call: Call,
): Outcome {
  const { domain, name, version, description } = input;
  return register(state, 'workflow', input, {
    type: 'typeRegistered',
    kind: 'workflow',
    domain,
    name,
    version,
    description,
    defaults: workflowDefaults(input),
    at: call.now,
  });
}

/** Refused for a name and version that are registered in either status, and in a deprecated domain. */
export function registerActivity(
  state: Frozen<State>,
  input: Satisfying<typeof registerActivityType>,
  call: Call,
): Outcome {
  const { domain, name, version, description } = input;
  return register(state, 'activity', input, {
    type: 'typeRegistered',
    kind: 'activity',
    domain,
    name,
    version,
    description,
    defaults: activityDefaults(input),
    at: call.now,
  });
}

/** Types are immutable; only what was deleted can be registered anew. */
function register(
  state: Frozen<State>,
  kind: Kind,
  input: TypeReference & { readonly domain: string },
  change: Change,
): Outcome {
  const domain = domainNamed(state, input.domain);
  if ('fault' in domain) return refused(domain.fault);
  if (domain.found.status === 'DEPRECATED') {
    return refused({ name: 'DomainDeprecatedFault', message: input.domain });
  }
  const types = typesOf(domain.found, kind);
  if (types.has(typeKey(input))) {
    return refused({ name: 'TypeAlreadyExistsFault', message: typeText(titleOf(kind), input) });
  }
  if (types.size >= mostTypes) {
    return refused({
      name: 'LimitExceededFault',
      message: `A domain has at most ${mostTypes} ${kind} types`,
    });
  }
  return accepted([change]);
}

/** What runs with the type runs on; new starts and schedulings of it are refused. */
export function deprecate(
  state: Frozen<State>,
  kind: Kind,
  domain: string,
  reference: TypeReference,
  call: Call,
): Outcome {
  const type = typeNamed(state, kind, domain, reference);
  if ('fault' in type) return refused(type.fault);
  if (type.found.deprecatedAt !== null) {
    return refused({ name: 'TypeDeprecatedFault', message: typeText(titleOf(kind), reference) });
  }
  const { name, version } = reference;
  return accepted([{ type: 'typeDeprecated', kind, domain, name, version, at: call.now }]);
}

/** Back in use; refused in a deprecated domain, whose types cannot be used. */
export function undeprecate(
  state: Frozen<State>,
  kind: Kind,
  domain: string,
  reference: TypeReference,
): Outcome {
  const type = typeNamed(state, kind, domain, reference);
  if ('fault' in type) return refused(type.fault);
  if (type.found.deprecatedAt === null) {
    return refused({ name: 'TypeAlreadyExistsFault', message: typeText(titleOf(kind), reference) });
  }
  if (state.domains.get(domain)?.status === 'DEPRECATED') {
    return refused({ name: 'DomainDeprecatedFault', message: domain });
  }
  const { name, version } = reference;
  return accepted([{ type: 'typeUndeprecated', kind, domain, name, version }]);
}

/** Only a deprecated type; what runs with it runs on. */
export function remove(state: Frozen<State>, kind: Kind, domain: string, reference: TypeReference): Outcome {
  const type = typeNamed(state, kind, domain, reference);
  if ('fault' in type) return refused(type.fault);
  if (type.found.deprecatedAt === null) {
    const message = 'The type is currently registered and cannot be deleted in its current state';
    return refused({ name: 'TypeNotDeprecatedFault', message });
  }
  const { name, version } = reference;
  return accepted([{ type: 'typeDeleted', kind, domain, name, version }]);
}

/** A type in either status, with the registered defaults only. */
export function describe(
  state: Frozen<State>,
  kind: Kind,
  domain: string,
  reference: TypeReference,
): Outcome {
  const type = typeNamed(state, kind, domain, reference);
  if ('fault' in type) return refused(type.fault);
  return answered({ typeInfo: infoOf(kind, type.found), configuration: type.found.defaults });
}

/** Ascending by name, versions of one name ascending as texts; reverse order descends. */
export function list(
  state: Frozen<State>,
  kind: Kind,
  action: string,
  input: Satisfying<typeof listTypes>,
  call: Call,
): Outcome {
  const domain = domainNamed(state, input.domain);
  if ('fault' in domain) return refused(domain.fault);
  const deprecated = input.registrationStatus === 'DEPRECATED';
  const keyOf = (type: AnyType): readonly string[] => [type.name, type.version];
  const rows = [...typesOf(domain.found, kind).values()]
    .filter((type) => (type.deprecatedAt !== null) === deprecated)
    .filter((type) => input.name === undefined || type.name === input.name)
    .sort((one, other) => compareKeys(keyOf(one), keyOf(other)));
  const page = pageOf(action, input, call.now, rows, keyOf, input.reverseOrder ?? false);
  if ('fault' in page) return refused(page.fault);
  return answered({
    typeInfos: page.rows.map((row) => infoOf(kind, row)),
    nextPageToken: page.nextPageToken,
  });
}

function typeNamed(
  state: Frozen<State>,
  kind: Kind,
  domainName: string,
  reference: TypeReference,
): Found<AnyType> {
  const domain = domainNamed(state, domainName);
  if ('fault' in domain) return domain;
  const found = typesOf(domain.found, kind).get(typeKey(reference));
  return found === undefined ? { fault: unknownType(titleOf(kind), reference) } : { found };
}

function typesOf(domain: Frozen<Domain>, kind: Kind): ReadonlyMap<string, AnyType> {
  return kind === 'workflow' ? domain.workflowTypes : domain.activityTypes;
}

function titleOf(kind: Kind): 'WorkflowType' | 'ActivityType' {
  return kind === 'workflow' ? 'WorkflowType' : 'ActivityType';
}

function infoOf(kind: Kind, type: AnyType): object {
  const reference = { name: type.name, version: type.version };
  return {
    ...(kind === 'workflow' ? { workflowType: reference } : { activityType: reference }),
    status: type.deprecatedAt === null ? 'REGISTERED' : 'DEPRECATED',
    description: type.description,
    creationDate: timestamp(type.createdAt),
    deprecationDate: type.deprecatedAt === null ? undefined : timestamp(type.deprecatedAt),
  };
}

/** Only the members of the model: what else a request holds must not be stored and described. */
function workflowDefaults(input: Satisfying<typeof registerWorkflowType>): WorkflowDefaults {
  return {
    defaultTaskStartToCloseTimeout: input.defaultTaskStartToCloseTimeout,
    defaultExecutionStartToCloseTimeout: input.defaultExecutionStartToCloseTimeout,
    defaultTaskList: input.defaultTaskList,
    defaultTaskPriority: input.defaultTaskPriority,
    defaultChildPolicy: input.defaultChildPolicy,
    defaultLambdaRole: input.defaultLambdaRole,
  };
}

function activityDefaults(input: Satisfying<typeof registerActivityType>): ActivityDefaults {
  return {
    defaultTaskStartToCloseTimeout: input.defaultTaskStartToCloseTimeout,
    defaultTaskHeartbeatTimeout: input.defaultTaskHeartbeatTimeout,
    defaultTaskList: input.defaultTaskList,
    defaultTaskPriority: input.defaultTaskPriority,
    defaultTaskScheduleToStartTimeout: input.defaultTaskScheduleToStartTimeout,
    defaultTaskScheduleToCloseTimeout: input.defaultTaskScheduleToCloseTimeout,
  };
}
