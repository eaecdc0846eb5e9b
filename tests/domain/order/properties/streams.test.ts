// Money, goods and the end of every history that can happen. A failure prints its seed and the shortest story.
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasPassed } from '../../../../domain/instant.js';
import { decide } from '../../../../domain/order/decide.js';
import type { OrderEvent } from '../../../../domain/order/events.js';
import { evolve, fold } from '../../../../domain/order/evolve.js';
import { type PlacedOrder, reservationOf } from '../../../../domain/order/order.js';
import { finalPhases, phaseOf } from '../../../../domain/order/phase.js';
import { mailTold } from '../../../../domain/order/rules/mails.js';
import { nextPayment } from '../../../../domain/order/rules/next-payment.js';
import { amountDue } from '../../../../domain/order/rules/totals.js';
import * as the from '../../../support/examples.js';
import { instantOf } from '../../../support/ids.js';
import { aHistory, aNonsenseStream, type HistoryStep } from '../../../support/order/arbitraries.js';
import { commandsFor } from '../../../support/order/random-commands.js';
import { commandNames } from '../../../support/order/command-names.js';
import { endedFacts } from './ending.js';
import { checkStream, of, ordersAlong } from './invariants.js';

const runs = { numRuns: 300 };

const holds = (check: (events: readonly OrderEvent[], steps: readonly HistoryStep[]) => void): void =>
  fc.assert(
    fc.property(aHistory, ({ events, steps }) => check(events, steps)),
    runs,
  );

/** The last moment of a history, in milliseconds. */
const lastMoment = (events: readonly OrderEvent[], steps: readonly HistoryStep[]): number =>
  steps.at(-1)?.command.at ?? events.at(-1)?.at ?? the.opening;

