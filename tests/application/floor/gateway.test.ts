import * as E from 'fp-ts/lib/Either.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFloorGateway } from '../../../application/floor/floor-gateway.js';
import { createStop } from '../../../application/roles/stop-signal.js';
import * as the from '../../support/examples.js';
import { orderIdNumbered } from '../../support/ids.js';
import { type FloorWorld, openFloor, succeeded, tokenOf } from './world.js';

let floor: FloorWorld;
beforeEach(() => {
  floor = openFloor();
});

const options = { identity: 'gateway-1', pollers: 1, beatMilliseconds: 1_000 };
const open = () => succeeded(floor.floorTasks.open());

/** Runs the gateway until its poll finds nothing more; every wait ends only when the gateway is stopped. */
async function runUntilIdle(until: () => boolean = () => true): Promise<void> {
  const stop = createStop();
  const system = {
    ...floor.system,
    wait: () => async () => {
      if (until()) stop.stop();
    },
  };
  const running = createFloorGateway({ ...floor, system }, options).run(stop.signal);
  await stop.signal.whenStopped;
  floor.service.endPoll();
  await running;
}

const pickTask = {
  token: tokenOf('secret-1'),
  orderId: the.orderId,
  step: { name: 'Pick' },
  run: 1,
} as const;

describe('the gateway', () => {
  it('keeps the tasks of the floor with their tokens', async () => {
    floor.service.queue.push(pickTask, { ...pickTask, step: { name: 'Ship' }, token: tokenOf('secret-2') });
    floor.service.queue.push({ ...pickTask, step: { name: 'PutBack' }, token: tokenOf('secret-3') });
    await runUntilIdle(() => floor.service.told.includes('idle floor'));
    expect((await open()).map(({ taskId, token, run }) => [taskId, token, run])).toEqual([
      [`${the.orderId}-Pick`, 'secret-1', 1],
      [`${the.orderId}-PutBack`, 'secret-3', 1],
      [`${the.orderId}-Ship`, 'secret-2', 1],
    ]);
  });

  it('gives back what is no step of the floor', async () => {
    floor.service.queue.push({ ...pickTask, step: { name: 'CancelOrder' } });
    await runUntilIdle(() => floor.service.told.includes('idle floor'));
    expect(floor.service.told).toContain('failed secret-1 not_a_step_of_the_floor');
    expect(await open()).toEqual([]);
  });

  it('says what hinders it and goes on when the service is back', async () => {
    floor.service.answers.poll = 'down';
    floor.service.queue.push(pickTask);
    let waits = 0;
    await runUntilIdle(() => {
      waits += 1;
      if (waits === 3) floor.service.answers.poll = 'task';
      return floor.service.told.includes('idle floor');
    });
    expect(floor.observed).toContainEqual({ type: 'role_hindered', role: 'floor', reason: 'down' });
    expect(await open()).toHaveLength(1);
  });
});

describe('a round of signs of life', () => {
  const beat = () => createFloorGateway(floor, options).beatAll();

  it('is given for every open task, whoever has it', async () => {
    for (let number = 1; number <= 20; number += 1) {
      await floor.offer('Pick', orderIdNumbered(number), `token-${number}`);
    }
    await beat();
    const tokens = Array.from({ length: 20 }, (_, index) => `beat token-${index + 1}`);
    expect([...floor.service.told].sort()).toEqual(tokens.sort());
    expect(await open()).toHaveLength(20);
    expect(floor.observed).toEqual([]);
  });

  it('withdraws a task that the process does not want any more', async () => {
    await floor.offer();
    floor.service.answers.beat = 'withdraw';
    await beat();
    expect(floor.service.told).toEqual(['beat token-Pick', 'withdrawn token-Pick']);
    expect(await open()).toEqual([]);
    expect(floor.observed).toEqual([{ type: 'task_gone', orderId: the.orderId, step: 'Pick' }]);
  });

  it('keeps a task whose withdrawal could not be told, and tries again', async () => {
    await floor.offer();
    floor.service.answers.beat = 'withdraw';
    floor.service.answers.withdrawn = 'down';
    await beat();
    expect(await open()).toHaveLength(1);
    floor.service.answers.withdrawn = 'gone';
    await beat();
    expect(await open()).toEqual([]);
  });

  it('closes a task that is gone, without a word to the service', async () => {
    await floor.offer();
    floor.service.answers.beat = 'gone';
    await beat();
    expect(floor.service.told).toEqual(['beat token-Pick']);
    expect(await open()).toEqual([]);
  });

  it('says once what hindered it, and loses no task', async () => {
    await floor.offer('Pick');
    await floor.offer('Ship');
    floor.service.answers.beat = 'down';
    await beat();
    expect(floor.observed).toEqual([{ type: 'role_hindered', role: 'floor', reason: 'down' }]);
    expect(await open()).toHaveLength(2);
  });

  it('leaves the task of a later run alone that came while the old one was found gone', async () => {
    await floor.offer();
    const gone: typeof floor.stepTasks.beat = () => async () => {
      const task = { orderId: the.orderId, step: 'Pick', run: 2, token: tokenOf('second') } as const;
      await succeeded(floor.floorTasks.offer(task, floor.system.now()));
      return E.right('gone');
    };
    await createFloorGateway({ ...floor, stepTasks: { ...floor.stepTasks, beat: gone } }, options).beatAll();
    expect((await open()).map(({ token }) => token)).toEqual(['second']);
  });
});
