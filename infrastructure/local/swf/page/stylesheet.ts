/** What the pages need beside the style that all local servers share. */
export const stylesheet = `
:root { --decision: #7a7f8a; --execution: #2d6cdf; --work: #2e8b57; }
.filters { margin-top: 24px; }
form.find input, form.find select { font-weight: 400; }
form.find select { display: block; width: 100%; margin-top: 4px; font-size: inherit; font-family: inherit; min-height: 44px; padding: 8px; border-radius: var(--radius); border: 1px solid var(--quiet); background: var(--surface); color: var(--ink); }
form.find label { flex-basis: 150px; }
.state { margin: 0 0 16px; }
.badge a { color: inherit; }
.scroll a, .chart a { overflow-wrap: anywhere; }
.chart { display: table; width: 100%; border-collapse: collapse; }
.chart th { width: 30%; font-weight: 400; color: var(--ink); white-space: normal; overflow-wrap: anywhere; }
.chart th, .chart td { padding: 4px 8px; vertical-align: middle; }
.chart td.number { width: 7em; color: var(--quiet); font-size: 14px; }
.chart svg { display: block; width: 100%; height: 14px; }
.chart rect { fill: var(--work); }
.chart rect.bad { fill: #c0392b; } .chart rect.open { fill: var(--execution); } .chart rect.canceled { fill: var(--decision); }
.chart rect.waiting { opacity: .4; }
.timeline { list-style: none; margin: 0; padding: 0; }
.timeline li { display: grid; grid-template-columns: 3.5em 7em 1fr; gap: 0 8px; position: relative; border-left: 4px solid var(--work); background: var(--surface); padding: 6px 12px; margin: 2px 0; }
.timeline li.bad { border-color: #c0392b; background: var(--bad-ground); } .timeline li.decision { border-color: var(--decision); }
.timeline li.execution { border-color: var(--execution); } .timeline li:target { outline: 3px solid var(--accent); }
.timeline li.decided { margin-left: 24px; }
.timeline .id, .timeline time { color: var(--quiet); font-variant-numeric: tabular-nums; font-size: 14px; line-height: 24px; text-decoration: none; }
.timeline li.bad strong { color: var(--bad); }
.timeline li.decision strong { font-weight: 400; }
.timeline .name { overflow-wrap: anywhere; }
.timeline .link { color: var(--quiet); font-size: 14px; margin-left: 4px; }
.timeline .badge { white-space: normal; }
.timeline .what { min-width: 0; }
.timeline .preview { display: block; color: var(--quiet); }
.timeline details { font-size: 14px; }
.timeline summary { position: absolute; top: 0; right: 0; width: 44px; line-height: 36px; text-align: center; color: var(--quiet); cursor: pointer; list-style: none; }
.timeline summary::-webkit-details-marker { display: none; }
.timeline .what { padding-right: 36px; }
td .narrow { display: none; }
.stale main::before { content: 'The server does not answer; this is what it said last.'; display: block; color: var(--bad); font-weight: 600; }
@media (max-width: 640px) {
  .timeline li { grid-template-columns: auto 1fr; }
  .timeline .what { grid-column: 1 / -1; }
  .timeline li.decided { margin-left: 12px; }
  td .narrow { display: inline; }
  .chart th { width: 38%; }
  .chart td.number { width: 5em; padding-left: 0; }
}
`;
