import { absurd } from '../../domain/brand.js';

/** A piece of a mail. */
export type MailBlock =
  | { readonly type: 'paragraph'; readonly text: string }
  | { readonly type: 'lines'; readonly title: string; readonly lines: readonly string[] }
  | { readonly type: 'table'; readonly rows: readonly MailRow[] };

/** One row of amounts. */
export type MailRow = { readonly label: string; readonly value: string; readonly strong?: boolean };

/** A mail's content, before it becomes text and HTML. */
export type MailDocument = {
  readonly subject: string;
  readonly heading: string;
  readonly blocks: readonly MailBlock[];
  /** What the link to the order is called. */
  readonly linkLabel: string;
};

/** What surrounds every mail. */
export type MailFrame = {
  readonly shopName: string;
  readonly greeting: string;
  /** The order's own page. */
  readonly url: string;
};

// Line breaks and other controls, and the marks that turn the direction of what follows: what people or shops wrote
// stays on its line and reads as it was written.
const unwanted = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** Text as it can stand on a line of a mail. */
export const oneLine = (text: string): string => text.replace(unwanted, ' ').trim();

const textBlock = (block: MailBlock): string => {
  switch (block.type) {
    case 'paragraph':
      return oneLine(block.text);
    case 'lines':
      return [`${block.title}:`, ...block.lines.map((line) => `  ${oneLine(line)}`)].join('\n');
    case 'table': {
      const width = Math.max(...block.rows.map(({ value }) => value.length));
      return block.rows.map(({ label, value }) => `  ${value.padStart(width)}  ${oneLine(label)}`).join('\n');
    }
    default:
      return absurd(block);
  }
};

/** The plain text part. */
export const toText = (document: MailDocument, frame: MailFrame): string =>
  [
    oneLine(frame.greeting),
    `${document.heading}.`,
    ...document.blocks.map(textBlock),
    `${document.linkLabel}: ${frame.url}`,
    frame.shopName,
  ].join('\n\n') + '\n';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string =>
  oneLine(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');

// A grey that is seen on white and on black: many mail programs turn the colours round by themselves.
const cell = 'padding:8px 0;border-bottom:1px solid #8a8a8455;vertical-align:top';
const amountCell = `${cell};padding-left:16px;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums`;

const htmlRow = ({ label, value, strong }: MailRow): string => {
  const weight = `font-weight:${strong === true ? '600' : '400'}`;
  return [
    `<tr><th scope="row" style="${cell};text-align:left;${weight}">${escape(label)}</th>`,
    `<td style="${amountCell};${weight}">${escape(value)}</td></tr>`,
  ].join('');
};

const htmlBlock = (block: MailBlock): string => {
  switch (block.type) {
    case 'paragraph':
      return `<p>${escape(block.text)}</p>`;
    case 'lines':
      return `<p><strong>${escape(block.title)}</strong><br>${block.lines.map(escape).join('<br>')}</p>`;
    case 'table':
      return `<table style="width:100%;border-collapse:collapse">${block.rows.map(htmlRow).join('')}</table>`;
    default:
      return absurd(block);
  }
};

/** The HTML part: inline styles only, no images, nothing fetched from anywhere; every text escaped. */
export const toHtml = (document: MailDocument, frame: MailFrame): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">',
    `<title>${escape(document.subject)}</title></head>`,
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">',
    '<div style="max-width:34rem;margin:0 auto">',
    `<h1 style="font-size:22px">${escape(document.heading)}</h1><p>${escape(frame.greeting)}</p>`,
    ...document.blocks.map(htmlBlock),
    `<p><a href="${escape(frame.url)}">${escape(document.linkLabel)}</a></p>`,
    `<p style="opacity:0.75">${escape(frame.shopName)}</p></div></body></html>`,
  ].join('\n');
