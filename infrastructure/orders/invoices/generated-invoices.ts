import type { FiledInvoice, Invoice, InvoiceFile, InvoiceLine } from './invoices.js';
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

/** Places of a generated file: an order stands at a multiple of this, cancellations between two orders. */
const step = 10;

const reversed = (line: InvoiceLine, units = line.quantity): InvoiceLine => ({ ...line, quantity: -units });

/** What a cancellation takes back: everything, a line, part of a line, something never ordered, or a manual entry. */
const claimsOf = ({ lines }: Invoice, random: Random): readonly InvoiceLine[] => {
  const goods = lines.filter(({ stockCode }) => stockCode !== 'POST');
  const line = goods[random.below(goods.length)] ?? lineOf(random);
  switch (random.below(8)) {
    case 0:
    case 1:
      return lines.map((whole) => reversed(whole));
    case 2:
    case 3:
      return [reversed(line)];
    case 4:
    case 5:
      return [reversed(line, 1 + random.below(Math.max(1, Math.abs(line.quantity))))];
    case 6:
      return [reversed({ ...lineOf(random), stockCode: '39999' })];
    default:
      return [{ stockCode: 'M', description: 'Manual', quantity: -1, unitPrice: '3.00' }];
  }
};

/**
 * Made-up orders with cancellations of every fifth, or so: some of whole orders, some of lines, some that mean no order,
 * some that come twice. The orders are those of `generatedInvoices`.
 */
export const generatedFile = (count: number, seed: number): InvoiceFile => {
  // A sequence of its own: the orders stay as they are without cancellations.
  const random = createRandom(seed ^ 0x5ca1_ab1e);
  const orders = generatedInvoices(count, seed).map((invoice, index): FiledInvoice => ({
    ...invoice,
    position: (index + 1) * step,
  }));
  const cancellations = orders.flatMap((order, index): readonly FiledInvoice[] => {
    if (random.below(5) !== 0) return [];
    const { customer, country } = order;
    const lines = claimsOf(order, random);
    const times = random.below(6) === 0 ? 2 : 1;
    return Array.from({ length: times }, (_, time) => ({
      ...{ number: `C${String(950_000 + 2 * index + time)}`, customer, country, lines },
      position: order.position + 1 + time,
    }));
  });
  return { orders, cancellations };
};
