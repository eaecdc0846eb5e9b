// The cancellations of two months of real invoices, line by line against the matches that come with them.
// Needs ../shared/data.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { countCancellations } from '../../../infrastructure/orders/invoices/cancellation-counts.js';
import { resolveCancellations } from '../../../infrastructure/orders/invoices/cancellations.js';
import { readInvoiceFile } from '../../../infrastructure/orders/invoices/invoices.js';
import { judgeOrders } from '../../../infrastructure/orders/invoices/judged-orders.js';
import { matchLine } from '../../../infrastructure/orders/invoices/line-match.js';
import { createOrderBook } from '../../../infrastructure/orders/invoices/order-book.js';
import { csvRecords, sharedDataIsHere, sharedFile } from '../../support/order/online-retail.js';

const folder = 'online-retail-sample';
const name = `${folder}/online-retail-2011-07-13_2011-08-31`;
const invoicesPath = fileURLToPath(new URL(`../../../../shared/data/${name}.csv.gz`, import.meta.url));

type Counts = {
  readonly invoices: number;
  readonly invoices_by_kind: {
    readonly order: number;
    readonly cancellation: number;
    readonly adjustment: number;
  };
  readonly cancellations: {
    readonly refund_pence_all_lines: number;
    readonly matched_inside_this_file: Readonly<Record<string, number>>;
  };
};

const readSample = async () => {
  const file = await readInvoiceFile(invoicesPath);
  const judged = judgeOrders(file.orders);
  const outcomes = resolveCancellations(judged, file.cancellations);
  const counts: Counts = JSON.parse(sharedFile(`${name}.counts.json`));
  return { file, judged, outcomes, counts, all: createOrderBook(file.orders) };
};
type Sample = Awaited<ReturnType<typeof readSample>>;

/** Each line of a cancellation as the sample's own list matches it. */
const listedMatches = () =>
  csvRecords(sharedFile(`${folder}/cancellation-lines-matched.csv.gz`)).map((record) => ({
    line: `${record.get('CancellationNo') ?? ''}:${record.get('LineNo') ?? ''}`,
    match: record.get('Match') ?? '',
    candidates: Number(record.get('Candidates')),
    first: (record.get('FirstCandidates') ?? '').split(' ').filter((place) => place !== ''),
  }));

const placeName = (place: { readonly invoiceNumber: string; readonly lineNumber: number }): string =>
  `${place.invoiceNumber}:${String(place.lineNumber)}`;

const ourMatches = ({ file, all }: Sample) =>
  file.cancellations.flatMap((cancellation) =>
    cancellation.lines.map((claim, index) => {
      const match = matchLine(cancellation, claim, all);
      const lines = match.fit === 'one' ? [match.line] : match.candidates;
      return {
        line: `${cancellation.number}:${String(index + 1)}`,
        match: match.name,
        candidates: lines.length,
        first: lines.slice(0, 5).map(placeName),
      };
    }),
  );

const tally = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counted: Record<string, number> = {};
  for (const item of names) counted[item] = (counted[item] ?? 0) + 1;
  return counted;
};

/** What our rules make of each line, named by the outcome of its cancellation or by its own reason. */
const decidedLines = ({ file, outcomes }: Sample): ReadonlyMap<string, string> => {
  const invoices = new Map(file.cancellations.map((cancellation) => [cancellation.number, cancellation]));
  return new Map(
    outcomes.flatMap((outcome) => {
      const reasons = new Map(
        outcome.type === 'refused' ? outcome.lines.map(({ lineNumber, reason }) => [lineNumber, reason]) : [],
      );
      const lines = invoices.get(outcome.cancellation)?.lines ?? [];
      const otherwise = outcome.type === 'refused' ? 'resolvable' : outcome.type;
      return lines.map((_, index): [string, string] => [
        `${outcome.cancellation}:${String(index + 1)}`,
        reasons.get(index + 1) ?? otherwise,
      ]);
    }),
  );
};

