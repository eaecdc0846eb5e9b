import { list, oneOf, structure, text, type Rule } from './rules.js';

/** Parts of requests that several actions and decisions share; the limits are those of the service model. */

// ':', '/', '|', control characters and the bare word "arn" are forbidden in everything that names something.
const forbidden = /[:/|\p{Cc}]/u;
const plainName = {
  shown: '[^:/|\\u0000-\\u001f\\u007f-\\u009f]+ and not "arn"',
  test: (value: string) => !forbidden.test(value) && value !== 'arn',
};
const trimmedName = {
  shown: '[^:/|\\s\\u0000-\\u001f\\u007f-\\u009f]([^:/|\\u0000-\\u001f\\u007f-\\u009f]*\\S)? and not "arn"',
  test: (value: string) => plainName.test(value) && value.trim() === value,
};
const seconds = { shown: '[0-9]+', test: (value: string) => /^[0-9]+$/.test(value) };
const secondsOrNone = {
  shown: '[0-9]+|NONE',
  // An empty text counts as absent where the model allows length 0.
  test: (value: string) => /^([0-9]+|NONE)?$/.test(value),
};
const oneYear = 31_536_000;
const yearOfSeconds = {
  shown: `[0-9]+ up to ${oneYear}`,
  test: (value: string) => value === '' || (/^[0-9]+$/.test(value) && Number(value) <= oneYear),
};
const quarterHour = {
  shown: '[0-9]+ from 1 to 900',
  test: (value: string) =>
    value === '' || (/^[0-9]+$/.test(value) && Number(value) >= 1 && Number(value) <= 900),
};
const days = {
  shown: '([0-9]|[1-8][0-9]|90)|NONE',
  test: (value: string) => value === 'NONE' || (/^[0-9]{1,8}$/.test(value) && Number(value) <= 90),
};
const signed32 = {
  shown: '-?[0-9]+ between -2147483648 and 2147483647',
  test: (value: string) => /^[+-]?[0-9]+$/.test(value) && Math.abs(Number(value) + 0.5) <= 2_147_483_647.5,
};

/** A domain's name. */
export const domainName = text({ atLeast: 1, atMost: 256, pattern: trimmedName });
/** A type's name. */
export const typeName = text({ atLeast: 1, atMost: 256, pattern: plainName });
/** A type's version. */
export const typeVersion = text({ atLeast: 1, atMost: 64, pattern: plainName });
/** A workflowId, activityId or timerId. */
export const identifier = text({ atLeast: 1, atMost: 256, pattern: plainName });
/** A signalName or markerName. */
export const label = text({ atLeast: 1, atMost: 256 });
/** A runId where it is required. */
export const runId = text({ atLeast: 1, atMost: 64 });
/** A runId where it may be left out; the empty text counts as left out. */
export const anyRunId = text({ atMost: 64 });
/** input, result, control, details of closings, executionContext. */
export const data = text({ atMost: 32_768 });
/** Details of a heartbeat. */
export const heartbeatDetails = text({ atMost: 2048 });
/** A reason or an identity. */
export const remark = text({ atMost: 256 });
/** A description. */
export const description = text({ atMost: 1024 });
/** A task token. */
export const taskToken = text({ atLeast: 1, atMost: 1024 });
/** A page token. */
export const pageToken = text({ atMost: 2048 });
/** A timer's duration: seconds, no NONE. */
export const timerDuration = text({ atLeast: 1, atMost: 8, pattern: seconds });
/** A task's timeout: seconds or NONE; the empty text counts as absent. */
export const taskTimeout = text({ atMost: 8, pattern: secondsOrNone });
/** An execution's timeout: seconds up to one year; the empty text counts as absent. */
export const executionTimeout = text({ atMost: 8, pattern: yearOfSeconds });
/** A function's timeout: 1 to 900 seconds; the empty text counts as absent. */
export const functionTimeout = text({ atMost: 8, pattern: quarterHour });
/** Days that a closed execution is kept: 0 to 90 or NONE, which means 0. */
export const retention = text({ atLeast: 1, atMost: 8, pattern: days });
/** A task's priority: a signed 32-bit number as text. */
export const priority = text({ pattern: signed32 });
/** An ARN of a role or a resource. */
export const arn = text({ atLeast: 1, atMost: 1600 });
/** Tags of an execution: at most five. */
export const tagList = list(text({ atMost: 256 }), 5);
/** What happens to open children when their parent is terminated or times out. */
export const childPolicy = oneOf(['TERMINATE', 'REQUEST_CANCEL', 'ABANDON']);
/** Status of a domain or a type. */
export const registrationStatus = oneOf(['REGISTERED', 'DEPRECATED']);
/** How an execution ended. */
export const closeStatus = oneOf([
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
]);
/** A task list that is named for later use. */
export const taskList = structure({ name: text({ atLeast: 1, atMost: 256, pattern: plainName }) });
/** A task list that is polled or counted. */
export const polledTaskList = structure({ name: text({ atLeast: 1, atMost: 256, pattern: trimmedName }) });
/** A type's name and version. */
export const typeReference = structure({ name: typeName, version: typeVersion });
/** One run. */
export const execution = structure({ workflowId: identifier, runId });
/** The key of a domain's tag. */
export const resourceTagKey = text({ atLeast: 1, atMost: 128 });
/** A tag of a domain. */
export const resourceTag: Rule<{ readonly key: string; readonly value?: string }> = structure(
  { key: resourceTagKey },
  { value: text({ atMost: 256 }) },
);
