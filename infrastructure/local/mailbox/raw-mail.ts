import PostalMime from 'postal-mime';
import type { Address, Email } from 'postal-mime';

/** What a raw message says about itself. */
export interface RawMail {
  readonly from: string | null;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  /** Names in lower case, in the order of the message. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly attachments: readonly {
    readonly name: string | null;
    readonly type: string;
    readonly sizeBytes: number;
  }[];
  readonly sizeBytes: number;
  /** The message itself, base64. */
  readonly source: string;
}

/** Takes a message apart. Null when it is not one. */
export async function parseRawMail(base64: string): Promise<RawMail | null> {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0) return null;
  const email = await PostalMime.parse(bytes).catch(() => null);
  return email === null ? null : described(email, bytes.length, base64);
}

function described(email: Email, sizeBytes: number, source: string): RawMail {
  return {
    from: email.from === undefined ? null : (addressesOf([email.from])[0] ?? null),
    to: addressesOf(email.to ?? []),
    cc: addressesOf(email.cc ?? []),
    bcc: addressesOf(email.bcc ?? []),
    replyTo: addressesOf(email.replyTo ?? []),
    subject: email.subject ?? '',
    text: email.text ?? null,
    html: email.html ?? null,
    headers: email.headers.map(({ key, value }) => ({ name: key, value })),
    attachments: email.attachments.map((attachment) => ({
      name: attachment.filename,
      type: attachment.mimeType,
      sizeBytes:
        typeof attachment.content === 'string'
          ? Buffer.byteLength(attachment.content)
          : attachment.content.byteLength,
    })),
    sizeBytes,
    source,
  };
}

function addressesOf(addresses: readonly Address[]): readonly string[] {
  return addresses.flatMap((address) => {
    if (address.address === undefined) return addressesOf(address.group ?? []);
    return [address.address];
  });
}
