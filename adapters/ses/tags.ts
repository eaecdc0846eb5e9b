// The tags of a mail, which the service tells with every event of it. Their names and values may have letters of ASCII,
// digits, `_` and `-` only, and at most 256 of them.
import type { MessageTag } from '@aws-sdk/client-ses';
import type { Mail } from '../../application/ports/mail/mailer.js';

/** What the tags are called. */
export const tagNames = {
  orderId: 'order_id',
  kind: 'kind',
  factRevision: 'fact_revision',
  key: 'key',
} as const;

const tag = (Name: string, value: string): MessageTag => ({
  Name,
  Value: value.replace(/[^\w-]/g, '_').slice(0, 256),
});

/** The tags of a mail: enough to find its order, and which of the order's mails it is, without any address. */
export const tagsOf = ({ orderId, kind, key }: Mail): MessageTag[] => {
  const factRevision = /:(\d+)$/.exec(key)?.[1];
  return [
    tag(tagNames.orderId, orderId),
    tag(tagNames.kind, kind),
    ...(factRevision === undefined ? [] : [tag(tagNames.factRevision, factRevision)]),
    tag(tagNames.key, key),
  ];
};
