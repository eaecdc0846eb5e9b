/**
 * Keeps a page up to date: asks for it again every second while it is seen, and puts in what has changed. What the
 * reader has opened stays open. Without it the pages work, and stand still.
 */
export const script = `
const parts = (page) => [...page.querySelectorAll('.live')];
async function look() {
  if (document.hidden) return;
  const shown = parts(document);
  const answer = await fetch(location.href, { cache: 'no-store', headers: { 'if-none-match': shown[0].dataset.version } });
  if (answer.status !== 200) return;
  const next = parts(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  if (next.length !== shown.length) return;
  shown.forEach((part, index) => {
    for (const details of part.querySelectorAll('details[open]')) {
      next[index].querySelector('#' + CSS.escape(details.id))?.setAttribute('open', '');
    }
    if (!part.isEqualNode(next[index])) part.replaceWith(next[index]);
  });
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
