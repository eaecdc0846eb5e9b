// Every remedy: a preview changes nothing, the deed is in the operator's name, and a repeat does nothing more.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';
import { remedyPage, remedyRefusal } from '../../../adapters/cli/remedy-page.js';
import {
  cancelOrderRemedy,
  deliverOrder,
  holdOrder,
  refundOrder,
  releaseOrder,
} from '../../../application/operations/command-remedies.js';
import { restartOrder, retryOrder } from '../../../application/operations/process-remedies.js';
import { releaseClaim } from '../../../application/operations/release-claim.js';
import type { RemedyAnswer, RemedyCall, RemedyError } from '../../../application/operations/remedy.js';
import { resyncOrder } from '../../../application/operations/resync-order.js';
import { isTaskToken } from '../../../application/ports/workflow/process-tasks.js';
import { plusSeconds } from '../../../domain/instant.js';
import * as the from '../../support/examples.js';
import { histories, type StateName } from '../../support/histories.js';
import { checked } from '../../support/ids.js';
import { openDesk } from './desk.js';

type Desk = Awaited<ReturnType<typeof openDesk>>;
type Remedy = (call: RemedyCall) => TE.TaskEither<RemedyError, RemedyAnswer>;

const answerOf = (result: E.Either<RemedyError, RemedyAnswer>): RemedyAnswer => {
  if (E.isRight(result)) return result.right;
  throw new Error(remedyRefusal(the.orderId, result.left));
};

const refusalOf = async (desk: Desk, remedy: Remedy): Promise<string> => {
  const result = await remedy(desk.apply)();
  return E.isLeft(result) ? remedyRefusal(the.orderId, result.left) : 'not refused';
};

const factsOf = ({ effects }: RemedyAnswer): readonly string[] =>
  effects.flatMap((effect) => (effect.type === 'facts' ? effect.facts : []));

type Case = readonly [
  word: string,
  state: StateName,
  remedyAt: (desk: Desk) => Remedy,
  facts: readonly string[],
  phase: string,
];

const refund = { refundId: 'goodwill-1', amount: the.pence(500), reason: 'goodwill' } as const;

const commands: readonly Case[] = [
  ['hold', 'released', ({ ports }) => holdOrder(ports, 'fraud'), ['HoldPlaced'], 'OnHold'],
  ['release', 'onHold', ({ ports }) => releaseOrder(ports, 'fraud'), ['HoldReleased'], 'Confirmed'],
  ['refund', 'completed', ({ ports }) => refundOrder(ports, refund), ['RefundRequested'], 'Completed'],
  ['cancel', 'picked', ({ ports }) => cancelOrderRemedy(ports), ['CancellationRequested'], 'Cancelling'],
  ['delivered', 'completed', ({ ports }) => deliverOrder(ports), ['Delivered'], 'Completed'],
];

describe('a remedy that is a command', () => {
  it.each(commands)('%s of an order that is %s', async (word, state, remedyAt, facts, phase) => {
    const desk = await openDesk(histories[state].events);
    const remedy = remedyAt(desk);
    const before = await desk.stored();

    const previewed = answerOf(await remedy(desk.preview)());
    expect(previewed).toMatchObject({ remedy: word, mode: 'preview', phase });
    expect(factsOf(previewed)).toEqual(facts);
    expect(await desk.stored()).toEqual(before);
    expect(desk.asked).toEqual([]);
    expect(desk.observations).toEqual([]);
    expect(remedyPage(previewed).text).toContain('Nothing was changed. --yes does it.');

    const applied = answerOf(await remedy(desk.apply)());
    expect(factsOf(applied)).toEqual(facts);
    expect(applied.phase).toBe(phase);
    const added = (await desk.stored()).slice(before.length);
    expect(added.map(({ event }) => event.type)).toEqual(facts);
    expect(added.map(({ metadata }) => metadata.actor)).toEqual(
      facts.map(() => ({ type: 'operator', name: 'Olga' })),
    );
    expect(desk.asked).toEqual(['told']);
    expect(desk.observations).toContainEqual(
      expect.objectContaining({ type: 'remedy_applied', by: 'Olga', remedy: word }),
    );

    expect(answerOf(await remedy(desk.apply)()).effects).toEqual([]);
    expect(await desk.stored()).toHaveLength(before.length + facts.length);
  });

  it('starts the process of a completed order that is refunded, for it has ended', async () => {
    const desk = await openDesk(histories.completed.events, { runs: false });
    const { effects } = answerOf(await refundOrder(desk.ports, refund)(desk.apply)());
    expect(effects).toContainEqual(
      expect.objectContaining({ type: 'process_started', steps: expect.arrayContaining(['RefundCard.1']) }),
    );
    expect(desk.asked).toEqual(['not running', 'started']);
  });

  it('refuses in one sentence what cannot be', async () => {
    const charged = await openDesk(histories.completed.events);
    const tooMuch = { ...refund, amount: the.pence(999_999) };
    expect(await refusalOf(charged, refundOrder(charged.ports, tooMuch))).toMatch(
      /^at most GBP \d+\.\d\d can still be refunded$/,
    );
    expect(await refusalOf(charged, cancelOrderRemedy(charged.ports))).toBe(
      'it is too late to cancel: the order is Completed; refund it when the goods are back',
    );
    expect(await refusalOf(charged, holdOrder(charged.ports, 'fraud'))).toBe(
      'the order is Completed, where this cannot be done',
    );
    const nothing = await openDesk([]);
    expect(await refusalOf(nothing, retryOrder(nothing.ports))).toBe(`there is no order ${the.orderId}`);
  });

  it('keeps once that a shipped order was to be cancelled, and refuses it each time', async () => {
    const desk = await openDesk(histories.shipped.events);
    const before = (await desk.stored()).length;
    for (let times = 0; times < 2; times += 1) {
      expect(await refusalOf(desk, cancelOrderRemedy(desk.ports))).toContain('the order is Shipped');
    }
    const added = (await desk.stored()).slice(before).map(({ event }) => event.type);
    expect(added).toEqual(['CancellationRefused']);
  });
});

