// The operator's remedies against a running stack: a completed order is refunded from the terminal, its ended process is
// started for it, and nothing is stuck before or after.
import * as t from 'io-ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StackPlace, stackPlace, type StackProcess, startStack } from '../support/local-stacks.js';
import { playMadeUp } from '../support/plays.js';
import { type Ended, runProgram } from '../support/programs.js';

const state: { place?: StackPlace; stack?: StackProcess } = {};

beforeAll(async () => {
  state.place = await stackPlace();
  state.stack = await startStack(state.place);
  const summary = await playMadeUp(state.stack, { orders: 4, seed: 9, patienceSeconds: 90 });
  expect(summary.differences).toEqual([]);
});

afterAll(async () => {
  await state.stack?.interrupt();
  await state.place?.clear();
});

const checkout = (...words: readonly string[]): Promise<Ended> =>
  runProgram('cli', { args: [...words, '--directory', state.place?.directory ?? ''], environment: {} });

const asJson = async <Body>(codec: t.Type<Body, unknown>, ...words: readonly string[]): Promise<Body> => {
  const { code, stdout, stderr } = await checkout(...words, '--json');
  expect(code, stderr).toBe(0);
  const body: unknown = JSON.parse(stdout);
  if (codec.is(body)) return body;
  throw new Error(`${words.join(' ')} answers in another form: ${stdout.slice(0, 500)}`);
};

const Listed = t.array(t.type({ orderId: t.string }));
const Stuck = t.type({ looked: t.number, orders: t.array(t.unknown) });
const Shown = t.type({
  phase: t.string,
  timeline: t.array(t.type({ fact: t.string, actor: t.type({ type: t.string }) })),
});
const Answer = t.type({ mode: t.string, effects: t.array(t.type({ type: t.string })) });

const factsOf = async (orderId: string): Promise<readonly string[]> =>
  (await asJson(Shown, 'order', 'show', orderId)).timeline.map(({ fact }) => fact);

const effectsOf = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await asJson(Answer, ...words)).effects.map(({ type }) => type);

it('refunds, restarts and resyncs an order in the operator’s name, once', async () => {
  const [order] = await asJson(Listed, 'order', 'list', '--phase', 'Completed', '--limit', '1');
  const orderId = order?.orderId ?? '';
  const before = await factsOf(orderId);
  const refund = ['order', 'refund', orderId, '--amount', '0.01', '--id', 'goodwill-1'];

  const preview = await checkout(...refund);
  expect(preview).toMatchObject({ code: 0, stderr: '' });
  expect(preview.stdout).toContain('store RefundRequested');
  expect(preview.stdout).toContain('Nothing was changed. --yes does it.');
  expect(await factsOf(orderId)).toEqual(before);
  expect(await checkout(...refund, '--yes')).toMatchObject({
    ...{ code: 1, stdout: '' },
    stderr: '--yes needs --by NAME: who does it is kept with the order\n',
  });

  const done = await checkout(...refund, '--by', 'Olga', '--yes');
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout).toContain('stored RefundRequested');
  expect(done.stderr).toContain('"by":"Olga","remedy":"refund"');
  let facts = await factsOf(orderId);
  while (!facts.includes('Refunded')) facts = await factsOf(orderId);
  expect(facts.filter((fact) => fact === 'RefundRequested')).toHaveLength(1);
  expect(await effectsOf(...refund, '--by', 'Olga', '--yes')).toEqual([]);

  const operator = ['--by', 'Olga', '--yes'];
  expect(await effectsOf('order', 'resync', orderId, ...operator)).toEqual([]);
  expect(await effectsOf('order', 'release-claim', orderId, ...operator)).toEqual([]);
  const [restarted] = await effectsOf('order', 'restart', orderId, '--replace', ...operator);
  expect(['process_started', 'process_replaced']).toContain(restarted);
  const late = await checkout('order', 'cancel', orderId, ...operator);
  expect(late).toMatchObject({ code: 1, stdout: '' });
  expect(late.stderr).toContain('it is too late to cancel');

  const stuck = await asJson(Stuck, 'orders', 'stuck');
  expect(stuck.looked).toBeGreaterThan(1);
  expect(stuck.orders).toEqual([]);
});
