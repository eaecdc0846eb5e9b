// The stack as an operator starts and stops it: from nothing, again, anew, and when something is in the way.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import * as t from 'io-ts';
import { afterEach, describe, expect, it } from 'vitest';
import {
  roleLogPath,
  spawnStack,
  type StackPlace,
  stackPlace,
  type StackProcess,
  startStack,
  untilNoneRuns,
  whenMade,
} from '../support/local-stacks.js';
import { playMadeUp } from '../support/plays.js';
import { type Ended, processesNaming, runProgram } from '../support/programs.js';

const firstStartMilliseconds = 20_000;
const laterStartMilliseconds = 10_000;

const places: StackPlace[] = [];

const newPlace = async (): Promise<StackPlace> => {
  const place = await stackPlace();
  places.push(place);
  return place;
};

afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.clear()));
});

const listed = async (place: StackPlace): Promise<readonly string[]> => {
  const args = ['order', 'list', '--json', '--directory', place.directory];
  const { code, stdout, stderr } = await runProgram('cli', { args });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const orders: unknown = JSON.parse(stdout);
  return Array.isArray(orders) ? orders.map(({ orderId }: { orderId: string }) => orderId) : [];
};

const playOne = async (stack: StackProcess): Promise<void> => {
  const summary = await playMadeUp(stack, { orders: 1, seed: 1, patienceSeconds: 60 });
  expect(summary).toMatchObject({ byStatus: { Completed: 1 }, differences: [] });
};

/** Stops a stack as Ctrl-C does and checks that nothing of it is left. */
const interrupted = async (place: StackPlace, stack: StackProcess): Promise<Ended> => {
  const ended = await stack.interrupt();
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(await processesNaming(place.directory)).toEqual([]);
  return ended;
};

/** The last line of each process of roles in the log. */
const lastMessages = async (place: StackPlace): Promise<readonly string[]> => {
  const Line = t.type({ pid: t.number, msg: t.string });
  const last = new Map<number, string>();
  for (const text of (await readFile(roleLogPath(place), 'utf8')).trimEnd().split('\n')) {
    const line: unknown = JSON.parse(text);
    if (Line.is(line)) last.set(line.pid, line.msg);
  }
  return [...last.values()];
};

const reported = (name: string, milliseconds: number): void => {
  process.stderr.write(`${name}: ${(milliseconds / 1000).toFixed(1)} s\n`);
};

describe('npm start', () => {
  it('comes up on an empty folder, keeps its orders over a restart, and forgets them when told to', async () => {
    const place = await newPlace();
    const first = await startStack(place);
    reported('first start', first.startMilliseconds);
    expect(first.startMilliseconds).toBeLessThan(firstStartMilliseconds);
    await playOne(first);
    const placed = await listed(place);
    expect(placed).toHaveLength(1);
    const { stdout } = await interrupted(place, first);
    expect(stdout).toContain('Stopped. Nothing is lost');
    expect(await lastMessages(place)).toEqual(['roles stopped', 'roles stopped']);

    const second = await startStack(place);
    reported('later start', second.startMilliseconds);
    expect(second.startMilliseconds).toBeLessThan(laterStartMilliseconds);
    expect(await listed(place)).toEqual(placed);
    await interrupted(place, second);

    const fresh = await startStack(place, ['--fresh']);
    expect(await listed(place)).toEqual([]);
    await interrupted(place, fresh);
  });

  it('stops with exit code 0 when Ctrl-C comes before it is up', async () => {
    const place = await newPlace();
    const logMade = whenMade(place, 'checkout.log');
    const program = spawnStack(place);
    // The roles' process is being spawned, and the databases come next.
    await logMade;
    process.kill(-program.pid, 'SIGINT');
    const ended = await program.ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).not.toContain('Checkout is running');
    expect(await processesNaming(place.directory)).toEqual([]);
    await interrupted(place, await startStack(place));
  });

  it('ends roles and databases by themselves when only the stack is killed, and starts again', async () => {
    const place = await newPlace();
    const stack = await startStack(place);
    stack.program.child.kill('SIGKILL');
    await stack.program.ended;
    await untilNoneRuns(place.directory);
    await interrupted(place, await startStack(place));
  });

  it('starts at once on a folder whose stack was killed a moment ago', async () => {
    const place = await newPlace();
    const stack = await startStack(place);
    stack.program.child.kill('SIGKILL');
    await interrupted(place, await startStack(place, ['--fresh']));
  });

  it('ends when its roles end, and says so', async () => {
    const place = await newPlace();
    const { program } = await startStack(place);
    const roles = await processesNaming(place.directory, 'run/all.js');
    const [first] = roles;
    if (first === undefined) throw new Error('no process of roles was found');
    process.kill(first, 'SIGKILL');
    const ended = await program.ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^The roles ended unexpectedly; see .*checkout\.log\n/);
    expect(await processesNaming(place.directory)).toEqual([]);
  });

  it('cares neither whether anybody reads what it says, nor how often it is told to stop', async () => {
    const place = await newPlace();
    const { program, ...stack } = await startStack(place);
    program.child.stdout?.destroy();
    program.child.stderr?.destroy();
    process.kill(-program.pid, 'SIGINT');
    const ended = await stack.interrupt();
    expect(ended.code).toBe(0);
    expect(await processesNaming(place.directory)).toEqual([]);
  });
});

