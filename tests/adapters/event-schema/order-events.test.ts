// The golden files hold one stored event each, with the domain event it was when the form was written; the files of
// `upcasts` hold the step from an older form to the next and the event of today. They are never edited.
import { readdirSync, readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { decodeMetadata, encodeMetadata } from '../../../adapters/event-schema/metadata.js';
import { eventNames, eventSchema, orderEvents } from '../../../adapters/event-schema/order-events.js';
import { problemText } from '../../../adapters/event-schema/problem.js';
import { storedEvents } from '../../../adapters/event-schema/stored-events.js';
import { current, older } from '../../../adapters/event-schema/stored-form.js';
import { instant, money } from '../../../adapters/event-schema/values.js';

const folder = new URL('./golden/', import.meta.url);
const upcastFolder = new URL('./upcasts/', import.meta.url);

type Golden = { readonly name: string; readonly data: unknown; readonly event: unknown };
const isGolden = (value: unknown): value is Golden =>
  typeof value === 'object' && value !== null && 'name' in value && 'data' in value && 'event' in value;

type Upcast = Golden & { readonly nextName: string; readonly nextData: unknown };
const isUpcast = (value: Golden): value is Upcast => 'nextName' in value && 'nextData' in value;

const golden = (file: string, within = folder): Golden => {
  const parsed: unknown = JSON.parse(readFileSync(new URL(file, within), 'utf8'));
  if (!isGolden(parsed)) throw new Error(`${file} is no golden file`);
  return parsed;
};

const upcast = (file: string): Upcast => {
  const found = golden(file, upcastFolder);
  if (!isUpcast(found)) throw new Error(`${file} is no golden file of an upcast`);
  return found;
};

const files = readdirSync(folder).sort();
const upcasts = readdirSync(upcastFolder).sort();
const currentFiles = files.filter((file) => !upcasts.includes(file));

const eventNameOf = (storedName: string): string => storedName.split('.v')[0] ?? '';
const versionOf = (storedName: string): number => Number(storedName.split('.v')[1]);
const placed = golden('OrderPlaced.v1.json');

/** A copy of JSON with one field replaced; the path counts from the outside in. */
const replaced = (value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown => {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item, index) => (String(index) === key ? replaced(item, rest, by) : item));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    [...Object.entries(value), ...(key in value ? [] : [[key, undefined] as const])].map(([name, item]) => [
      name,
      name === key ? replaced(item, rest, by) : item,
    ]),
  );
};

