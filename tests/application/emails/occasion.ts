// The mail about an order that these facts make, to the customer of the example order.
import { composeMail } from '../../../application/emails/compose-mail.js';
import type { ContactSnapshot } from '../../../application/ports/customers.js';
import type { Mail } from '../../../application/ports/mail/mailer.js';
import type { NotificationKind, OrderEvent } from '../../../domain/order/events.js';
import { fold } from '../../../domain/order/evolve.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import * as the from '../../support/examples.js';
import { countryOf } from '../../support/ids.js';

/** Who gets the mail. */
export const contact: ContactSnapshot = {
  contactSnapshotId: the.contactSnapshotId,
  customerId: the.customerId,
  name: 'Zoë Ælfwine',
  email: 'zoe@customer.example',
  address: {
    lines: ['Flat 2', '1 High Street'],
    city: 'Leeds',
    postcode: 'LS1 1AA',
    country: countryOf('GB'),
  },
};

/** Half an hour to pay again at the checkout, three days later on. */
const policy = {
  publicUrl: 'https://checkout.example',
  shopName: 'Gift Shop',
  settings: the.payAgain,
};

/** The order that these facts make; throws for none. */
export const orderOf = (events: readonly OrderEvent[]): PlacedOrder => {
  const order = fold(events);
  if (order.type === 'no_order') throw new Error('no order was placed');
  return order;
};

/** The mail of a kind about an order of these facts; about the newest fact unless told otherwise. */
export const mailOf = (
  kind: NotificationKind,
  events: readonly OrderEvent[],
  change: { readonly to?: ContactSnapshot; readonly factRevision?: number } = {},
): Mail => {
  const order = orderOf(events);
  const { to = contact, factRevision = order.revision } = change;
  return composeMail({ order, kind, factRevision, contact: to, policy });
};
