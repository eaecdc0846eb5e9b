// What must add up once an order's process has ended, read from the books of the card processor, the stock ledger and
// the mail service, and compared with the order's own facts.
import { expect } from 'vitest';
import type { NotificationKind } from '../../../domain/order/events.js';
import { type Phase, phaseOf } from '../../../domain/order/phase.js';
import type { World } from './world.js';

/** How an order may end, with the mails that tell of it. */
const mailsOf: Readonly<Partial<Record<Phase, readonly NotificationKind[]>>> = {
  Completed: ['order_confirmed', 'order_shipped'],
  Rejected: ['order_rejected'],
  Cancelled: ['order_cancelled'],
};

/**
 * The books balance, and the order stands in one of these final phases. Answers with the phase. After
 * several faults a mail and its one repeat may both have come to nothing, and then the order knows that it is in doubt.
 */
export const expectCleanSlate = async (
  world: World,
  ends: readonly Phase[],
  severalFaults = false,
): Promise<Phase> => {
  const order = await world.order();
  const events = await world.events();
  const phase = phaseOf(order);
  expect(ends).toContain(phase);
  const shipped = phase === 'Completed';

  // Money: one attempt at most; taken once when shipped, and let go otherwise.
  const { entries } = world;
  expect(entries.length).toBeLessThanOrEqual(1);
  expect(entries.filter(({ status }) => status === 'live')).toStrictEqual([]);
  const charged = entries.flatMap((entry) => (entry.charged === null ? [] : [entry.charged.minor]));
  expect(charged).toStrictEqual(shipped ? [4580] : []);
  expect(events.filter(({ type }) => type === 'Charged')).toHaveLength(shipped ? 1 : 0);
  expect(['reserving', 'charging', 'reserved']).not.toContain(order.payment.status);

  // Goods: the shelves hold what was not shipped, and nothing is kept for anybody.
  const { hearts, stands } = world.shelves;
  expect(await world.levels()).toStrictEqual([
    { onHand: shipped ? stands - 2 : stands, held: 0 },
    { onHand: shipped ? hearts - 6 : hearts, held: 0 },
  ]);

  // Mails: each that is told, once; twice at most, and then the order knows that it may have been.
  const count = (kind: NotificationKind): number => world.mails.filter((mail) => mail.kind === kind).length;
  for (const kind of ['order_confirmed', 'order_shipped', 'order_rejected', 'order_cancelled'] as const) {
    const doubts = events.filter((event) => event.type === 'NotificationPossiblySent' && event.kind === kind);
    expect(count(kind)).toBeLessThanOrEqual(1 + Math.min(doubts.length, 1));
    const isDue = mailsOf[phase]?.includes(kind) === true;
    const status = order.notifications.find((notification) => notification.kind === kind)?.status;
    if (isDue && !(severalFaults && status === 'possibly_sent')) {
      expect(count(kind)).toBeGreaterThanOrEqual(1);
    }
    const allowed = isDue || kind === 'order_confirmed';
    if (!allowed) expect(count(kind)).toBe(0);
  }
  if (phase === 'Rejected') expect(count('order_confirmed')).toBe(0);
  return phase;
};