describe('what is in the way of a start', () => {
  /** One line on standard error, exit code 1, nothing on standard output, and nothing left running. */
  const refused = async (
    place: StackPlace,
    args: readonly string[] = [],
    environment = {},
  ): Promise<string> => {
    const { code, stdout, stderr } = await spawnStack(place, args, environment).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(await processesNaming(place.directory)).toEqual([]);
    return stderr;
  };

  const held = (port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer().on('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(server));
    });

  it.each([
    ['web', 0],
    ['mailbox', 30],
    ['postgres', 40],
  ] as const)('a taken port of the part %s', async (part, offset) => {
    const place = await newPlace();
    const server = await held(place.portBase + offset);
    const line = await refused(place);
    await new Promise((resolve) => server.close(resolve));
    expect(line).toBe(
      `port ${String(place.portBase + offset)} (${part}) is taken by another program; choose others with --port-base N\n`,
    );
  });

  it('a folder that cannot be written', async () => {
    const place = await newPlace();
    const file = join(place.directory, 'a-file');
    await writeFile(file, '');
    const line = await refused({ ...place, directory: join(file, 'below') });
    expect(line).toContain(`--directory ${file}/below cannot be written (ENOTDIR)`);
  });

  it('a part of the folder that cannot be written', async () => {
    const place = await newPlace();
    await writeFile(join(place.directory, 'checkout-stack'), '');
    await writeFile(join(place.directory, 'swf'), 'a file where a folder must be');
    const line = await refused(place);
    expect(line).toContain(`--directory ${place.directory} cannot be written (EEXIST`);
  });

  it('a folder with something else in it, which stays as it was', async () => {
    const place = await newPlace();
    await mkdir(join(place.directory, 'photographs'));
    const line = await refused(place, ['--fresh']);
    expect(line).toBe(`--directory ${place.directory} holds something else; name an empty folder\n`);
    expect(await readdir(place.directory)).toEqual(['photographs']);
  });

  it.each([
    ['CHECKOUT_GRACE_SECONDS', 'abc', 'must be a whole number from 0 to 86400, not "abc"'],
    ['CHECKOUT_GRACE_SECOND', '5', 'is not a setting'],
    ['CHECKOUT_WEB_PORT', '5000', 'is decided by the local stack itself'],
    ['CHECKOUT_ORDERS_DATABASE_URL', 'postgres://somewhere/orders', 'is decided by the local stack itself'],
  ])('the setting %s=%s', async (name, value, problem) => {
    const place = await newPlace();
    const line = await refused(place, [], { [name]: value });
    expect(line).toContain(`${name} ${problem}`);
  });

  it.each([
    [['--port-base', 'abc'], '--port-base must be'],
    [['--port-base', '80'], '--port-base must be'],
    [['--frsh'], "'--frsh'"],
    [['now'], "'now'"],
  ])('the arguments %j', async (args, problem) => {
    expect(await refused(await newPlace(), args)).toContain(problem);
  });

  it('damaged secrets, or a damaged journal', async () => {
    const place = await newPlace();
    await writeFile(join(place.directory, 'checkout-stack'), '');
    await writeFile(join(place.directory, 'secrets.json'), '{"operatorKey":');
    expect(await refused(place)).toContain('secrets.json is damaged');
    const other = await newPlace();
    await mkdir(join(other.directory, 'swf'));
    await writeFile(join(other.directory, 'checkout-stack'), '');
    await writeFile(join(other.directory, 'swf', 'swf.journal'), 'nonsense\nnonsense\n');
    expect(await refused(other)).toMatch(/swf\.journal is damaged at line 1: .*--fresh/);
  });

  it('another stack that runs on the folder, also while it is starting', async () => {
    const place = await newPlace();
    const elsewhere = { ...place, portBase: (await newPlace()).portBase };
    const logMade = whenMade(place, 'checkout.log');
    const program = spawnStack(place);
    await logMade;
    const taken = `a stack runs on --directory ${place.directory} already (process ${String(program.pid)})\n`;
    const early = await spawnStack(elsewhere, ['--fresh']).ended;
    expect(early).toMatchObject({ code: 1, stderr: taken });
    await program.whenSaid('Checkout is running');
    const late = await spawnStack(elsewhere, ['--fresh']).ended;
    expect(late).toMatchObject({ code: 1, stderr: taken });
    process.kill(-program.pid, 'SIGINT');
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
