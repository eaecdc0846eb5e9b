// What everybody has written down: to be compared before and after something that must change nothing.
import { openPool } from '../../infrastructure/database/pool.js';
import type { RunningStack } from '../../infrastructure/local/stack/stack-file.js';

/** A row count and the rows of a table in a fixed order, as text. */
type Book = readonly string[];

/** Everything that is written down about orders, money, goods and mails; nothing that only serves the work itself. */
export type Books = {
  readonly events: Book;
  readonly views: Book;
  readonly articles: Book;
  readonly receipts: Book;
  readonly holds: Book;
  readonly ledger: string;
  readonly mails: string;
};

const textOf = async (url: string): Promise<string> => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${String(answer.status)}`);
  return answer.text();
};

const tables = {
  events: 'events',
  views: 'order_views',
  articles: 'articles',
  receipts: 'receipts',
  holds: 'holds',
} as const;

/** Reads all books of a stack. */
export const booksOf = async (stack: RunningStack): Promise<Books> => {
  const { pool, close } = openPool({ url: stack.ordersDatabaseUrl, max: 1, applicationName: 'books' });
  const rowsOf = async (name: keyof typeof tables): Promise<Book> => {
    const { rows } = await pool.query<{ row: string }>(
      `select row_to_json(book)::text as row from ${tables[name]} as book order by 1`,
    );
    return rows.map(({ row }) => row);
  };
  try {
    return {
      events: await rowsOf('events'),
      views: await rowsOf('views'),
      articles: await rowsOf('articles'),
      receipts: await rowsOf('receipts'),
      holds: await rowsOf('holds'),
      ledger: await textOf(`${stack.processorUrl}/_ledger?after=0&limit=2000`),
      mails: await textOf(`${stack.mailboxUrl}/api/mails?bodies=false&after=0&limit=2000`),
    };
  } finally {
    await close();
  }
};
