// What may be said of a failed database call. A server's message can repeat the values of the statement, so only its
// code is passed on, and of the client's own messages only those known to be constant.
const constantMessages: ReadonlySet<string> = new Set([
  'Connection terminated',
  'Connection terminated due to connection timeout',
  'Connection terminated unexpectedly',
  'Cannot use a pool after calling end on the pool',
  'Query read timeout',
  'timeout exceeded when trying to connect',
]);

/** The SQLSTATE or system error code of a failure, such as `40P01` or `ECONNREFUSED`; null when it has none. */
export function failureCode(failure: unknown): string | null {
  if (!(failure instanceof Error) || !('code' in failure)) return null;
  const { code } = failure;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : null;
}

/** Why a database call failed, in words that hold no values. */
export function failureReason(failure: unknown): string {
  const code = failureCode(failure);
  if (code !== null) return `failed with ${code}`;
  return failure instanceof Error && constantMessages.has(failure.message)
    ? failure.message
    : 'failed without a code';
}
