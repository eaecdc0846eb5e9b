/** What can go wrong with one call, on command. */
export type Fault =
  /** All connections are cut, and nothing was done. */
  | { readonly type: 'cut_before' }
  /** It is done, and all connections are cut before the answer. */
  | { readonly type: 'cut_after' }
  /** Refused with gRPC's UNAVAILABLE; nothing was done. */
  | { readonly type: 'unavailable' }
  /** Refused by a node that does not lead its cluster. */
  | { readonly type: 'not_leader'; readonly host: string; readonly port: number }
  /** Refused for want of rights. */
  | { readonly type: 'access_denied' }
  /** The node itself gave up; it may have been done, and here it has. */
  | { readonly type: 'node_timeout' }
  /** Neither done nor answered. */
  | { readonly type: 'silent_before' }
  /** Done and answered when the promise is kept. */
  | { readonly type: 'late'; readonly until: Promise<unknown> };

/** The calls that can be made to fail. */
export type Operation = 'features' | 'append' | 'read' | 'subscribe';

/** The faults that wait for their calls. */
export type Faults = {
  /** The next call of that kind that no earlier fault waits for fails so. */
  readonly next: (operation: Operation, fault: Fault) => void;
  /** The fault of a call that has come in; null when all is well. */
  readonly take: (operation: Operation) => Fault | null;
  /** Takes back what has not happened. */
  readonly clear: () => void;
};

/** No faults yet. */
export const createFaults = (): Faults => {
  const waiting: Array<{ readonly operation: Operation; readonly fault: Fault }> = [];
  return {
    next: (operation, fault) => waiting.push({ operation, fault }),
    take: (operation) => {
      const index = waiting.findIndex((entry) => entry.operation === operation);
      return index < 0 ? null : (waiting.splice(index, 1)[0]?.fault ?? null);
    },
    clear: () => {
      waiting.length = 0;
    },
  };
};
