import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { absurd } from '../../domain/brand.js';
import type { MailReturn } from '../../domain/order/events.js';
import { notificationNamed } from '../../domain/order/evolve-notifications.js';
import type { Order } from '../../domain/order/order.js';
import {
  type CommandError,
  handleOrderCommand,
  loadOrder,
  type OrderPorts,
} from '../handle-order-command.js';
import type { Customers, CustomersError } from '../ports/customers.js';
import type { DeliveryNotice, DeliveryNoticeError, DeliveryReport } from '../ports/mail/delivery-reports.js';
import type { ReadError } from '../ports/event-store.js';

// What the mail service tells of a mail after it took it. A mail that came back marks its address and shows on the
// order's timeline; it touches neither money nor goods, and the order's process need not hear of it.

/** What recording a report needs. */
export type DeliveryReportPorts = OrderPorts & { readonly customers: Pick<Customers, 'markAddress'> };

/** Why a notice was not acted on now; the service sends it again for a while. */
export type DeliveryReportProblem =
  | CustomersError
  | ReadError
  | Exclude<CommandError, { readonly type: 'refused' }>
  /** No such order, or not yet where we read. */
  | { readonly type: 'order_unknown' }
  /** The report was faster than the result of the sending, or is about a mail that this order never sent. */
  | { readonly type: 'mail_not_sent_yet' }
  /** A subscription could not be confirmed. */
  | DeliveryNoticeError;

/** What a notice came to; `nothing`: it was known already or adds nothing to any order. */
export type DeliveryReportOutcome = 'recorded' | 'nothing';

type GenuineReport = Extract<DeliveryNotice, { readonly type: 'report' }>;
type Result = E.Either<DeliveryReportProblem, DeliveryReportOutcome>;

const returns: Readonly<Record<DeliveryReport['kind'], MailReturn | null>> = {
  bounced_permanently: 'permanent',
  bounced_transiently: 'transient',
  complained: 'complaint',
  delivered: null,
};

/** True once it is stored that the mail was, or may have been, handed over. */
const wasSent = (order: Order, name: NonNullable<DeliveryReport['notification']>): boolean => {
  const notification =
    order.type === 'placed_order' ? notificationNamed(order.notifications, name) : undefined;
  if (notification === undefined) return false;
  return notification.status === 'sent' || notification.doubts > 0;
};

const recordReturn = async (
  ports: DeliveryReportPorts,
  { orderId, notification, reportId }: DeliveryReport,
  mailReturn: MailReturn,
): Promise<Result> => {
  if (orderId === null || notification === null) return E.right('nothing');
  const loaded = await loadOrder(ports)(orderId)();
  if (E.isLeft(loaded)) return loaded;
  const order = loaded.right;
  if (order.type === 'no_order') return E.left({ type: 'order_unknown' });
  if (!wasSent(order, notification)) return E.left({ type: 'mail_not_sent_yet' });
  const command = { type: 'RecordMailReturn', at: ports.system.now(), ...notification, mailReturn } as const;
  const context = {
    actor: { type: 'worker', name: 'delivery-reports' },
    correlationId: reportId,
  } as const;
  const handled = await handleOrderCommand(ports)(orderId, command, context, order)();
  if (E.isRight(handled)) return E.right(handled.right.added.length > 0 ? 'recorded' : 'nothing');
  return handled.left.type === 'refused' ? E.left({ type: 'mail_not_sent_yet' }) : E.left(handled.left);
};

/**
 * Marks the address that a mail came back from and stores the return with its order. Repeats change nothing, in whatever
 * order the reports come. A report that does not say which mail of which order it is about only marks the address; one
 * about an order or a mail that is not there (yet) marks it too and is a problem, so that it comes again.
 */
export const recordDeliveryReport =
  (ports: DeliveryReportPorts) =>
  ({
    report,
    markRecipient,
  }: Pick<GenuineReport, 'report' | 'markRecipient'>): TE.TaskEither<
    DeliveryReportProblem,
    DeliveryReportOutcome
  > =>
  async () => {
    const mailReturn = returns[report.kind];
    if (mailReturn === null) return E.right('nothing');
    const marked = await markRecipient(ports.customers)();
    return E.isLeft(marked) ? marked : recordReturn(ports, report, mailReturn);
  };

const nobodyTells =
  'the mail service ended our subscription: bounces and complaints are not reported any more';

/** Acts on a genuine notice: a report is recorded, a subscription confirmed, its end raises an alarm. */
export const actOnDeliveryNotice =
  (ports: DeliveryReportPorts) =>
  (notice: DeliveryNotice): TE.TaskEither<DeliveryReportProblem, DeliveryReportOutcome> =>
  async () => {
    switch (notice.type) {
      case 'report':
        return recordDeliveryReport(ports)(notice)();
      case 'subscription': {
        const confirmed = await notice.confirm();
        return E.isLeft(confirmed) ? confirmed : E.right('nothing');
      }
      case 'subscription_ended':
        ports.observer.observe({ type: 'alarm', orderId: null, what: nobodyTells });
        return E.right('nothing');
      case 'other':
        return E.right('nothing');
      default:
        return absurd(notice);
    }
  };
