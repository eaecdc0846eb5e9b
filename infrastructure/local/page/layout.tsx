import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** Headers of every page: nothing is loaded from elsewhere, nothing runs, nobody frames it. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A whole page as text: title, one line of explanation, content. */
export function renderPage(page: {
  readonly title: string;
  readonly lead: string;
  readonly home: string;
  readonly children: ComponentChildren;
}): string {
  const document: VNode = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{page.title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/page.css" />
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <header>
          <p class="home">
            <a href="/">{page.home}</a>
          </p>
        </header>
        <main id="content">
          <h1>{page.title}</h1>
          <p class="lead">{page.lead}</p>
          {page.children}
        </main>
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(document)}`;
}

/** A moment for people and machines, in UTC. */
export function Moment({ at }: { readonly at: number }): VNode {
  const iso = new Date(at).toISOString();
  return (
    <time dateTime={iso} title={iso}>
      {iso.slice(0, 10)} <span class="nowrap">{iso.slice(11, 19)}</span>
    </time>
  );
}

/** Colours, sizes and the few components of the local servers' pages; served as `/page.css`. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --surface: #ffffff; --ink: #14181f; --quiet: #515b69; --line: #d6dbe3; --accent: #1d5fd1;
  --good: #12683a; --good-ground: #e1f4e8; --bad: #a3231f; --bad-ground: #fce8e6; --note: #6b4a00; --note-ground: #fdf1d4;
  --plain-ground: #e9edf3; --radius: 8px;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11151b; --surface: #1a2029; --ink: #eaeef4; --quiet: #a7b1bf; --line: #333c49; --accent: #8ab4ff;
    --good: #86dba8; --good-ground: #143524; --bad: #ffb0aa; --bad-ground: #431d1b; --note: #f5cf7a; --note-ground: #3b2e0e;
    --plain-ground: #29323f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 1120px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 16px; }
main { padding-bottom: 64px; }
a { color: var(--accent); text-underline-offset: 3px; }
a:focus-visible, input:focus-visible, button:focus-visible, select:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 8px; background: var(--surface); padding: 8px; }
.home { margin: 0; font-weight: 600; }
.home a { color: var(--quiet); text-decoration: none; }
h1 { font-size: 28px; line-height: 1.2; margin: 12px 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 20px; line-height: 1.3; margin: 32px 0 8px; }
.lead { margin: 0 0 20px; color: var(--quiet); max-width: 70ch; }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 16px; }
.scroll { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 8px 12px; border-bottom: 1px solid var(--line); }
tr:last-child > td { border-bottom: 0; }
th { font-size: 14px; color: var(--quiet); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.code { min-width: 12em; }
.nowrap { white-space: nowrap; }
.quiet { color: var(--quiet); }
.small { font-size: 14px; }
code, .code { font: 14px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: 0 8px; border-radius: 999px; font-size: 14px; white-space: nowrap; background: var(--plain-ground); }
.badge.good { background: var(--good-ground); color: var(--good); }
.badge.bad { background: var(--bad-ground); color: var(--bad); }
.badge.note { background: var(--note-ground); color: var(--note); }
form.find { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; margin: 0 0 20px; }
form.find label { display: block; font-weight: 600; flex: 1 1 200px; }
form.find input { display: block; width: 100%; margin-top: 4px; }
input, button { font: inherit; min-height: 44px; padding: 8px 12px; border-radius: var(--radius); border: 1px solid var(--quiet); background: var(--surface); color: var(--ink); }
button { background: var(--accent); border-color: var(--accent); color: var(--ground); font-weight: 600; cursor: pointer; }
button.second { background: var(--surface); border-color: var(--quiet); color: var(--ink); }
ul.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); }
ul.cards li { min-width: 0; }
dl.facts { display: grid; grid-template-columns: minmax(100px, max-content) 1fr; gap: 4px 16px; margin: 0; }
dl.facts dt { color: var(--quiet); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, monospace; }
iframe { display: block; width: 100%; height: 560px; border: 1px solid var(--line); border-radius: var(--radius); background: #ffffff; }
nav.pages { display: flex; gap: 16px; margin-top: 16px; }
@media (max-width: 640px) {
  ul.cards { grid-template-columns: 1fr; }
  table.stack thead { position: absolute; left: -999px; }
  table.stack tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--line); }
  table.stack tr:last-child { border-bottom: 0; }
  table.stack td { display: block; border: 0; padding: 2px 12px; text-align: left; }
  table.stack td.beside { display: inline-block; padding-right: 0; }
  table.stack td:empty { display: none; }
}
`;