describe.skipIf(!sharedDataIsHere)(
  'the cancellations of the shared retail sample (needs ../shared/data)',
  () => {
    const reading = sharedDataIsHere ? readSample() : null;
    const sample = async (): Promise<Sample> => reading ?? readSample();

    it('are all there, and the bad debts are not among them', async () => {
      const { file, counts } = await sample();
      const { order, cancellation, adjustment } = counts.invoices_by_kind;
      expect([file.orders.length, file.cancellations.length]).toStrictEqual([order, cancellation]);
      expect(order + cancellation + adjustment).toBe(counts.invoices);
      expect([cancellation, adjustment]).toStrictEqual([454, 3]);
    });

    it('match the earlier orders line by line as listed', async () => {
      const matches = ourMatches(await sample());
      expect(matches).toStrictEqual(listedMatches());
      expect(matches).toHaveLength(1_116);
    });

    it('match as often as counted', async () => {
      const read = await sample();
      const { invoices_reversing_a_whole_order, of_which_several_identical_orders, ...lines } =
        read.counts.cancellations.matched_inside_this_file;
      expect(tally(ourMatches(read).map(({ match }) => match))).toStrictEqual(lines);
      const wholes = read.file.cancellations
        .map((cancellation) => read.all.wholeOrdersOf(cancellation).length)
        .filter((orders) => orders > 0);
      expect([wholes.length, wholes.filter((orders) => orders > 1).length]).toStrictEqual([
        invoices_reversing_a_whole_order,
        of_which_several_identical_orders,
      ]);
    });

    it('become cancelled orders, refunds and refusals', async () => {
      const { outcomes } = await sample();
      expect(countCancellations(outcomes)).toStrictEqual({
        cancellations: 454,
        wholeOrders: 7,
        wholeOrderAmount: 131_074,
        refunds: 192,
        orderRefunds: 196,
        refundAmount: 553_462,
        ordersTouched: 188,
        refused: 255,
        refusedByReason: {
          not_a_product: 77,
          no_customer: 5,
          no_prior_order: 132,
          quantity_exceeds: 6,
          price_differs: 17,
          order_refused: 1,
          ambiguous: 38,
          over_refunding: 1,
        },
        refusedLinesByReason: {
          not_a_product: 87,
          no_customer: 7,
          no_prior_order: 349,
          quantity_exceeds: 6,
          price_differs: 23,
          order_refused: 1,
          ambiguous: 102,
          over_refunding: 1,
        },
      });
    });

    it('differ from their listed matches only where a rule of ours says so', async () => {
      const decided = decidedLines(await sample());
      const pairs = listedMatches().map(({ line, match }) => `${match} → ${decided.get(line) ?? 'nothing'}`);
      expect(tally(pairs)).toStrictEqual({
        'exact_one → refund': 72,
        'exact_one → resolvable': 34,
        'exact_one → whole_order': 71,
        'exact_several → ambiguous': 47,
        'exact_several → resolvable': 1,
        'exact_several → whole_order': 1,
        'partial_one → refund': 264,
        'partial_one → resolvable': 97,
        'partial_one → order_refused': 1,
        'partial_one → over_refunding': 1,
        'partial_several → ambiguous': 55,
        'price_differs → price_differs': 23,
        'quantity_exceeds → quantity_exceeds': 6,
        'no_prior_order → no_prior_order': 349,
        'no_customer → no_customer': 7,
        'not_a_product → not_a_product': 87,
      });
    });

    it('differ where all but one of the matches, or all, are orders that the checkout refused', async () => {
      const read = await sample();
      const decided = decidedLines(read);
      const refused = new Set(read.judged.refused.map(({ number }) => number));
      const differing = listedMatches().filter(({ line, match }) => {
        const decision = decided.get(line);
        return decision === 'order_refused' || (match === 'exact_several' && decision === 'resolvable');
      });
      const accepted = differing.map(({ line, candidates, first }) => {
        expect(first).toHaveLength(candidates);
        return [line, first.filter((place) => !refused.has(place.split(':')[0] ?? '')).length];
      });
      expect(accepted).toStrictEqual([
        ['C561886:1', 0],
        ['C564427:1', 1],
      ]);
    });

    it('differ where an earlier cancellation took what is claimed', async () => {
      const { file, outcomes } = await sample();
      const last = outcomes.findIndex(
        (outcome) => outcome.type === 'refused' && outcome.reasons.includes('over_refunding'),
      );
      const outcome = outcomes[last];
      expect(outcome).toStrictEqual({
        type: 'refused',
        cancellation: 'C563594',
        reasons: ['over_refunding'],
        lines: [
          {
            lineNumber: 1,
            code: '21314',
            reason: 'over_refunding',
            candidates: [{ invoiceNumber: '562732', lineNumber: 2 }],
          },
        ],
      });
      const before = outcomes.slice(0, last).flatMap((earlier) => {
        const refunds = earlier.type === 'refund' ? earlier.refunds : [];
        const lines = refunds.flatMap((refund) => (refund.invoiceNumber === '562732' ? refund.lines : []));
        return lines.flatMap(({ lineNumber, quantity }) => (lineNumber === 2 ? [quantity] : []));
      });
      const ordered = file.orders.find(({ number }) => number === '562732')?.lines[1]?.quantity;
      const claimed = file.cancellations.find(({ number }) => number === 'C563594')?.lines[0]?.quantity;
      expect({ ordered, before, claimed }).toStrictEqual({ ordered: 8, before: [5], claimed: -5 });
    });

    it('that reverse whole orders are cancelled, ambiguous, or of orders that the checkout refused', async () => {
      const { file, all, judged, outcomes } = await sample();
      const refused = new Set(judged.refused.map(({ number }) => number));
      const decisions = file.cancellations.flatMap((cancellation, index) => {
        const outcome = outcomes[index];
        const orders = all.wholeOrdersOf(cancellation).map(([line]) => line?.invoiceNumber ?? '');
        if (orders.length === 0 || outcome === undefined) return [];
        const words = outcome.type === 'refused' ? outcome.reasons.join(' ') : outcome.type;
        return [
          [
            cancellation.number,
            words,
            ...orders.map((order) => `${order}${refused.has(order) ? ' refused' : ''}`),
          ],
        ];
      });
      expect(decisions).toStrictEqual([
        ['C560414', 'not_a_product', '560413 refused'],
        ['C560540', 'whole_order', '560491'],
        ['C560550', 'whole_order', '560469'],
        ['C560653', 'not_a_product', '560651 refused'],
        ['C562221', 'whole_order', '561039'],
        ['C562375', 'ambiguous', '561645', '562374'],
        ['C562594', 'whole_order', '562590'],
        ['C562651', 'whole_order', '561602'],
        ['C562811', 'whole_order', '561864'],
        ['C564257', 'whole_order', '562255'],
      ]);
    });
  },
);
