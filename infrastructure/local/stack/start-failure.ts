import { MigrationError } from '../../database/migrate.js';
import { StartUpFailure } from '../../process/role.js';
import { JournalDamaged } from '../journal.js';
import { PostgresError } from '../postgres.js';
import type { StackLayout } from './layout.js';

/** The line about a port of the stack that another program has. */
export const portTaken = ({ ports }: StackLayout, port: number): StartUpFailure => {
  const [part = 'unknown part'] = Object.entries(ports).find(([, taken]) => taken === port) ?? [];
  return new StartUpFailure(
    `port ${String(port)} (${part}) is taken by another program; choose others with --port-base N`,
  );
};

// What the file system answers when a folder is not ours to use, or is full.
const folderCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EISDIR', 'EEXIST']);

const postgresLine = ({ problem, message }: PostgresError, layout: StackLayout): StartUpFailure => {
  switch (problem.type) {
    case 'port_taken':
      return portTaken(layout, problem.port);
    case 'directory_in_use':
    case 'directory_not_usable':
      return new StartUpFailure(`--directory ${layout.directory} cannot be used: ${message}`);
    case 'server_failed':
      return new StartUpFailure(`${message}; its log is in ${layout.directory}/postgres`);
  }
};

/**
 * A failure of a part at the start of the stack, as one line for people where its cause is theirs to remove: a port, the
 * folder, damaged data. Every other failure is a defect and stays as it is.
 */
export const startFailure = (failure: unknown, layout: StackLayout): unknown => {
  if (failure instanceof PostgresError) return postgresLine(failure, layout);
  if (failure instanceof JournalDamaged) {
    return new StartUpFailure(`${failure.message}; mend it, or begin anew with --fresh`);
  }
  if (failure instanceof MigrationError) return new StartUpFailure(failure.message);
  if (!(failure instanceof Error) || !('code' in failure)) return failure;
  if (failure.code === 'EADDRINUSE' && 'port' in failure && typeof failure.port === 'number') {
    return portTaken(layout, failure.port);
  }
  if (typeof failure.code !== 'string' || !folderCodes.has(failure.code)) return failure;
  const path = 'path' in failure ? String(failure.path) : layout.directory;
  return new StartUpFailure(
    `--directory ${layout.directory} cannot be written (${failure.code}: ${path}); name a folder that can`,
  );
};
