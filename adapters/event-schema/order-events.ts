import * as E from 'fp-ts/lib/Either.js';
import type { OrderEvent } from '../../domain/order/events.js';
import type { SchemaProblem } from './problem.js';
import { storedEvents } from './stored-events.js';
import type { CurrentForm, EventName, StoredForm } from './stored-form.js';

/** An event as it is stored: a name with its version such as `OrderPlaced.v1`, and data that JSON can hold. */
export type StoredEventData = { readonly name: string; readonly data: unknown };

/** A way to store and read events, made of a table of stored forms. */
export type EventSchema = {
  /** The event in the highest version of its form. */
  readonly encode: (event: OrderEvent) => StoredEventData;
  /** The event that was stored under that name, in whichever version; a problem never quotes the data. */
  readonly decode: (name: string, data: unknown) => E.Either<SchemaProblem, OrderEvent>;
};

type AnyForm = StoredForm<OrderEvent> | CurrentForm<OrderEvent>;

/** Makes a schema of a table whose keys are stored names. Every event must have exactly one current form in it. */
export const eventSchema = (forms: Readonly<Record<string, AnyForm>>): EventSchema => {
  const byName = new Map<string, AnyForm>(Object.entries(forms));
  const written = new Map<string, { readonly name: string; readonly form: CurrentForm<OrderEvent> }>();
  for (const [name, form] of byName) if ('writes' in form) written.set(form.writes, { name, form });
  return {
    encode: (event) => {
      const found = written.get(event.type);
      if (found === undefined) throw new Error(`no stored form is written for ${event.type}`);
      return { name: found.name, data: found.form.encode(event) };
    },
    decode: (name, data) => byName.get(name)?.decode(data) ?? E.left({ type: 'name_unknown' }),
  };
};

/** The schema of the order streams. */
export const orderEvents: EventSchema = eventSchema(storedEvents);

/** Every event that has a stored form. */
export const eventNames: readonly EventName[] = Object.values(storedEvents).flatMap((form) =>
  'writes' in form ? [form.writes] : [],
);
