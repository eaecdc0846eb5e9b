import { handle } from './actions/handle.js';
import type { HandOut, Outcome } from './actions/outcome.js';
import type { Clock } from './clock.js';
import type { Veto } from './decisions/veto.js';
import { openPollerDesk, type Caller, type Poller, type PollerDesk } from './pollers.js';
import type { Fault } from './protocol/faults.js';
import { nextDeadline, tick } from './runs/expiry.js';
import { apply } from './state/apply.js';
import type { Change, Entry } from './state/change.js';
import { dump } from './state/dump.js';
import { emptyState, type Frozen, type State } from './state/state.js';
import type { Archive } from './storage/archive.js';
import { enterClosed } from './storage/closed-run.js';
import type { Mark } from './storage/shelf.js';
import { takeSnapshot, type Snapshot } from './storage/snapshot.js';

/** A call as it came in. */
export interface Asked {
  readonly region: string;
  readonly action: string;
  readonly input: unknown;
  /** A text that no other call has. */
  readonly freshId: string;
  readonly caller: Caller;
  /** May forbid single decisions of a completion. */
  readonly veto?: Veto | undefined;
}

/** An answer that may leave: what it tells is durable. */
export type Answer =
  { readonly type: 'done'; readonly body: string } | { readonly type: 'refused'; readonly fault: Fault };

/** The server without its protocol. */
export interface Service {
  /** Rejects when the journal has failed. */
  perform(asked: Asked): Promise<Answer>;
  /** The state of each region that was ever addressed. */
  regions(): ReadonlyMap<string, Frozen<State>>;
  /** The inputs of the long polls that wait in a region, by task list. */
  pollers(region: string): ReadonlyMap<string, readonly unknown[]>;
  /** Forgets everything that is kept in memory only; waiting polls are answered as if their time were over. */
  reset(): void;
  /** Answers waiting polls as if their time were over; later ones do not wait. */
  close(): void;
}

export interface ServiceOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly pollMilliseconds: number;
  /** What the journal held, oldest first. */
  readonly entries: Iterable<Entry>;
  /** Where changes go before answers leave; null keeps everything in memory only. */
  readonly journal: {
    append(entry: Entry): Promise<void>;
    rewrite(entries: AsyncIterable<Entry>): Promise<void>;
  } | null;
  /** Where closed runs go; without it they stay in memory, and in the journal. */
  readonly archive?: Omit<Archive, 'close'> | null;
  /**
   * Compaction begins when so many events in the journal are of no use any more, and more than are of use; default 20,000.
   */
  readonly compactAfter?: number;
}

type Settled = Outcome & { readonly type: 'done' };
type Refused = Outcome & { readonly type: 'refused' };

interface Region {
  readonly name: string;
  state: State;
  readonly desk: PollerDesk<Settled>;
}

const mostPollersPerList = 1000;
/** Putting a run away once more, at the next start, takes as long as replaying this many events. */
const eventsPerClosing = 20;

