// The card processor's books and the mail service's outbox, kept apart from the code under test: what they say happened
// is what happened.
import * as E from 'fp-ts/lib/Either.js';
import {
  type InMemoryGateway,
  inMemoryGateway,
  type InMemoryGatewayOptions,
} from '../../../adapters/payment/in-memory.js';
import type { IssuerQuestion, IssuerVerdict } from '../../../adapters/payment/in-memory/processor.js';
import type { Mail, Mailer } from '../../../application/ports/mail/mailer.js';
import type { OrderId } from '../../../domain/ids.js';
import type { PaymentMethodToken } from '../../../domain/payment.js';

/** What the issuer says to the `turn`th question (from 1) of one kind about one order; null: as the card's token says. */
export type Issuer = (
  asked: IssuerQuestion['operation'],
  turn: number,
  orderId: OrderId,
) => IssuerVerdict | null;

/** A card that an issuer was asked for money, and what it said. */
export type AskedCard = {
  readonly orderId: OrderId;
  readonly attempt: number;
  readonly card: PaymentMethodToken;
  readonly declinedAs: string | null;
};

/** A card processor in memory, its books, and every card that was tried. */
export type CardLedger = { readonly gateway: InMemoryGateway; readonly askedCards: readonly AskedCard[] };

/** A processor that holds no money yet. */
export const cardLedger = (
  options: Omit<InMemoryGatewayOptions, 'issuer'> & { readonly issuer?: Issuer },
): CardLedger => {
  const { issuer = () => null, ...rest } = options;
  const turns = new Map<string, number>();
  const askedCards: AskedCard[] = [];
  const gateway = inMemoryGateway({
    ...rest,
    issuer: ({ operation, orderId }) => {
      const turn = 1 + (turns.get(`${operation} ${orderId}`) ?? 0);
      turns.set(`${operation} ${orderId}`, turn);
      return issuer(operation, turn, orderId);
    },
  });
  const reserve: InMemoryGateway['reserve'] = (request) => async () => {
    const answer = await gateway.reserve(request)();
    const { orderId, attempt, paymentMethod: card } = request;
    const declined = E.isRight(answer) && answer.right.type === 'declined' ? answer.right : null;
    askedCards.push({ orderId, attempt, card, declinedAs: declined?.decline.class ?? null });
    return answer;
  };
  return { gateway: { ...gateway, reserve }, askedCards };
};

/** A mail service in memory: it accepts everything, repeats included, and keeps it. */
export const outbox = (): { readonly mailer: Mailer; readonly accepted: readonly Mail[] } => {
  const accepted: Mail[] = [];
  const mailer: Mailer = {
    send: (mail) => async () => {
      accepted.push(mail);
      return E.right({ messageId: `message-${accepted.length}` });
    },
  };
  return { mailer, accepted };
};
