/** The bare address of `Name <a@b>` or `a@b`, in lower case: what two spellings of one mailbox are compared by. */
export function bareAddress(address: string): string {
  return (/<([^<>]*)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase();
}

const localPart = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}$|^"[^"\\\r\n]{1,62}"$/;
const domainLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Why mail cannot go to (or come from) this address; null when it can. Only ASCII: names as encoded words, domains in Punycode. */
export function addressProblem(address: string): string | null {
  if (address.trim() === '') return 'The address is empty';
  if (hasControl(address)) return 'The address contains control characters';
  if (!isAscii(address)) return 'The address contains characters outside ASCII';
  const bare = /<([^<>]*)>\s*$/.exec(address)?.[1]?.trim() ?? address.trim();
  const at = bare.lastIndexOf('@');
  if (at <= 0 || at === bare.length - 1) return `The address has no domain: ${bare}`;
  const [local, domain] = [bare.slice(0, at), bare.slice(at + 1)];
  if (!localPart.test(local)) return `The part before the @ is not a mailbox name: ${bare}`;
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..'))
    return `Dots are misplaced before the @: ${bare}`;
  const labels = domain.split('.');
  if (domain.length > 253 || labels.length < 2 || !labels.every((label) => domainLabel.test(label)))
    return `The part after the @ is not a domain: ${bare}`;
  return null;
}

/** Whether every character is below 128. */
export function isAscii(text: string): boolean {
  return [...text].every((character) => character.charCodeAt(0) < 128);
}

/** Whether a text has control characters, line breaks included. */
export function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}
