import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { OrderEvent } from '../../domain/order/events.js';
import { malformed, type SchemaProblem } from './problem.js';
import { instant } from './values.js';

/** The events by name. */
export type EventName = OrderEvent['type'];

/** The event with that name. */
export type EventNamed<Name extends EventName> = Extract<OrderEvent, { readonly type: Name }>;

/** One stored version of an event: how its data becomes the event as the domain knows it today. */
export interface StoredForm<Event> {
  readonly decode: (data: unknown) => E.Either<SchemaProblem, Event>;
}

/** The version that is written today. */
export interface CurrentForm<Event, Data = unknown> extends StoredForm<Event> {
  readonly writes: string;
  // A method, so that forms of different events fit one table.
  encode(event: Event): Data;
}

/** The form of an event that is written today. Its data are the event's fields without the name, which stands beside. */
export const current = <Name extends EventName, Fields extends t.Props>(type: Name, fields: Fields) => {
  const codec = t.strict({ type: t.literal(type), at: instant, ...fields }, type);
  type Event = t.TypeOf<typeof codec>;
  return {
    writes: type,
    decode: (data: unknown): E.Either<SchemaProblem, Event> => {
      const isRecord = typeof data === 'object' && data !== null && !Array.isArray(data);
      const decoded = codec.decode(isRecord ? { ...data, type } : data);
      return E.isRight(decoded) ? decoded : E.left(malformed(decoded.left));
    },
    encode(event: Event) {
      const { type: _, ...data } = codec.encode(event);
      return data;
    },
  };
};

/**
 * A form that was written once. `upcast` makes of it the data of the next version, which goes on from there: one
 * step a version, pure, and never changed once it is in use.
 */
export const older = <Event, Old, Data>(
  codec: t.Type<Old, unknown, unknown>,
  next: StoredForm<Event>,
  upcast: (old: Old) => Data,
): StoredForm<Event> => ({
  decode: (data) => {
    const old = codec.decode(data);
    return E.isRight(old) ? next.decode(upcast(old.right)) : E.left(malformed(old.left));
  },
});
