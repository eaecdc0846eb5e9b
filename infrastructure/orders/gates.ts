/** Doors in front of orders: who waits for one goes on when it is opened. Orders without a door are open. */
export type Gates = {
  readonly passed: (orderId: string) => Promise<void>;
  readonly open: (orderId: string) => void;
  readonly openAll: () => void;
};

/** Doors that are closed in front of these orders. */
export const closedGates = (orderIds: readonly string[]): Gates => {
  const doors = new Map<string, { readonly passed: Promise<void>; readonly open: () => void }>();
  for (const orderId of orderIds) {
    let open = (): void => undefined;
    const passed = new Promise<void>((resolve) => (open = resolve));
    doors.set(orderId, { passed, open });
  }
  return {
    passed: (orderId) => doors.get(orderId)?.passed ?? Promise.resolve(),
    open: (orderId) => doors.get(orderId)?.open(),
    openAll: () => {
      for (const { open } of doors.values()) open();
    },
  };
};