describe('retry', () => {
  it('tells a process that runs, and starts one that does not', async () => {
    const running = await openDesk(histories.reservationUnknown.events);
    const told = answerOf(await retryOrder(running.ports)(running.apply)());
    expect(told.effects).toEqual([{ type: 'process_told', steps: ['ReserveCard.1'] }]);
    const dead = await openDesk(histories.reservationUnknown.events, { runs: false });
    expect(answerOf(await retryOrder(dead.ports)(dead.preview)()).mode).toBe('preview');
    expect(dead.asked).toEqual([]);
    const started = answerOf(await retryOrder(dead.ports)(dead.apply)());
    expect(started.effects).toEqual([{ type: 'process_started', steps: ['ReserveCard.1'] }]);
    expect(answerOf(await retryOrder(dead.ports)(dead.apply)()).effects).toEqual(told.effects);
  });
});

describe('restart', () => {
  it('leaves a process that runs alone unless it is to be replaced', async () => {
    const desk = await openDesk(histories.released.events);
    const left = answerOf(await restartOrder(desk.ports, false)(desk.apply)());
    expect(left.effects).toEqual([{ type: 'process_runs' }]);
    const { effects } = answerOf(await restartOrder(desk.ports, true)(desk.apply)());
    expect(effects).toMatchObject([{ type: 'process_replaced' }]);
    expect(desk.asked).toEqual(['start refused', 'terminated', 'started']);
  });

  it('starts what does not run, and shows before what the order asks for', async () => {
    const desk = await openDesk(histories.released.events, { runs: false });
    const { effects } = answerOf(await restartOrder(desk.ports, true)(desk.preview)());
    expect(effects).toMatchObject([{ type: 'process_replaced', steps: expect.arrayContaining(['Pick']) }]);
    expect(desk.asked).toEqual([]);
    const started = answerOf(await restartOrder(desk.ports, false)(desk.apply)());
    expect(started.effects).toMatchObject([{ type: 'process_started' }]);
    expect(await desk.stored()).toHaveLength(histories.released.events.length);
  });
});

describe('resync', () => {
  const request = {
    orderId: the.orderId,
    attempt: 1,
    key: the.reservationRequested.key,
    amount: the.reservationRequested.amount,
    paymentMethod: the.paymentMethod,
    returnUrl: 'https://checkout.example/orders/1',
  };

  it('stores a reservation whose answer was lost, once', async () => {
    const desk = await openDesk(histories.reservationUnknown.events);
    expect(E.isRight(await desk.ports.gateway.reserve(request)())).toBe(true);
    const before = await desk.stored();
    const previewed = answerOf(await resyncOrder(desk.ports)(desk.preview)());
    expect(factsOf(previewed)).toEqual(['CardReserved']);
    expect(await desk.stored()).toEqual(before);
    const applied = answerOf(await resyncOrder(desk.ports)(desk.apply)());
    expect(factsOf(applied)).toEqual(['CardReserved']);
    expect(applied.phase).toBe('Confirmed');
    const [added] = (await desk.stored()).slice(before.length);
    expect(added?.metadata.actor).toEqual({ type: 'operator', name: 'Olga' });
    expect(answerOf(await resyncOrder(desk.ports)(desk.apply)()).effects).toEqual([]);
  });

  it('changes nothing when the processor never heard of it', async () => {
    const desk = await openDesk(histories.reservationUnknown.events);
    expect(answerOf(await resyncOrder(desk.ports)(desk.apply)()).effects).toEqual([]);
    expect(desk.asked).toEqual([]);
  });
});

describe('release-claim', () => {
  it('takes a task from whoever has it; the first phone’s epoch is void for the next', async () => {
    const desk = await openDesk(histories.released.events);
    const { floorTasks, system } = desk.ports;
    const token = checked(isTaskToken, 'token-1');
    const task = { orderId: the.orderId, step: 'Pick', run: 1, token } as const;
    expect(E.isRight(await floorTasks.offer(task, system.now())())).toBe(true);
    const remedy = releaseClaim(desk.ports);
    expect(answerOf(await remedy(desk.apply)()).effects).toEqual([]);
    const until = plusSeconds(system.now(), 180);
    expect(E.isRight(await floorTasks.claim('ada', ['Pick'], until, system.now())())).toBe(true);
    const effect = { type: 'claim_released', step: 'Pick', staffId: 'ada', epoch: 1 };
    expect(answerOf(await remedy(desk.preview)()).effects).toEqual([effect]);
    expect(answerOf(await remedy(desk.apply)()).effects).toEqual([effect]);
    expect(answerOf(await remedy(desk.apply)()).effects).toEqual([]);
    const next = await floorTasks.claim('ben', ['Pick'], until, system.now())();
    expect(E.isRight(next) ? next.right?.epoch : null).toBe(2);
  });
});
