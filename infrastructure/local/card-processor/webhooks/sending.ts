/** How a request to an endpoint came out; `said` is its status, or why there was no answer. */
export interface Arrival {
  readonly arrived: boolean;
  readonly said: string;
}

/** Posts once. Only an answer in the 200s counts as arrived: a redirect does not. Never rejects. */
export async function post(letter: {
  readonly url: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until it counts as unanswered. */
  readonly within: number;
  readonly signal: AbortSignal;
}): Promise<Arrival> {
  const outOfTime = new AbortController();
  const giveUp = (): void => outOfTime.abort();
  const timer = setTimeout(giveUp, letter.within);
  letter.signal.addEventListener('abort', giveUp, { once: true });
  try {
    const response = await fetch(letter.url, {
      method: 'POST',
      headers: letter.headers,
      body: new Uint8Array(letter.body),
      redirect: 'manual',
      signal: outOfTime.signal,
    });
    await response.body?.cancel();
    return { arrived: response.ok, said: `HTTP ${response.status}` };
  } catch (failure) {
    return { arrived: false, said: outOfTime.signal.aborted ? 'no answer in time' : reasonOf(failure) };
  } finally {
    clearTimeout(timer);
    letter.signal.removeEventListener('abort', giveUp);
  }
}

function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'failed';
  const { cause } = failure;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : failure.message;
}
