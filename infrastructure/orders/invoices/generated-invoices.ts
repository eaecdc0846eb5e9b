import type { Invoice, InvoiceLine } from './invoices.js';
import { createRandom, type Random } from './random.js';

const materials = ['Oak', 'Linen', 'Copper', 'Glass', 'Paper', 'Wool', 'Clay', 'Cork'] as const;
const things = [
  'Lantern',
  'Bowl',
  'Garland',
  'Notebook',
  'Cushion',
  'Mug',
  'Frame',
  'Basket',
  'Candle',
] as const;
const countries = ['United Kingdom', 'Germany', 'France', 'EIRE', 'Netherlands', 'Japan'] as const;

const articleCount = materials.length * things.length;

const article = (
  index: number,
): { readonly code: string; readonly name: string; readonly pence: number } => ({
  code: String(30_000 + index),
  name: `${materials[index % materials.length] ?? ''} ${things[Math.floor(index / materials.length)] ?? ''}`,
  pence: 95 + ((index * 137) % 2_400),
});

const lineOf = (random: Random): InvoiceLine => {
  const { code, name, pence } = article(random.below(articleCount));
  return {
    stockCode: code,
    description: name,
    quantity: 1 + random.below(12),
    unitPrice: (pence / 100).toFixed(2),
  };
};

// One invoice in twelve is wrong in one of these ways, as real files are.
const spoil = (invoice: Invoice, random: Random): Invoice => {
  switch (random.below(48)) {
    case 0:
      return { ...invoice, customer: null };
    case 1:
      return { ...invoice, country: 'Unspecified' };
    case 2:
      return {
        ...invoice,
        lines: [{ stockCode: 'M', description: 'Manual', quantity: 1, unitPrice: '5.00' }],
      };
    case 3:
      return { ...invoice, lines: invoice.lines.map((line) => ({ ...line, quantity: -line.quantity })) };
    default:
      return invoice;
  }
};

/** Made-up invoices for a machine without a file: the same seed makes the same ones. */
export const generatedInvoices = (count: number, seed: number): readonly Invoice[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const lines = Array.from({ length: 1 + random.below(8) }, () => lineOf(random));
    const postage: InvoiceLine = {
      stockCode: 'POST',
      description: 'Postage',
      quantity: 1,
      unitPrice: '4.95',
    };
    const invoice: Invoice = {
      number: String(900_000 + index),
      customer: String(20_000 + random.below(Math.max(1, Math.ceil(count / 2)))),
      country: random.pick(countries),
      lines: random.below(3) === 0 ? [...lines, postage] : lines,
    };
    return spoil(invoice, random);
  });
};
