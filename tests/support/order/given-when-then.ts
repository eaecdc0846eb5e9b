// Specifications of the order: what happened, what is asked, and exactly what follows. Every field and the order count.
import * as E from 'fp-ts/lib/Either.js';
import { expect } from 'vitest';
import type { OrderCommand } from '../../../domain/order/commands.js';
import { decide } from '../../../domain/order/decide.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import { fold } from '../../../domain/order/evolve.js';
import type { Refusal } from '../../../domain/order/refusal.js';

/** What a specification may demand of a command. */
export type Outcome = {
  /** Exactly these facts, in this order. */
  readonly then: (...events: readonly OrderEvent[]) => void;
  /** Carried out before: no facts. */
  readonly thenNothing: () => void;
  /** Exactly this refusal. */
  readonly thenRefused: (refusal: Refusal) => void;
};

/** `given(placed).when(authenticate).then(authenticated)`: the facts stored so far, a command, what it adds. */
export const given = (
  ...events: readonly OrderEvent[]
): { readonly when: (command: OrderCommand) => Outcome } => ({
  when: (command) => {
    const decision = decide(fold(events), command);
    return {
      then: (...expected) => expect(decision).toStrictEqual(E.right(expected)),
      thenNothing: () => expect(decision).toStrictEqual(E.right([])),
      thenRefused: (refusal) => expect(decision).toStrictEqual(E.left(refusal)),
    };
  },
});
