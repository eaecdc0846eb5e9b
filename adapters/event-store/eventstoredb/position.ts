import type { Position as LogPosition } from '@eventstore/db-client';
import type { Position } from '../../../application/ports/event-store.js';
import { positionFrom } from '../stored-events.js';

// The way EventStoreDB itself writes positions. Nothing that another store writes looks like it, so a checkpoint of
// another store is noticed and not taken for a place in this one.
const shape = /^C:(\d{1,20})\/P:(\d{1,20})$/;

/** The place of an event in the log. */
export const positionOf = ({ commit, prepare }: LogPosition): Position =>
  positionFrom(`C:${commit.toString()}/P:${prepare.toString()}`);

/** The place in the log; null when another store wrote the position. */
export const logPositionOf = (position: Position): LogPosition | null => {
  const [, commit, prepare] = shape.exec(position) ?? [];
  return commit === undefined || prepare === undefined
    ? null
    : { commit: BigInt(commit), prepare: BigInt(prepare) };
};

/** True when an event at that place comes after a position; everything comes after null. */
export const isAfter = (place: LogPosition, position: LogPosition | null): boolean =>
  position === null ||
  place.commit > position.commit ||
  (place.commit === position.commit && place.prepare > position.prepare);
