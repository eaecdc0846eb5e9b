/** The look of the pages: readable in light and dark, on narrow and wide screens. */
export const stylesheet = `
:root { color-scheme: light dark; --line: #8884; --bad: #c0392b; --decision: #8e8e93; --execution: #2d6cdf; --work: #2e8b57; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; }
header { border-bottom: 1px solid var(--line); padding: .6rem 1.2rem; font-weight: 600; }
header a { color: inherit; text-decoration: none; }
main { max-width: 70rem; margin: 0 auto; padding: 0 1.2rem 3rem; }
small { color: GrayText; font-weight: normal; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { color: GrayText; } dd { margin: 0; overflow-wrap: anywhere; }
.timeline { list-style: none; padding: 0; }
.timeline li { border-left: 4px solid var(--work); padding: .25rem .6rem; margin: .15rem 0; overflow-wrap: anywhere; }
.timeline li.bad { border-color: var(--bad); } .timeline li.decision { border-color: var(--decision); }
.timeline li.execution { border-color: var(--execution); } .timeline li:target { background: #fd04; }
.id, time { font-variant-numeric: tabular-nums; color: GrayText; margin-right: .6rem; }
.attributes { display: block; font-size: .85rem; } .attribute { margin-right: 1rem; } .attribute i { color: GrayText; }
`;