describe('any stream of well-formed facts', () => {
  it('is folded without a throw, and counts its revisions', () => {
    fc.assert(
      fc.property(aNonsenseStream, (events) => {
        const order = fold(events);
        const first = events.findIndex(({ type }) => type === 'OrderPlaced');
        if (order.type === 'no_order') {
          expect(order.ignored).toBe(events.length);
        } else {
          expect(order.revision).toBe(events.length - first - 1);
          expect(typeof phaseOf(order)).toBe('string');
          expect(typeof nextPayment(order)).toBe('string');
        }
      }),
      runs,
    );
  });

  it('can be asked anything without a throw', () => {
    fc.assert(
      fc.property(aNonsenseStream, fc.nat(10_000), (events, variant) => {
        const order = fold(events);
        for (const command of commandsFor(order, the.opening + variant * 1000, variant)) {
          expect(['Left', 'Right']).toContain(decide(order, command)._tag);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('every history', () => {
  it('keeps every rule about money, goods, answers and its end', () => {
    holds((events) => checkStream(events));
  });

  it('adds nothing when a command is asked again', () => {
    holds((_events, steps) => {
      for (const { before, command, added } of steps) {
        if (added === null || added.length === 0) continue;
        const again = decide(added.reduce(evolve, before), command);
        if (E.isRight(again)) expect(again.right).toStrictEqual([]);
      }
    });
  });

  it('charges what was packed, never more', () => {
    holds((events) => {
      for (const { payment, fulfilment, terms } of ordersAlong(events)) {
        if (payment.status !== 'charged') continue;
        if (fulfilment.status === 'waiting') throw new Error('charged before it was picked');
        expect(amountDue(terms, fulfilment.lines)).toStrictEqual(E.right(payment.amount));
      }
    });
  });

  it('asks for all that it owes, and for no more', () => {
    holds((events) => {
      const orders = ordersAlong(events);
      for (const [index, event] of events.entries()) {
        const order = orders[index];
        if (event.type !== 'CardReservationRequested' || order === undefined) continue;
        const { fulfilment, terms } = order;
        const owed =
          fulfilment.status === 'waiting' ? E.right(terms.total) : amountDue(terms, fulfilment.lines);
        expect(E.right(event.amount)).toStrictEqual(owed);
      }
    });
  });

  it('never tries a refused card again, nor any card more than three times a day, nor more than five times in vain', () => {
    holds((events) => {
      const asked = of(events, 'CardReservationRequested');
      for (const { at, attempt, paymentMethod } of asked) {
        const before = asked.filter((other) => other.attempt < attempt);
        const sameCard = before.filter((other) => other.paymentMethod === paymentMethod);
        const sameDay = sameCard.filter((other) => at < other.at + 86_400_000);
        expect(sameDay.length).toBeLessThan(3);
        const declines = of(events, 'CardDeclined').filter((decline) => decline.attempt < attempt);
        expect(declines.length).toBeLessThan(5);
        const hard = declines.filter(({ decline }) => decline.class === 'hard');
        for (const decline of hard) {
          expect(sameCard.map((other) => other.attempt)).not.toContain(decline.attempt);
        }
      }
    });
  });

  it('never charges again what an issuer refused to pay', () => {
    holds((events) => {
      const orders = ordersAlong(events);
      const refused = new Set<number>();
      for (const [index, event] of events.entries()) {
        const attempt = orders
          .slice(index, index + 1)
          .map(({ payment }) => reservationOf(payment)?.attempt)[0];
        if (attempt === undefined) continue;
        if (event.type === 'ChargeRequested') expect(refused).not.toContain(attempt);
        if (event.type === 'ChargeFailed' && event.decline.class !== 'soft') refused.add(attempt);
      }
    });
  });

  it('goes on with the earlier reservation when its renewal is refused', () => {
    holds((events) => {
      const orders = ordersAlong(events);
      let renewed: number | null = null;
      for (const [index, event] of events.entries()) {
        const before = orders[index - 1]?.payment;
        if (event.type === 'CardReservationRequested') {
          renewed = before?.status === 'reserved' ? before.reservation.attempt : null;
        }
        if (event.type === 'CardReservationExpired' && event.attempt === renewed) renewed = null;
        const now = orders[index]?.payment;
        if (event.type === 'CardDeclined' && renewed !== null && now !== undefined) {
          expect(reservationOf(now)?.attempt).toBe(renewed);
        }
      }
    });
  });

  it('takes nothing from a reservation that had ended', () => {
    holds((events) => {
      for (const order of ordersAlong(events)) {
        const { payment } = order;
        if (payment.status !== 'charging') continue;
        expect(hasPassed(payment.reservation.captureBefore, payment.request.requestedAt)).toBe(false);
      }
    });
  });
});

/** What may be asked next is never refused, but for a card that rests until tomorrow. */
const isHeard = (order: PlacedOrder, milliseconds: number): void => {
  const { lifecycle, stock, fulfilment, payment, holds: reasons } = order;
  const at = instantOf(milliseconds);
  const open = lifecycle.stage === 'validated' || lifecycle.stage === 'released';
  const goodsHeld = stock.status === 'committed' || stock.status === 'reserved';
  if (!open || !goodsHeld) return;
  const next = nextPayment(order);
  if (next === 'reserve' || next === 'reserve_soon') {
    const decision = decide(order, { ...the.requestReservation, at });
    expect(E.isRight(decision) ? decision.right[0]?.type : decision.left.type).toMatch(
      /^(CardReservationRequested|card_tried_too_often)$/,
    );
  }
  const reservation = reservationOf(payment);
  const chargeable = reservation !== null && !hasPassed(reservation.captureBefore, at);
  if (next === 'charge_soon' && fulfilment.status === 'packed' && reasons.size === 0 && chargeable) {
    expect(decide(order, { ...the.requestCharge, at })).toMatchObject({ _tag: 'Right' });
  }
  // While an earlier reservation stands nobody gives the order up: that one carries it, or ends.
  const carried = payment.status === 'declined' && payment.held !== null;
  if ((next === 'ask' || next === 'give_up') && !carried) {
    const late = instantOf(milliseconds + 10 * 86_400_000);
    expect(decide(order, { ...the.giveUp, at: late })).toMatchObject({ _tag: 'Right' });
  }
};

describe('from every history', () => {
  it('the next step about the money is possible', () => {
    holds((events, steps) => {
      const order = fold(events);
      if (order.type === 'placed_order') isHeard(order, lastMoment(events, steps));
    });
  });

  it('the order can be brought to an end, with everything given back or shipped', () => {
    holds((events, steps) => {
      const order = fold(events);
      if (order.type === 'no_order') return;
      const all = [...events, ...endedFacts(order, lastMoment(events, steps))];
      checkStream(all);
      const ended = fold(all);
      if (ended.type === 'no_order') throw new Error('an order cannot vanish');
      expect([...finalPhases]).toContain(phaseOf(ended));
    });
  });
});

describe('the histories', () => {
  it('reach every end, every command and every fact often enough to mean something', () => {
    const sample = fc.sample(aHistory, { numRuns: 1_000, seed: 20_260_105 });
    const phases = sample.map(({ events }) => {
      const order = fold(events);
      return order.type === 'placed_order' ? phaseOf(order) : null;
    });
    for (const phase of finalPhases) {
      expect(phases.filter((reached) => reached === phase).length, phase).toBeGreaterThan(15);
    }
    const heard = new Map<string, number>();
    for (const { steps } of sample) {
      const fruitful = steps.filter(({ added }) => added !== null && added.length > 0);
      const names = fruitful.flatMap(({ command, added }) => [
        command.type,
        ...(added ?? []).map(({ type }) => type),
      ]);
      for (const name of new Set<string>(names)) heard.set(name, (heard.get(name) ?? 0) + 1);
    }
    const all = [...commandNames, ...Object.keys(mailTold)];
    expect(all.filter((name) => (heard.get(name) ?? 0) < 3)).toStrictEqual([]);
  });
});
