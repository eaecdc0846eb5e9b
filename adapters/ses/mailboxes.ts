// Names and addresses in the form that mail headers want (RFC 5322, RFC 2047). Pure; nothing that a customer wrote can
// begin a header of its own.
import { domainToASCII } from 'node:url';

const isPlainAscii = /^[ -~]*$/;
// Controls, and the marks that reverse the direction of what follows: a name could look like another one.
const unwanted = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** Text of one line: every run of control characters becomes a blank. */
export const oneLine = (text: string): string => text.replace(unwanted, ' ').trim();

/** Bytes of one encoded word, so that with its frame it keeps below 75 characters. */
const mostWordBytes = 45;

/** Encoded words (RFC 2047): text of any script in ASCII, never cut inside a character. */
const encodedWords = (text: string): string => {
  const words: string[] = [''];
  for (const character of text) {
    const longer = `${words.at(-1) ?? ''}${character}`;
    if (Buffer.byteLength(longer) > mostWordBytes) words.push(character);
    else words.splice(-1, 1, longer);
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
};

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const localPart = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}$/;

/**
 * The address with its domain in ASCII; null for one that mail cannot go to: quoted or non-ASCII before the @, blanks,
 * commas, brackets, line breaks, or a domain without a dot.
 */
const asciiAddress = (address: string): string | null => {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  if (!localPart.test(local) || /[^\p{L}\p{M}\p{N}.-]/u.test(domain)) return null;
  const ascii = domainToASCII(domain);
  return ascii.includes('.') && ascii.length <= 253 ? `${local}@${ascii}` : null;
};

/** `"Zoë" <zoe@example.com>` as a header may have it; null when mail cannot go there. An empty name is left out. */
export const mailbox = ({
  name,
  address,
}: {
  readonly name: string;
  readonly address: string;
}): string | null => {
  const bare = asciiAddress(address);
  if (bare === null) return null;
  const shown = oneLine(name);
  if (shown === '') return bare;
  return `${isPlainAscii.test(shown) ? quoted(shown) : encodedWords(shown)} <${bare}>`;
};
