import type { Mail } from '../ports/mail/mailer.js';
import { documents, type MailOccasion } from './documents.js';
import { oneLine, toHtml, toText } from './mail-document.js';

/**
 * The finished mail of an occasion, in text and HTML. It tells the order as it stands when it is composed, and nothing
 * that the order's facts do not say.
 */
export const composeMail = (occasion: MailOccasion): Mail => {
  const { order, kind, factRevision, contact, policy } = occasion;
  const { orderId } = order.terms;
  const document = documents[kind](occasion);
  const name = oneLine(contact.name);
  const frame = {
    shopName: policy.shopName,
    greeting: name === '' ? 'Hello,' : `Hello ${name},`,
    url: `${policy.publicUrl}/orders/${orderId}`,
  };
  return {
    key: `${orderId}:${kind}:${String(factRevision)}`,
    orderId,
    kind,
    to: { name: contact.name, address: contact.email },
    subject: document.subject,
    text: toText(document, frame),
    html: toHtml(document, frame),
  };
};
