import { join } from 'node:path';
import { openLargeJournal, type RewritableJournal } from '../../journal.js';
import type { Entry } from '../state/change.js';
import { openArchive, type Archive } from './archive.js';
import { entryOfJson, textOfEntry } from './entry-text.js';
import type { Mark } from './shelf.js';

/** What a server keeps in its data folder. */
export interface Storage {
  readonly journal: Pick<RewritableJournal<Entry>, 'append' | 'rewrite'>;
  readonly archive: Archive;
  /** What the journal held, oldest first, read anew at each call. */
  readonly entries: () => Iterable<Entry>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the journal of a folder, and beside it the archive as the journal knows it.
 * @throws JournalDamaged, naming file and line.
 */
export async function openStorage(
  folder: string,
  log: { warn(details: object, message: string): void },
): Promise<Storage> {
  const journal = await openLargeJournal({
    path: join(folder, 'swf.journal'),
    decode: entryOfJson,
    encode: textOfEntry,
    checksums: true,
  });
  try {
    const archive = await openArchive(join(folder, 'swf.closed'), markIn(journal.read()), (error) =>
      log.warn({ error }, 'closed runs cannot be put away'),
    );
    return {
      journal: { append: journal.append, rewrite: journal.rewrite },
      archive,
      entries: journal.read,
      async close() {
        await journal.close();
        await archive.close();
      },
    };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** The mark stands before all runs, if there is one. */
function markIn(entries: Iterable<Entry>): Mark {
  for (const { changes } of entries) {
    for (const change of changes) {
      if (change.type === 'runsShelved') return change.mark;
      if (change.type === 'runStarted') return { segments: [] };
    }
  }
  return { segments: [] };
}
