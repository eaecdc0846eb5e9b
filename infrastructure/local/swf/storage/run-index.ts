import { typeKey, type TypeReference } from '../state/state.js';
import { sortedRows, type SortedRows } from './sorted-rows.js';

/** What runs are listed by. */
export interface Listed {
  readonly workflowId: string;
  readonly workflowType: TypeReference;
  readonly startedAt: number;
  /** In the order of starting. */
  readonly sequence: number;
  readonly tagList: readonly string[] | undefined;
  readonly closed: { readonly at: number; readonly status: string } | null;
}

/** The member by which a list is narrowed; `all` narrows nothing. */
export type Trait = 'all' | 'workflowId' | 'typeName' | 'type' | 'tag' | 'status';
/** The time by which a list is ordered: when its runs started, or when they closed. */
export type TimeOf = 'start' | 'close';

/**
 * The open or the closed runs of one domain. Each kind of list that was ever asked for is kept sorted from then on, so
 * that a list or a count touches only what it tells.
 */
export interface RunIndex<Row extends Listed> {
  readonly size: () => number;
  readonly all: () => Iterable<Row>;
  readonly add: (row: Row) => void;
  readonly remove: (row: Row) => void;
  /** The runs with a value of a trait (of a type its key), in ascending order of a time; of one time, in the order of starting. */
  readonly list: (trait: Trait, value: string, timeOf: TimeOf) => SortedRows<Row>;
}

interface View<Row> {
  readonly trait: Trait;
  readonly timeOf: TimeOf;
  readonly lists: Map<string, SortedRows<Row>>;
}

/** An index without runs. */
export function runIndex<Row extends Listed>(): RunIndex<Row> {
  const rows = new Set<Row>();
  const views = new Map<string, View<Row>>();

  function enter(view: View<Row>, row: Row): void {
    for (const value of valuesOf(row, view.trait)) {
      const list = view.lists.get(value);
      if (list === undefined) view.lists.set(value, listOf(view.timeOf, [row]));
      else list.add(row);
    }
  }

  function viewOf(trait: Trait, timeOf: TimeOf): View<Row> {
    const name = `${trait} ${timeOf}`;
    const known = views.get(name);
    if (known !== undefined) return known;
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      for (const value of valuesOf(row, trait)) {
        const group = groups.get(value);
        if (group === undefined) groups.set(value, [row]);
        else group.push(row);
      }
    }
    const lists = new Map([...groups].map(([value, group]) => [value, listOf(timeOf, group)]));
    const view: View<Row> = { trait, timeOf, lists };
    views.set(name, view);
    return view;
  }

  return {
    size: () => rows.size,
    all: () => rows,
    add(row) {
      rows.add(row);
      for (const view of views.values()) enter(view, row);
    },
    remove(row) {
      rows.delete(row);
      for (const { trait, lists } of views.values()) {
        for (const value of valuesOf(row, trait)) {
          const list = lists.get(value);
          list?.remove(row);
          if (list?.isEmpty() === true) lists.delete(value);
        }
      }
    },
    list: (trait, value, timeOf) =>
      viewOf(trait, timeOf).lists.get(trait === 'all' ? '' : value) ?? listOf<Row>(timeOf, []),
  };
}

function listOf<Row extends Listed>(timeOf: TimeOf, initial: readonly Row[]): SortedRows<Row> {
  return timeOf === 'start'
    ? sortedRows((row: Row) => ({ time: row.startedAt, sequence: row.sequence }), initial)
    : sortedRows((row: Row) => ({ time: row.closed?.at ?? 0, sequence: row.sequence }), initial);
}

function valuesOf(row: Listed, trait: Trait): Iterable<string> {
  switch (trait) {
    case 'all':
      return [''];
    case 'workflowId':
      return [row.workflowId];
    case 'typeName':
      return [row.workflowType.name];
    case 'type':
      return [typeKey(row.workflowType)];
    case 'tag':
      return new Set(row.tagList);
    case 'status':
      return row.closed === null ? [] : [row.closed.status];
  }
}
