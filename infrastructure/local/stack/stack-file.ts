import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { processStamp } from '../postgres-process.js';
import { type StackLayout, urlOf } from './layout.js';

const RunningStack = t.strict({
  pid: t.number,
  webUrl: t.string,
  floorUrl: t.string,
  adminUrl: t.string,
  swfUrl: t.string,
  processorUrl: t.string,
  mailboxUrl: t.string,
  ordersDatabaseUrl: t.string,
  customersDatabaseUrl: t.string,
  /** Where the events are, as the setting CHECKOUT_EVENT_STORE says it. */
  eventStore: t.string,
});

/** Where a running stack can be reached; written when it is ready, removed when it stops. */
export type RunningStack = t.TypeOf<typeof RunningStack>;

/** A stack of this process, at the addresses that its layout has. */
export const stackOn = (
  layout: StackLayout,
  databaseUrl: (database: string) => string,
  eventStore = 'postgres',
): RunningStack => ({
  pid: process.pid,
  webUrl: urlOf(layout, 'web'),
  floorUrl: urlOf(layout, 'floor'),
  adminUrl: urlOf(layout, 'admin'),
  swfUrl: urlOf(layout, 'swf'),
  processorUrl: urlOf(layout, 'processor'),
  mailboxUrl: urlOf(layout, 'mailbox'),
  ordersDatabaseUrl: databaseUrl('orders'),
  customersDatabaseUrl: databaseUrl('customers'),
  eventStore,
});

/** The stamp tells the stack's process from a later one with the same number. */
const Announcement = t.intersection([RunningStack, t.strict({ stamp: t.string })]);

const pathOf = (directory: string): string => join(directory, 'stack.json');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The stack that runs on a folder; null when none does, also when its process was killed. */
export const runningStack = async (directory: string): Promise<RunningStack | null> => {
  const decoded = Announcement.decode(parsed(await readFile(pathOf(directory), 'utf8').catch(() => '')));
  if (E.isLeft(decoded)) return null;
  const { stamp, ...stack } = decoded.right;
  return (await processStamp(stack.pid)) === stamp ? stack : null;
};

/** Says where the stack can be reached, for this user's programs only. Readers see all of it or nothing. */
export const announce = async (directory: string, stack: RunningStack): Promise<void> => {
  const announcement = { ...stack, stamp: (await processStamp(stack.pid)) ?? '-' };
  const unfinished = `${pathOf(directory)}.${String(process.pid)}`;
  await writeFile(unfinished, `${JSON.stringify(announcement, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, pathOf(directory));
};

/** Takes the announcement back. */
export const retract = async (directory: string): Promise<void> => rm(pathOf(directory), { force: true });