/** Rebuilds the state from the entries and begins to serve. Deadlines that passed in the meantime expire now. */
export function openService(options: ServiceOptions): Service {
  const { clock, account, journal, pollMilliseconds, archive = null, compactAfter = 20_000 } = options;
  const regions = new Map<string, Region>();
  let latest = 0;
  let durable: Promise<void> | null = null;
  let alarm: { at: number; cancel(): void } | null = null;
  let closing = false;
  let liveEvents = 0;
  let garbage = 0;
  let compacting = false;
  let snapshot: Snapshot | null = null;

  function regionOf(name: string): Region {
    const known = regions.get(name);
    if (known !== undefined) return known;
    const region: Region = { name, state: emptyState(archive?.shelfOf(name)), desk: openPollerDesk() };
    regions.set(name, region);
    return region;
  }

  /** Histories must not run backwards, even if the machine's clock does. */
  function now(): number {
    latest = Math.max(latest, Math.floor(clock.now()));
    return latest;
  }

  function applyAll(region: Region, changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.type === 'eventsAppended' || change.type === 'heartbeatRecorded') {
        snapshot?.before(region.name, change.runId);
      } else if (change.type === 'handOutWithdrawn') snapshot?.before(region.name, change.runId);
      count(region.state, change);
      apply(region.state, change);
      if (archive === null || !('events' in change)) continue;
      // What has closed lies in the archive: the journal does without it from the next compaction on.
      const closed = region.state.closedRuns.get(change.runId);
      if (closed === undefined) continue;
      liveEvents -= closed.eventCount;
      garbage += closed.eventCount + eventsPerClosing;
    }
  }

  /** How much of the journal is still needed. */
  function count(state: State, change: Change): void {
    if ('events' in change) liveEvents += change.events.length;
    else garbage += 1;
    if (archive !== null || change.type !== 'runDeleted') return;
    const length = state.closedRuns.get(change.runId)?.eventCount ?? 0;
    liveEvents -= length;
    garbage += length;
  }

  function commit(region: Region, changes: readonly Change[], at: number): void {
    if (changes.length === 0) return;
    applyAll(region, changes);
    if (journal === null) return;
    durable = journal.append({ at, region: region.name, changes });
    durable.catch(() => undefined); // whoever waits for it hears of it
    if (garbage > liveEvents + compactAfter) compact();
  }

  function compact(): void {
    if (journal === null || compacting) return;
    compacting = true;
    garbage = 0;
    const mark = archive?.mark() ?? { segments: [] };
    journal
      .rewrite(archive === null ? eachOf(allEntries()) : entriesBehind(archive, mark))
      .then(() => archive?.settle(mark))
      .catch(() => undefined) // whoever appends hears of it
      .finally(() => {
        compacting = false;
        snapshot = null;
      });
  }

  /** The journal may do without the closed runs only when the archive has them on the disk. */
  async function* entriesBehind(shelves: Pick<Archive, 'sync'>, mark: Mark): AsyncIterable<Entry> {
    const taken = takeSnapshot(regions.values(), latest, mark);
    snapshot = taken;
    yield* taken.entries();
    snapshot = null;
    await shelves.sync();
  }

  function* allEntries(): Iterable<Entry> {
    for (const region of regions.values()) {
      for (const changes of dump(region.state)) yield { at: latest, region: region.name, changes };
    }
  }

  /** Brings in what the archive kept; runs whose retention had ended by then are gone. */
  function enterKept(at: number): void {
    for (const { region, run } of archive?.kept() ?? []) {
      const { state } = regionOf(region);
      const domain = state.domains.get(run.domain);
      if (domain === undefined) throw new Error(`no domain ${run.domain}`);
      if (run.due <= at) state.shelf.drop(run.place);
      else enterClosed(state, domain, run);
    }
  }

  function expire(region: Region, at: number): void {
    const changes: Change[] = [];
    for (let next = tick(region.state, at); next.length > 0; next = tick(region.state, at)) {
      applyAll(region, next);
      changes.push(...next);
    }
    if (changes.length === 0 || journal === null) return;
    durable = journal.append({ at, region: region.name, changes });
    durable.catch(() => undefined);
  }

  /** Draws all consequences of the last changes: deadlines that are over at once, and tasks for those who wait. */
  function settle(region: Region, at: number): void {
    for (;;) {
      expire(region, at);
      const poller = region.desk.next((list) => region.state.taskLists.has(list));
      if (poller === null) break;
      serve(region, poller, at);
    }
    arm();
  }

  function serve(region: Region, poller: Poller<Settled>, at: number): void {
    const { action, input } = poller;
    const outcome = handle(region.state, action, {
      input,
      now: at,
      freshId: '',
      region: region.name,
      account,
    });
    if (outcome.type !== 'done') throw new Error(`a ${action} that waited was not served`);
    commit(region, outcome.changes, at);
    poller.serve(outcome);
  }

  function arm(): void {
    let earliest = Infinity;
    for (const region of regions.values()) earliest = Math.min(earliest, nextDeadline(region.state));
    if (closing || earliest === Infinity || (alarm !== null && alarm.at <= earliest)) return;
    alarm?.cancel();
    const scheduled = clock.schedule(earliest, () => {
      alarm = null;
      const at = now();
      for (const region of regions.values()) settle(region, at);
    });
    alarm = { at: earliest, cancel: () => scheduled.cancel() };
  }

  function wait(region: Region, asked: Asked, list: string, emptyBody: string): Promise<Settled> {
    return new Promise((resolve) => {
      const { action, input, caller } = asked;
      const giveUp = (): void => {
        end.cancel();
        if (leave()) resolve({ type: 'done', changes: [], body: emptyBody });
      };
      const serve = (outcome: Settled): void => {
        end.cancel();
        resolve(outcome);
      };
      const leave = region.desk.admit(list, { action, input, caller, serve, giveUp });
      const end = clock.schedule(now() + pollMilliseconds, giveUp);
      caller.whenGone(giveUp);
    });
  }

  /** The poller hung up before the answer left: the task waits again, unless the history has gone on since. */
  function withdraw(region: Region, { runId, startedEventId }: HandOut): void {
    const run = region.state.runs.get(runId);
    if (run === undefined || run.closed !== null || run.history.length !== startedEventId) return;
    const at = now();
    commit(region, [{ type: 'handOutWithdrawn', runId, eventId: startedEventId }], at);
    settle(region, at);
  }

  async function perform(asked: Asked): Promise<Answer> {
    const region = regionOf(asked.region);
    const at = now();
    expire(region, at);
    const { action, input, freshId, veto } = asked;
    const call = { input, now: at, freshId, region: region.name, account, veto };
    const outcome = handle(region.state, action, call);
    if (outcome.type === 'done') commit(region, outcome.changes, at);
    settle(region, at);
    const final = outcome.type === 'wait' ? await waited(region, asked, outcome) : outcome;
    // Reads wait as well: they may tell of changes that are not on the disk yet.
    if (durable !== null) await durable;
    if (final.type === 'refused') return final;
    if (final.handOut !== undefined && asked.caller.gone) withdraw(region, final.handOut);
    return { type: 'done', body: final.body };
  }

  async function waited(
    region: Region,
    asked: Asked,
    { list, emptyBody }: Outcome & { type: 'wait' },
  ): Promise<Settled | Refused> {
    if (closing || asked.caller.gone) return { type: 'done', changes: [], body: emptyBody };
    if (region.desk.waitingIn(list) < mostPollersPerList) return wait(region, asked, list, emptyBody);
    const message = 'Limit on maximum concurrent poll requests per task list reached';
    return { type: 'refused', fault: { name: 'LimitExceededFault', message } };
  }

  function sendPollersHome(): void {
    for (const region of regions.values()) region.desk.clear();
  }

  for (const { at, region, changes } of options.entries) {
    latest = Math.max(latest, at);
    if (changes[0]?.type === 'runsShelved') enterKept(at);
    else applyAll(regionOf(region), changes);
  }
  if (garbage > liveEvents + compactAfter) compact();
  for (const region of regions.values()) settle(region, now());

  return {
    perform,
    regions: () => new Map([...regions].map(([name, region]) => [name, region.state])),
    pollers: (region) => regions.get(region)?.desk.waiting() ?? new Map(),
    reset() {
      sendPollersHome();
      for (const region of regions.values()) region.state = emptyState();
    },
    close() {
      closing = true;
      alarm?.cancel();
      sendPollersHome();
    },
  };
}

/** Read at once: what the entries are made from may change while they are written. */
function eachOf(entries: Iterable<Entry>): AsyncIterable<Entry> {
  const all = [...entries];
  return (async function* () {
    yield* all;
  })();
}