describe('stored events', () => {
  it('have a golden file for every stored name, and no other', () => {
    expect(files).toEqual(
      Object.keys(storedEvents)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it('are written under the highest version that the event has', () => {
    const names = Object.keys(storedEvents);
    const highest = (event: string) =>
      Math.max(...names.filter((name) => eventNameOf(name) === event).map(versionOf));
    expect(new Set(names.map(eventNameOf))).toEqual(new Set<string>(eventNames));
    expect(currentFiles).toEqual([...eventNames].map((event) => `${event}.v${highest(event)}.json`).sort());
  });

  it.each(currentFiles)('%s becomes its event and is written back byte for byte', (file) => {
    const { name, data, event } = golden(file);
    expect(file).toBe(`${name}.json`);
    const decoded = orderEvents.decode(name, data);
    expect(decoded).toEqual(E.right(event));
    if (E.isLeft(decoded)) return;
    const encoded = orderEvents.encode(decoded.right);
    expect(encoded.name).toBe(name);
    expect(JSON.parse(JSON.stringify(encoded.data))).toEqual(data);
  });

  it('are unknown under any other name', () => {
    expect(orderEvents.decode('OrderPlaced.v9', placed.data)).toEqual(E.left({ type: 'name_unknown' }));
    expect(orderEvents.decode('constructor', {})).toEqual(E.left({ type: 'name_unknown' }));
  });

  it.each([
    ['lines/1/quantity', 0, 'Quantity'],
    ['lines/0/unitPrice', { minor: 1.5, currency: 'GBP' }, 'Money'],
    ['total/currency', 'GBX', 'Currency'],
    ['total/minor', '4605', 'number'],
    ['at', '2026-02-31T00:00:00.000Z', 'Instant'],
    ['at', '2026-03-14T09:26:53Z', 'Instant'],
    ['at', 1_773_480_413_589, 'Instant'],
    ['customerId', 'Somebody Private', 'CustomerId'],
    ['paymentMethod', '4242424242424242', 'PaymentMethodToken'],
    ['destination', undefined, 'CountryCode'],
  ])('are refused with %s being %j, without quoting it', (path, value, expected) => {
    const decoded = orderEvents.decode(placed.name, replaced(placed.data, path.split('/'), value));
    expect(decoded).toEqual(E.left({ type: 'malformed', path, expected }));
    if (E.isLeft(decoded)) expect(problemText(decoded.left)).toBe(`${path}: expected ${expected}`);
  });

  it.each([null, [], 'text', 7])('are refused when their data are %j', (data) => {
    expect(E.isLeft(orderEvents.decode(placed.name, data))).toBe(true);
  });

  it('name the reason of a rejection in which something is wrong', () => {
    const { name, data } = golden('OrderRejected.v1.json');
    const decoded = orderEvents.decode(name, replaced(data, ['reasons', '5', 'available'], -1));
    expect(decoded).toEqual(E.left(expect.objectContaining({ type: 'malformed', expected: 'WholeNumber' })));
  });
});

describe('older stored events', () => {
  it.each(upcasts)('%s still is what it was, said in the terms of today', (file) => {
    const { name, data, event } = golden(file);
    const decoded = orderEvents.decode(name, data);
    expect(decoded).toMatchObject({ _tag: 'Right', right: event });
  });

  it.each(upcasts)('%s goes by way of the next version', (file) => {
    const { name, data, nextName, nextData, event } = upcast(file);
    expect([`${name}.json`, data]).toEqual([file, golden(file).data]);
    expect([eventNameOf(nextName), versionOf(nextName)]).toEqual([eventNameOf(name), versionOf(name) + 1]);
    expect(orderEvents.decode(name, data)).toEqual(E.right(event));
    expect(orderEvents.decode(nextName, nextData)).toEqual(E.right(event));
  });

  it.each(upcasts)('%s is refused where it is wrong, and never changed', (file) => {
    const { name, data } = upcast(file);
    const before = JSON.stringify(data);
    const decoded = orderEvents.decode(name, replaced(data, ['kind'], 'order_teleported'));
    expect(decoded).toEqual(E.left({ type: 'malformed', path: 'kind', expected: 'NotificationKind' }));
    expect(E.isRight(orderEvents.decode(name, data))).toBe(true);
    expect(JSON.stringify(data)).toBe(before);
  });
});

describe('older versions', () => {
  // An event that changed twice: v1 had the amount in pence, v2 as an amount without a reference.
  const third = current('Charged', { attempt: t.number, amount: money, reference: t.string });
  const second = older(t.strict({ at: t.string, attempt: t.number, amount: t.unknown }), third, (old) => ({
    ...old,
    reference: 'not recorded',
  }));
  const first = older(t.strict({ at: t.string, attempt: t.number, pence: t.number }), second, (old) => ({
    at: old.at,
    attempt: old.attempt,
    amount: { minor: old.pence, currency: 'GBP' },
  }));
  const schema = eventSchema({ 'Charged.v1': first, 'Charged.v2': second, 'Charged.v3': third });
  const at = '2026-03-14T09:26:53.589Z';
  const event = {
    type: 'Charged',
    at: 1_773_480_413_589,
    attempt: 1,
    amount: { minor: 4350, currency: 'GBP' },
    reference: 'not recorded',
  };

  it('become the event of today one version at a time', () => {
    expect(schema.decode('Charged.v1', { at, attempt: 1, pence: 4350 })).toEqual(E.right(event));
    const amount = { minor: 4350, currency: 'GBP' };
    expect(schema.decode('Charged.v2', { at, attempt: 1, amount })).toEqual(E.right(event));
  });

  it('are never written again', () => {
    const decoded = schema.decode('Charged.v1', { at, attempt: 1, pence: 4350 });
    expect(E.isRight(decoded) && schema.encode(decoded.right).name).toBe('Charged.v3');
  });

  it('are refused where they are wrong in their own terms', () => {
    expect(schema.decode('Charged.v1', { at, attempt: 1, pence: '4350' })).toEqual(
      E.left({ type: 'malformed', path: 'pence', expected: 'number' }),
    );
  });
});

describe('metadata', () => {
  const commandId = '3d3d7a0e-91c4-4b7e-8a55-64c0f1b2d9e8';
  it.each([
    { type: 'customer', customerId: '0b9d4c52-7e18-4a36-8f21-5c3e9a7d6b04' },
    { type: 'worker', name: 'payments-1' },
    { type: 'floor', name: 'picker-07' },
    { type: 'operator', name: 'ops' },
  ])('of $type come back as they were', (actor) => {
    const stored = { commandId, correlationId: 'request-1', actor };
    const decoded = decodeMetadata(stored);
    expect(decoded).toEqual(E.right(stored));
    if (E.isRight(decoded)) expect(encodeMetadata(decoded.right)).toEqual(stored);
  });

  it('say where they are wrong', () => {
    const decoded = decodeMetadata({
      commandId: 'x',
      correlationId: '',
      actor: { type: 'worker', name: 'w' },
    });
    expect(decoded).toEqual(E.left({ type: 'malformed', path: 'commandId', expected: 'CommandId' }));
  });
});

describe('an instant', () => {
  it.each(['1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '2024-02-29T12:00:00.001Z'])(
    'is stored as %s',
    (stored) => {
      const decoded = instant.decode(stored);
      expect(E.isRight(decoded) && instant.encode(decoded.right)).toBe(stored);
    },
  );
  it.each(['1', '2023-02-29T00:00:00.000Z', '+010000-01-01T00:00:00.000Z', '2026-01-01T24:00:00.000Z'])(
    'is not %s',
    (stored) => expect(E.isLeft(instant.decode(stored))).toBe(true),
  );
});
