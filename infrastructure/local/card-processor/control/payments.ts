import * as t from 'io-ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../../http-server.js';
import type { Processor } from '../processor.js';
import { answerChallenge } from '../rules/challenge.js';
import type { Operation } from '../rules/operation.js';
import { endReservations, forgettingKeys, openDispute, settleRefund } from '../rules/others.js';
import { readWish, type Asked } from './json-request.js';

const disputeReasons = ['fraudulent', 'product_not_received', 'product_unacceptable', 'duplicate', 'general'];

/**
 * POST /_control/…: what cardholders, banks and time do, on command. Each answers 200 with what it did, 400 with
 * `problem` when the wish cannot be understood, 404 for a stranger and 409 when it is not possible now.
 */
export async function serveControl(
  processor: Processor,
  clock: () => number,
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
): Promise<void> {
  if (request.method !== 'POST') return sendJson(response, 405, { problem: 'use POST' });
  const { state } = processor;

  const carryOut = async (operation: Operation): Promise<void> => {
    const outcome = await processor.carryOut(operation);
    if (outcome.type === 'Done') {
      const { answer } = outcome;
      return sendJson(response, 200, answer.type === 'Object' ? { id: answer.id } : { ids: answer.ids });
    }
    // A challenge that is passed can still end in a decline: that is an outcome, not a refusal of the command.
    if (outcome.type === 'Failed' && outcome.changes.length > 0)
      return sendJson(response, 200, { id: outcome.intent, problem: outcome.error.message });
    const status = outcome.type === 'Invalid' ? outcome.error.status : 409;
    sendJson(response, status, { problem: outcome.error.message });
  };
  const doing = async <Wish>(asked: Asked<Wish>, act: (wish: Wish) => Promise<void>): Promise<void> =>
    asked.type === 'Asked' ? act(asked.wish) : sendJson(response, 400, { problem: asked.problem });
  const refuse = (problem: string): void => sendJson(response, 400, { problem });

  switch (name) {
    case 'challenges':
      return doing(
        await readWish(request, { intent: t.string, passed: t.boolean }, {}),
        ({ intent, passed }) => carryOut(answerChallenge(intent, passed)),
      );
    case 'reservations/expire':
      return doing(
        await readWish(
          request,
          {},
          { intent: t.string, metadata: t.record(t.string, t.string), all: t.literal(true) },
        ),
        async ({ intent, metadata, all }) => {
          if ([intent, metadata, all].filter((given) => given !== undefined).length !== 1)
            return refuse('say one of intent, metadata and all');
          const wanted = Object.entries(metadata ?? {});
          if (metadata !== undefined && wanted.length === 0)
            return refuse('metadata names at least one field');
          return carryOut(
            endReservations(
              (one) =>
                (intent === undefined || one.id === intent) &&
                wanted.every(([field, value]) => one.metadata[field] === value),
            ),
          );
        },
      );
    case 'refunds/settle':
      return doing(
        await readWish(
          request,
          { refund: t.string, status: t.union([t.literal('succeeded'), t.literal('failed')]) },
          { failureReason: t.string },
        ),
        async ({ refund, status, failureReason }) => {
          if (status === 'succeeded' && failureReason !== undefined)
            return refuse('only a failed refund has a failureReason');
          return carryOut(
            settleRefund(refund, status, status === 'failed' ? (failureReason ?? 'unknown') : null),
          );
        },
      );
    case 'disputes':
      return doing(
        await readWish(
          request,
          {},
          { intent: t.string, charge: t.string, amount: t.number, reason: t.string },
        ),
        async ({ intent, charge, amount, reason }) => {
          if ((intent === undefined) === (charge === undefined)) return refuse('say either intent or charge');
          if (amount !== undefined && (!Number.isSafeInteger(amount) || amount < 1))
            return refuse('amount is a whole number of minor units from 1');
          if (reason !== undefined && !disputeReasons.includes(reason))
            return refuse(`reason is one of ${disputeReasons.join(', ')}`);
          const id = charge ?? state.intents.get(intent ?? '')?.latestCharge ?? intent ?? '';
          return carryOut(openDispute(id, amount ?? null, reason ?? 'general'));
        },
      );
    case 'keys/forget':
      return doing(await readWish(request, {}, { olderThanMilliseconds: t.number }), async (wish) => {
        const age = wish.olderThanMilliseconds;
        if (age !== undefined && (!Number.isSafeInteger(age) || age < 0))
          return refuse('olderThanMilliseconds is a whole number from 0');
        const { count, changes } = forgettingKeys(
          state,
          age === undefined ? Number.MAX_SAFE_INTEGER : clock() - age,
        );
        await processor.keep(changes);
        sendJson(response, 200, { forgotten: count });
      });
    default:
      return sendJson(response, 404, {
        problem:
          'there is /_control/challenges, /reservations/expire, /refunds/settle, /disputes and /keys/forget',
      });
  }
}
