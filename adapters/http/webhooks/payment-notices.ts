// The card processor's notices. A genuine one is stored before it is acknowledged; what cannot be stored is answered
// with 503, so that it comes again. Acting on it is somebody else's work, later.
import * as E from 'fp-ts/lib/Either.js';
import type { PaymentNotice, PaymentNotices } from '../../../application/ports/payment-notices.js';
import { anyone, emptyAnswer, type Endpoint, refuse, takingRaw } from '../endpoint.js';
import { passing, problem } from '../problems.js';

/** What the endpoint needs. `read` checks the signature over the raw body. */
export type PaymentNoticePorts = {
  readonly readPaymentNotice: (
    body: Buffer,
    signature: string,
  ) => E.Either<{ readonly type: string }, PaymentNotice>;
  readonly paymentNotices: Pick<PaymentNotices, 'store'>;
};

const taken = emptyAnswer('The notice is stored.');

/** Where the card processor sends its notices. */
export const paymentNoticeEndpoint = ({ readPaymentNotice, paymentNotices }: PaymentNoticePorts): Endpoint =>
  takingRaw({
    ...{ guard: anyone, method: 'post', path: '/webhooks/card-processor', id: 'takePaymentNotice' },
    summary: 'A signed notice of the card processor.',
    headers: [{ name: 'Stripe-Signature', required: true, description: 'Time and signature of the body.' }],
    answers: [taken],
    problems: ['notice_not_genuine', 'unavailable'],
    handle: async ({ headers }, _, body) => {
      const signature = headers['stripe-signature'];
      const notice = readPaymentNotice(body, typeof signature === 'string' ? signature : '');
      if (E.isLeft(notice)) return refuse(problem('notice_not_genuine'));
      const stored = await paymentNotices.store(notice.right)();
      return E.isLeft(stored) ? refuse(passing('unavailable', 5)) : taken.reply();
    },
  });
