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
};

/** What surrounds every mail. */
export type MailFrame = {
  readonly shopName: string;
  readonly greeting: string;
  readonly link: { readonly label: string; readonly url: string };
};

const textBlock = (block: MailBlock): string => {
  switch (block.type) {
    case 'paragraph':
      return block.text;
    case 'lines':
      return [block.title, ...block.lines.map((line) => `  ${line}`)].join('\n');
    case 'table':
      return block.rows.map(({ label, value }) => `${value.padStart(12)}  ${label}`).join('\n');
    default:
      return absurd(block);
  }
};

/** The plain text part. */
export const toText = (document: MailDocument, frame: MailFrame): string =>
  [
    frame.greeting,
    document.heading + '.',
    ...document.blocks.map(textBlock),
    `${frame.link.label}: ${frame.link.url}`,
    frame.shopName,
  ].join('\n\n') + '\n';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const cell = 'padding:6px 0;border-bottom:1px solid #e4e4e0;vertical-align:top';

const htmlRow = ({ label, value, strong }: MailRow): string => {
  const weight = strong === true ? ';font-weight:600' : '';
  return `<tr><td style="${cell}${weight}">${escape(label)}</td><td style="${cell}${weight};text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums">${escape(value)}</td></tr>`;
};

const htmlBlock = (block: MailBlock): string => {
  switch (block.type) {
    case 'paragraph':
      return `<p>${escape(block.text)}</p>`;
    case 'lines':
      return `<p><strong>${escape(block.title)}</strong><br>${block.lines.map(escape).join('<br>')}</p>`;
    case 'table':
      return `<table role="presentation" style="width:100%;border-collapse:collapse">${block.rows.map(htmlRow).join('')}</table>`;
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
    `<p><a href="${escape(frame.link.url)}">${escape(frame.link.label)}</a></p>`,
    `<p style="color:#6b6b66">${escape(frame.shopName)}</p></div></body></html>`,
  ].join('\n');
