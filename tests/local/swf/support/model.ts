import * as model from '@aws-sdk/client-swf';

/** A structure of the service model, as the SDK carries it. */
export interface Structure {
  readonly members: readonly string[];
  readonly required: readonly string[];
}

const exported = new Map<string, unknown>(Object.entries(model));

/** Names of everything that the SDK exports and that ends in this way, without the ending. */
export function namesEnding(ending: string): string[] {
  return [...exported.keys()]
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));
}

/** The values of an enumeration of the model, sorted; null when there is none of the name. */
export function valuesOf(name: string): string[] | null {
  const found = exported.get(name);
  return typeof found === 'object' && found !== null ? Object.values(found).map(String).sort() : null;
}

/** A structure by its name; the SDK keeps it as a list, with the required members first. */
export function structureOf(name: string): Structure | null {
  const found: unknown = exported.get(`${name}$`);
  if (!Array.isArray(found)) return null;
  const parts: readonly unknown[] = found;
  const members = Array.isArray(parts[4]) ? parts[4].map(String) : [];
  return { members, required: members.slice(0, Number(parts[6] ?? 0)) };
}

/** Everything about the texts of a history that the model does not know, or misses. */
export function unmodelledOf(history: readonly string[]): string[] {
  return history.flatMap((text) => {
    const members = membersOf(JSON.parse(text));
    const type = String(members.get('eventType'));
    const name = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventAttributes`;
    const attributes = membersOf(members.get(name));
    const structure = structureOf(`${type}EventAttributes`);
    if (structure === null) return [`${type} is unknown`];
    return [
      ...[...members.keys()]
        .filter((key) => ![name, 'eventId', 'eventType', 'eventTimestamp'].includes(key))
        .map((key) => `${type} has ${key}`),
      ...[...attributes.keys()]
        .filter((key) => !structure.members.includes(key))
        .map((key) => `${type} has the attribute ${key}`),
      ...structure.required.filter((key) => !attributes.has(key)).map((key) => `${type} lacks ${key}`),
    ];
  });
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
