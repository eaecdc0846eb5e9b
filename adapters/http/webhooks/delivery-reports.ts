// The mail service's reports, over its topic service. A genuine one is acted on before it is acknowledged; what cannot be
// acted on now is answered with 503, so that it comes again. What is not believed is never asked for again.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type {
  DeliveryNotice,
  DeliveryNoticeError,
  DeliveryNotices,
} from '../../../application/ports/mail/delivery-reports.js';
import type { System } from '../../../application/ports/system.js';
import { anyone, emptyAnswer, type Endpoint, refuse, takingRaw } from '../endpoint.js';
import { passing, type Problem, problem } from '../problems.js';

/** What the endpoint needs. */
export type DeliveryReportEndpointPorts = DeliveryNotices & {
  readonly system: Pick<System, 'now'>;
  readonly actOnDeliveryNotice: (notice: DeliveryNotice) => TE.TaskEither<unknown, unknown>;
};

const refusals: Readonly<Record<DeliveryNoticeError['type'], Problem>> = {
  notice_unreadable: problem('notice_unreadable'),
  notice_of_other_topic: problem('notice_not_believed'),
  notice_not_genuine: problem('notice_not_believed'),
  notice_out_of_time: problem('notice_not_believed'),
  notice_service_unavailable: passing('unavailable', 5),
};

const taken = emptyAnswer('The report is recorded.');

/** Where the mail service's topic sends its notices. */
export const deliveryReportEndpoint = ({
  readDeliveryNotice,
  actOnDeliveryNotice,
  system,
}: DeliveryReportEndpointPorts): Endpoint =>
  takingRaw({
    ...{ guard: anyone, method: 'post', path: '/webhooks/mail-reports', id: 'takeMailReport' },
    summary: 'A signed notice of the mail service: a mail came back, or a subscription is to be confirmed.',
    headers: [
      {
        name: 'x-amz-sns-message-type',
        required: true,
        description: 'Kind of the notice; the body says so too, and only the body is signed.',
      },
    ],
    answers: [taken],
    problems: ['notice_unreadable', 'notice_not_believed', 'unavailable'],
    handle: async ({ headers }, _, body) => {
      const notice = await readDeliveryNotice(body, headers, system.now())();
      if (E.isLeft(notice)) return refuse(refusals[notice.left.type]);
      const done = await actOnDeliveryNotice(notice.right)();
      return E.isLeft(done) ? refuse(passing('unavailable', 5)) : taken.reply();
    },
  });
