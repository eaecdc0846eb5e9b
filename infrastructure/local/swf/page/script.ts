/**
 * Keeps a page up to date: asks for it again every second while it is seen, and puts in what has changed. What the
 * reader has opened stays open. Without it the pages work, and stand still.
 */
export const script = `
const live = () => document.getElementById('live');
async function look() {
  if (document.hidden) return;
  const shown = live();
  const answer = await fetch(location.href, { cache: 'no-store', headers: { 'if-none-match': shown.dataset.version } });
  if (answer.status !== 200) return;
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('live');
  if (next === null) return;
  for (const details of shown.querySelectorAll('details[open]')) {
    next.querySelector('#' + CSS.escape(details.id))?.setAttribute('open', '');
  }
  shown.replaceWith(next);
}
async function keepLooking() {
  try {
    await look();
    document.documentElement.classList.remove('stale');
  } catch {
    document.documentElement.classList.add('stale');
  }
  setTimeout(keepLooking, 1000);
}
setTimeout(keepLooking, 1000);
`;
