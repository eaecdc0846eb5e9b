/** A task that waits to be polled. Nodes of one priority form a chain, so that any of them can leave at once. */
export interface WaitingTask {
  readonly runId: string;
  readonly scheduledEventId: number;
  readonly priority: number;
  readonly list: TaskList;
  before: WaitingTask | null;
  after: WaitingTask | null;
}

/** The waiting tasks of one list. Lists exist only while something waits in them. */
export interface TaskList {
  readonly key: string;
  size: number;
  /** Highest priority first. */
  readonly lanes: Lane[];
}

interface Lane {
  readonly priority: number;
  first: WaitingTask | null;
  last: WaitingTask | null;
}

/** All lists that hold a task, by key. */
export type TaskLists = Map<string, TaskList>;

/** Activity and decision lists of the same name are different lists. */
export function taskListKey(kind: 'activity' | 'decision', domain: string, name: string): string {
  return `${kind} ${domain}:${name}`; // no name holds a colon
}

/** Adds a task behind those of its priority, or before them when it comes back from a hand-out that failed. */
export function enqueue(
  lists: TaskLists,
  key: string,
  task: { runId: string; scheduledEventId: number; priority: number },
  place: 'last' | 'first',
): WaitingTask {
  const list = lists.get(key) ?? { key, size: 0, lanes: [] };
  lists.set(key, list);
  const lane = laneOf(list, task.priority);
  const { runId, scheduledEventId, priority } = task;
  const node: WaitingTask = { runId, scheduledEventId, priority, list, before: null, after: null };
  if (place === 'last') {
    node.before = lane.last;
    if (lane.last === null) lane.first = node;
    else lane.last.after = node;
    lane.last = node;
  } else {
    node.after = lane.first;
    if (lane.first === null) lane.last = node;
    else lane.first.before = node;
    lane.first = node;
  }
  list.size += 1;
  return node;
}

/** Takes a task out, wherever it stands. */
export function dequeue(lists: TaskLists, node: WaitingTask): void {
  const { list } = node;
  const index = list.lanes.findIndex((lane) => lane.priority === node.priority);
  const lane = list.lanes[index];
  if (lane === undefined) return;
  if (node.before === null) lane.first = node.after;
  else node.before.after = node.after;
  if (node.after === null) lane.last = node.before;
  else node.after.before = node.before;
  list.size -= 1;
  if (lane.first === null) list.lanes.splice(index, 1);
  if (list.size === 0) lists.delete(list.key);
}

/** Something like a waiting task, as far as walking along its chain needs it. */
interface Link {
  readonly runId: string;
  readonly scheduledEventId: number;
  readonly after: Link | null;
}

/** The tasks of a list in the order in which they are handed out. */
export function* waitingTasks(list: {
  readonly lanes: readonly { readonly first: Link | null }[];
}): Iterable<Link> {
  for (const lane of list.lanes) {
    for (let task = lane.first; task !== null; task = task.after) yield task;
  }
}

function laneOf(list: TaskList, priority: number): Lane {
  const index = list.lanes.findIndex((lane) => lane.priority <= priority);
  const found = list.lanes[index];
  if (found?.priority === priority) return found;
  const lane: Lane = { priority, first: null, last: null };
  list.lanes.splice(index === -1 ? list.lanes.length : index, 0, lane);
  return lane;
}
