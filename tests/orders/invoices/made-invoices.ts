// Invoices made by hand, each with its place in the file.
import type { FiledInvoice, InvoiceLine } from '../../../infrastructure/orders/invoices/invoices.js';

/** A line as `code × quantity at price`. */
export const line = (stockCode: string, quantity: number, unitPrice: string): InvoiceLine => ({
  stockCode,
  description: 'THING',
  quantity,
  unitPrice,
});

/** An invoice of customer 17850, or of another one, or of nobody. */
export const invoice = (
  position: number,
  number: string,
  lines: readonly InvoiceLine[],
  customer: string | null = '17850',
): FiledInvoice => ({ number, customer, country: 'United Kingdom', lines, position });
