/** Something that has to be looked at when its time comes. */
export interface Dated {
  /** Milliseconds since 1970; Infinity when nothing is pending. */
  due: number;
  /** Breaks ties: the lower comes first. */
  readonly sequence: number;
  /** Place in the heap; -1 while outside. */
  heapIndex: number;
}

/** A binary heap, earliest first. Each item is in it at most once and can move or leave at any time. */
export type DueQueue<Item extends Dated> = Item[];

/** Brings the item to the place that its `due` asks for; an item without a due time leaves. */
export function reschedule<Item extends Dated>(queue: DueQueue<Item>, item: Item): void {
  if (item.due === Infinity) {
    remove(queue, item);
    return;
  }
  if (item.heapIndex === -1) {
    item.heapIndex = queue.length;
    queue.push(item);
  }
  rise(queue, item);
  sink(queue, item);
}

/** Takes the item out, if it is in. */
export function remove<Item extends Dated>(queue: DueQueue<Item>, item: Item): void {
  const index = item.heapIndex;
  if (index === -1) return;
  item.heapIndex = -1;
  const last = queue.pop();
  if (last === undefined || last === item) return;
  put(queue, last, index);
  rise(queue, last);
  sink(queue, last);
}

function earlier(one: Dated, other: Dated): boolean {
  return one.due < other.due || (one.due === other.due && one.sequence < other.sequence);
}

function put<Item extends Dated>(queue: DueQueue<Item>, item: Item, index: number): void {
  queue[index] = item;
  item.heapIndex = index;
}

function rise<Item extends Dated>(queue: DueQueue<Item>, item: Item): void {
  for (let index = item.heapIndex; index > 0; index = item.heapIndex) {
    const parentIndex = (index - 1) >> 1;
    const parent = queue[parentIndex];
    if (parent === undefined || !earlier(item, parent)) return;
    put(queue, parent, index);
    put(queue, item, parentIndex);
  }
}

function sink<Item extends Dated>(queue: DueQueue<Item>, item: Item): void {
  for (;;) {
    const index = item.heapIndex;
    const left = queue[2 * index + 1];
    const right = queue[2 * index + 2];
    const child = left !== undefined && right !== undefined && earlier(right, left) ? right : left;
    if (child === undefined || !earlier(child, item)) return;
    const childIndex = child.heapIndex;
    put(queue, child, index);
    put(queue, item, childIndex);
  }
}
