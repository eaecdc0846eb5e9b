/** A refusal: which fault, and its text. Faults without a text carry the empty one. */
export interface Fault {
  readonly name: FaultName;
  readonly message: string;
}

const namespaces = {
  UnknownResourceFault: 'com.amazonaws.swf.base.model',
  DomainAlreadyExistsFault: 'com.amazonaws.swf.base.model',
  DomainDeprecatedFault: 'com.amazonaws.swf.base.model',
  TypeAlreadyExistsFault: 'com.amazonaws.swf.base.model',
  TypeDeprecatedFault: 'com.amazonaws.swf.base.model',
  WorkflowExecutionAlreadyStartedFault: 'com.amazonaws.swf.base.model',
  DefaultUndefinedFault: 'com.amazonaws.swf.base.model',
  TypeNotDeprecatedFault: 'com.amazonaws.swf.base.model',
  LimitExceededFault: 'com.amazonaws.swf.base.model',
  TooManyTagsFault: 'com.amazonaws.swf.base.model',
  OperationNotPermittedFault: 'com.amazonaws.swf.base.model',
  ValidationException: 'com.amazon.coral.validate',
  ThrottlingException: 'com.amazon.coral.availability',
  UnknownOperationException: 'com.amazon.coral.service',
  SerializationException: 'com.amazon.coral.service',
  AccessDeniedException: 'com.amazon.coral.service',
  UnrecognizedClientException: 'com.amazon.coral.service',
  MissingAuthenticationToken: 'com.amazon.coral.service',
  ServiceUnavailable: 'com.amazon.coral.service',
  InternalFailure: 'com.amazon.coral.service',
} as const;

/** The faults that the server knows. */
export type FaultName = keyof typeof namespaces;

/** Every fault, without its namespace. */
export const faultNames: readonly string[] = Object.keys(namespaces);

/** The name with its namespace, as it stands in `__type`. */
export function qualifiedName(name: FaultName): string {
  return `${namespaces[name]}#${name}`;
}

/** The HTTP status of a fault. */
export function statusOf(name: FaultName): number {
  if (name === 'ServiceUnavailable') return 503;
  return name === 'InternalFailure' ? 500 : 400;
}

/** A request that cannot be right, in the service's collective wording. */
export function invalid(message: string): Fault {
  return { name: 'ValidationException', message };
}

/** A domain that does not exist. */
export function unknownDomain(name: string): Fault {
  return { name: 'UnknownResourceFault', message: `Unknown domain: ${name}` };
}

/** A type as it is named in messages. */
export function typeText(
  kind: 'WorkflowType' | 'ActivityType',
  type: { name: string; version: string },
): string {
  return `${kind}=[name=${type.name}, version=${type.version}]`;
}

/** A type that does not exist. */
export function unknownType(
  kind: 'WorkflowType' | 'ActivityType',
  type: { name: string; version: string },
): Fault {
  return { name: 'UnknownResourceFault', message: `Unknown type: ${typeText(kind, type)}` };
}

/** An execution that does not exist or, where an open one is needed, is closed. Without a runId: no open one. */
export function unknownExecution(workflowId: string, runId: string | undefined): Fault {
  const message =
    runId === undefined || runId === ''
      ? `Unknown execution, workflowId = ${workflowId}`
      : `Unknown execution: WorkflowExecution=[workflowId=${workflowId}, runId=${runId}]`;
  return { name: 'UnknownResourceFault', message };
}

/** A task that is no longer open, in an execution that is. */
export function unknownTask(kind: 'activity' | 'decision', scheduledEventId: number): Fault {
  const noun = kind === 'activity' ? 'activity' : 'decision task';
  return { name: 'UnknownResourceFault', message: `Unknown ${noun}, scheduledEventId = ${scheduledEventId}` };
}

/** A task or page token that this server has not made, or not for this call. */
export const invalidToken: Fault = invalid('Invalid token');
