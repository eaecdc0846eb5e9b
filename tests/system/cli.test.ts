// The operator's terminal against a running stack: what its commands answer to people and to programs, and how they
// refuse.
import * as t from 'io-ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { booksOf } from '../support/books.js';
import { type StackPlace, stackPlace, type StackProcess, startStack } from '../support/local-stacks.js';
import { playMadeUp } from '../support/plays.js';
import { type Ended, runProgram } from '../support/programs.js';

const state: { place?: StackPlace; stack?: StackProcess } = {};

const stack = (): StackProcess => {
  if (state.stack === undefined) throw new Error('the stack was not started');
  return state.stack;
};

const patienceSeconds = 90;
const orders = 8;

beforeAll(async () => {
  state.place = await stackPlace();
  state.stack = await startStack(state.place);
  const summary = await playMadeUp(state.stack, { orders, seed: 5, patienceSeconds });
  expect(summary.differences).toEqual([]);
});

afterAll(async () => {
  await state.stack?.interrupt();
  await state.place?.clear();
});

/** Runs a command on the stack's folder. */
const checkout = (words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  runProgram('cli', { args: [...words, '--directory', state.place?.directory ?? ''], environment });

/** A command's answer to programs. */
const asJson = async <Body>(codec: t.Type<Body, unknown>, ...words: readonly string[]): Promise<Body> => {
  const { code, stdout, stderr } = await checkout([...words, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const body: unknown = JSON.parse(stdout);
  if (codec.is(body)) return body;
  throw new Error(`${words.join(' ')} answers in another form: ${stdout.slice(0, 500)}`);
};

/** A command's answer to people. */
const asText = async (...words: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await checkout(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

const Listed = t.array(t.type({ orderId: t.string, phase: t.string }));
const Timeline = t.array(
  t.type({ revision: t.number, at: t.string, fact: t.string, actor: t.type({ type: t.string }) }),
);
const Shown = t.type({ orderId: t.string, phase: t.string, timeline: Timeline });
const Registered = t.array(t.type({ what: t.string, name: t.string, outcome: t.string }));
const Checked = t.type({
  settings: t.array(t.type({ name: t.string, value: t.string })),
  problems: t.array(t.type({ name: t.string, message: t.string })),
});

const firstOrder = async (): Promise<string> => {
  const [first] = await asJson(Listed, 'order', 'list', '--phase', 'completed', '--limit=1');
  if (first === undefined) throw new Error('no order is listed');
  return first.orderId;
};

describe('order list', () => {
  it('lists the newest orders, filtered and limited, to people and to programs', async () => {
    const listed = await asJson(Listed, 'order', 'list');
    expect(listed.length).toBeGreaterThan(1);
    expect(listed.map(({ phase }) => phase)).toEqual(listed.map(() => 'Completed'));
    expect(await asJson(Listed, 'order', 'list', '--limit', '1')).toEqual(listed.slice(0, 1));
    expect(await asJson(Listed, 'order', 'list', '--phase', 'Rejected')).toEqual([]);
    expect(await asText('order', 'list', '--phase', 'Rejected')).toBe('No orders.\n');
    const text = await asText('order', 'list');
    for (const { orderId } of listed) expect(text).toContain(orderId);
  });
});

describe('order show', () => {
  it('tells every fact with its time and who did it', async () => {
    const orderId = await firstOrder();
    const shown = await asJson(Shown, 'order', 'show', orderId);
    expect(shown).toMatchObject({ orderId, phase: 'Completed' });
    expect(shown.timeline.map(({ revision }) => revision)).toEqual(shown.timeline.map((_, index) => index));
    const actorOf = (fact: string) => shown.timeline.find((entry) => entry.fact === fact)?.actor.type;
    expect(['OrderPlaced', 'Picked', 'Charged', 'Shipped'].map(actorOf)).toEqual([
      'customer',
      'floor',
      'worker',
      'floor',
    ]);
    const text = await asText('order', 'show', orderId);
    for (const { at, fact } of shown.timeline) {
      expect(new Date(at).toISOString()).toBe(at);
      expect(text).toMatch(new RegExp(`${at} +${fact} +(?:customer|worker \\S+|floor \\S+)`));
    }
  });
});

describe('swf register', () => {
  it('may be repeated: what is known stays', async () => {
    const first = await asJson(Registered, 'swf', 'register');
    expect(new Set(first.map(({ what }) => what))).toEqual(
      new Set(['domain', 'workflow_type', 'activity_type']),
    );
    expect(new Set(first.map(({ outcome }) => outcome))).toEqual(new Set(['known']));
    expect(await asJson(Registered, 'swf', 'register')).toEqual(first);
    expect(await asText('swf', 'register', '--retention-days', '7')).toMatch(
      /^workflow_type +Order +known$/m,
    );
  });
});

describe('projections rebuild', () => {
  const rebuild = async () => {
    const { code, stdout, stderr } = await checkout(['projections', 'rebuild', '--json']);
    expect(code, stderr).toBe(0);
    const body: unknown = JSON.parse(stdout);
    return body;
  };
  /** Without the number of the build, which is all that a rebuild may change. */
  const views = async () =>
    (await booksOf(stack().running)).views.map((row) => row.replace(/"build":\d+,?/, ''));

  it('gives identical rows, also while orders flow', async () => {
    const play = playMadeUp(stack(), { orders: 24, seed: 6, patienceSeconds });
    const rebuilt = await rebuild();
    expect(rebuilt).toEqual({ events: expect.any(Number) });
    expect((await play).differences).toEqual([]);
    const before = await views();
    await rebuild();
    expect(await views()).toEqual(before);
  });
});

describe('config check', () => {
  it('shows every setting of the running stack without its secrets', async () => {
    const { settings, problems } = await asJson(Checked, 'config', 'check');
    expect(problems).toEqual([]);
    const valueOf = (name: string) => settings.find((setting) => setting.name === name)?.value;
    expect(valueOf('CHECKOUT_OPERATOR_KEY')).toBe('(secret, set)');
    expect(valueOf('CHECKOUT_GRACE_SECONDS')).toBe('0');
    expect(valueOf('CHECKOUT_SHOP_NAME')).toBe('(default)');
    const text = await asText('config', 'check');
    const { operatorKey, processorKey } = stack().secrets;
    const password = new URL(stack().running.ordersDatabaseUrl).password;
    for (const secret of [operatorKey, processorKey, password]) expect(text).not.toContain(secret);
  });

  it('tells every problem at once, secrets redacted, with exit code 1', async () => {
    const environment = {
      CHECKOUT_ORDERS_DATABASE_URL: 'mysql://me:hidden-password@somewhere/orders',
      CHECKOUT_GRACE_SECONDS: 'abc',
      CHECKOUT_PAYMENT_SECRET_KEY: 'too-short',
      CHECKOUT_GRACE_SECOND: '5',
    };
    const text = await checkout(['config', 'check'], environment);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain('CHECKOUT_GRACE_SECONDS must be a whole number from 0 to 86400, not "abc"');
    expect(text.stdout).toContain('CHECKOUT_CUSTOMERS_DATABASE_URL is not set');
    const json = await checkout(['config', 'check', '--json'], environment);
    expect(json.code).toBe(1);
    const checked: unknown = JSON.parse(json.stdout);
    if (!Checked.is(checked)) throw new Error('config check answers in another form');
    expect(checked.problems.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...Object.keys(environment), 'CHECKOUT_CART_ISSUERS']),
    );
    for (const { stdout, stderr } of [text, json]) {
      expect(`${stdout}${stderr}`).not.toMatch(/hidden-password|too-short/);
    }
  });
});

describe('what a command refuses', () => {
  const unknown = '00000000-0000-4000-8000-000000000000';
  it.each([
    [['order', 'show'], 'usage: npm run checkout -- order show ID'],
    [['order', 'show', 'abc'], 'order show needs the id of an order (a UUID)'],
    [['order', 'show', unknown], `there is no order ${unknown}`],
    [['order', 'list', 'all'], 'usage: npm run checkout -- order list'],
    [['order', 'list', '--limit', '0'], '--limit must be a whole number from 1 to 500'],
    [['order', 'list', '--limit'], '--limit needs a value'],
    [['order', 'list', '--phase', 'Lost'], '--phase must be one of Placed, '],
    [['order', 'list', '--color', 'red'], '--color is not an option of this command'],
    [['order', 'delete', unknown], 'there is no command "order delete'],
    [['-h'], 'there is no command "-h"; --help lists them'],
  ])('%j', async (words, line) => {
    const { code, stdout, stderr } = await checkout(words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr).toContain(line);
  });

  it('a folder on which no stack runs', async () => {
    const { code, stdout, stderr } = await runProgram('cli', {
      args: ['order', 'list', '--directory', '/nowhere'],
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'no stack runs on /nowhere (npm start runs one); or set CHECKOUT_ORDERS_DATABASE_URL, CHECKOUT_CUSTOMERS_DATABASE_URL\n',
    );
  });

  it('a database and a workflow service that do not answer', async () => {
    const environment = {
      CHECKOUT_ORDERS_DATABASE_URL: 'postgres://me:hidden-password@127.0.0.1:1/orders',
      CHECKOUT_CUSTOMERS_DATABASE_URL: 'postgres://me:hidden-password@127.0.0.1:1/customers',
      CHECKOUT_SWF_ENDPOINT: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
    };
    const commands = [
      ['order', 'list'],
      ['order', 'show', unknown],
      ['swf', 'register'],
      ['projections', 'rebuild'],
    ];
    const ended = await Promise.all([
      ...commands.map((args) => runProgram('cli', { args, environment })),
      runProgram('migrate', { environment }),
    ]);
    for (const { code, stdout, stderr } of ended) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).not.toContain('hidden-password');
    }
  });
});
