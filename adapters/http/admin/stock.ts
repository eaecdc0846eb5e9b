// The operator's endpoints for goods and people of the warehouse.
import * as E from 'fp-ts/lib/Either.js';
import { randomBytes } from 'node:crypto';
import type { FloorTasks } from '../../../application/ports/workflow/floor-tasks.js';
import type { Stock } from '../../../application/ports/stock.js';
import type { System } from '../../../application/ports/system.js';
import { isArticleCode } from '../../../domain/catalogue.js';
import { closed, line, list, opaque, whole } from '../codecs.js';
import { deviceSecretHash } from '../credentials.js';
import { type Endpoint, type Guard, jsonAnswer, refuse, takingBody, takingNothing } from '../endpoint.js';
import { passing, problem } from '../problems.js';
import { articleCodec, uuidCodec } from '../values.js';

/** What these endpoints need. */
export type WarehousePorts = {
  readonly stock: Pick<Stock, 'receive' | 'count' | 'levels'>;
  readonly floorTasks: Pick<FloorTasks, 'enrol'>;
  readonly system: System;
};

const units = whole(0, Number.MAX_SAFE_INTEGER);
const outcome = closed('ReceiptBooked', { outcome: line(1, 20) });
const booked = jsonAnswer(201, 'The goods are booked.', outcome);
const bookedBefore = jsonAnswer(200, 'This receipt was booked before; nothing changed.', outcome);
const enrolled = jsonAnswer(
  201,
  'The person is enrolled. The secret is shown this once.',
  closed('Enrolment', { staffId: uuidCodec, name: line(1, 60), secret: opaque(43, 43) }),
);
const level = jsonAnswer(
  200,
  'Units on the shelf by the books, how many of them are held for orders, and how many a picker did not find.',
  closed('StockLevel', { code: articleCodec, bin: line(0, 40), onHand: units, held: units, missing: units }),
);
const countOutcome = closed('CountBooked', { outcome: line(1, 20) });
const counted = jsonAnswer(201, 'The count is booked: nothing of the article is missing now.', countOutcome);
const countedBefore = jsonAnswer(
  200,
  'A count with this id was booked before; nothing changed.',
  countOutcome,
);

/** Endpoints for stock and floor staff. */
export const warehouseEndpoints = (
  { stock, floorTasks, system }: WarehousePorts,
  guard: Guard<'operator'>,
): readonly Endpoint[] => [
  takingBody({
    ...{ guard, method: 'post', path: '/admin/stock/receipts', id: 'receiveStock' },
    summary: 'Book goods that arrived. A receipt counts once, however often it is reported.',
    body: closed('StockReceipt', {
      receiptId: opaque(1, 200),
      articles: list(
        closed('ReceivedArticle', {
          code: articleCodec,
          description: line(1, 1_000),
          bin: line(1, 40),
          quantity: whole(1, 1_000_000_000),
        }),
        1,
        5_000,
      ),
    }),
    answers: [booked, bookedBefore],
    problems: ['unavailable'],
    handle: async (_, __, receipt) => {
      const received = await stock.receive(receipt)();
      if (E.isLeft(received)) return refuse(passing('unavailable'));
      const answer = received.right === 'booked' ? booked : bookedBefore;
      return answer.reply({ outcome: received.right });
    },
  }),
  takingBody({
    ...{ guard, method: 'post', path: '/admin/stock/:code/counts', id: 'countStock' },
    summary:
      'Book what somebody counted of one article, on the shelf and in totes and parcels that have not left. ' +
      'A count id counts once. Units held for orders that the count did not find are not sold to others.',
    body: closed('StockCount', { countId: opaque(1, 200), units: whole(0, 1_000_000_000) }),
    answers: [counted, countedBefore],
    problems: ['not_found', 'unavailable'],
    handle: async ({ parameters: { code = '' } }, _, { countId, units: found }) => {
      if (!isArticleCode(code)) return refuse(problem('not_found'));
      const booking = await stock.count(countId, code, found)();
      if (E.isLeft(booking)) return refuse(passing('unavailable'));
      if (booking.right === 'article_unknown') return refuse(problem('not_found'));
      const answer = booking.right === 'booked' ? counted : countedBefore;
      return answer.reply({ outcome: booking.right });
    },
  }),
  takingNothing({
    ...{ guard, method: 'get', path: '/admin/stock/:code', id: 'readStockLevel' },
    summary: 'The level of one article.',
    answers: [level],
    problems: ['not_found', 'unavailable'],
    handle: async ({ parameters: { code = '' } }) => {
      if (!isArticleCode(code)) return refuse(problem('not_found'));
      const levels = await stock.levels([code])();
      if (E.isLeft(levels)) return refuse(passing('unavailable'));
      const [found] = levels.right;
      return found === undefined ? refuse(problem('not_found')) : level.reply(found);
    },
  }),
  takingBody({
    ...{ guard, method: 'post', path: '/admin/floor/staff', id: 'enrolStaff' },
    summary: 'Enrol a person of the floor with a new device secret.',
    body: closed('NewStaff', { name: line(1, 60) }),
    answers: [enrolled],
    problems: ['unavailable'],
    handle: async (_, __, { name }) => {
      const staffId = system.newId();
      const secret = randomBytes(32).toString('base64url');
      const kept = await floorTasks.enrol({ staffId, name }, deviceSecretHash(secret))();
      return E.isLeft(kept) ? refuse(passing('unavailable')) : enrolled.reply({ staffId, name, secret });
    },
  }),
];
