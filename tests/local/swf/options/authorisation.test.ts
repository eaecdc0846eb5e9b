import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CountOpenWorkflowExecutionsCommand,
  CountPendingDecisionTasksCommand,
  DescribeActivityTypeCommand,
  DescribeDomainCommand,
  ListDomainsCommand,
  PollForActivityTaskCommand,
  PollForDecisionTaskCommand,
  RecordActivityTaskHeartbeatCommand,
  RegisterActivityTypeCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  RespondActivityTaskCompletedCommand,
  StartWorkflowExecutionCommand,
  TagResourceCommand,
} from '@aws-sdk/client-swf';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPolicies } from '../../../../infrastructure/local/swf/options/authorisation/policy-file.js';
import {
  activityType,
  domain,
  registerShop,
  scheduleActivity,
  taskList,
  workflowType,
} from '../support/world.js';
import { allow, allowed, everything, shop, shopFor } from './authorised-shop.js';
import { account, clientAs, refusalOf, serverWith } from './room.js';

describe('callers', () => {
  it('that are unknown are not recognised', async () => {
    const { url } = await shopFor();
    const stranger = clientAs(url, 'stranger');
    const call = stranger.send(new ListDomainsCommand({ registrationStatus: 'REGISTERED' }));
    expect(await refusalOf(call)).toEqual({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
      status: 400,
    });
  });

  it('without a signature are refused', async () => {
    const { url } = await shopFor();
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'x-amz-target': 'SimpleWorkflowService.ListDomains' },
      body: '{"registrationStatus":"REGISTERED"}',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      __type: 'com.amazon.coral.service#MissingAuthenticationToken',
    });
  });

  it('may do everything where no policies are given', async () => {
    const { url } = await serverWith();
    await registerShop(clientAs(url, 'anybody'));
  });
});

describe('a call', () => {
  it('that nothing allows is denied, with user, action and resource', async () => {
    const { worker } = await shopFor(allow('swf:PollForActivityTask'));
    expect(await refusalOf(worker.send(new DescribeDomainCommand({ name: domain })))).toEqual({
      name: 'AccessDeniedException',
      message:
        `User: arn:aws:iam::${account}:user/worker is not authorized to perform: swf:DescribeDomain on resource: ${shop}` +
        ' because no identity-based policy allows the swf:DescribeDomain action',
      status: 400,
    });
  });

  it('that is denied outright says so', async () => {
    const denied = { Effect: 'Deny', Action: 'swf:Describe*', Resource: '*' };
    const { worker } = await shopFor(allow('swf:*'), denied);
    expect((await refusalOf(worker.send(new DescribeDomainCommand({ name: domain })))).message).toMatch(
      /with an explicit deny in an identity-based policy$/,
    );
  });

  it('is bound to the domains that the policy names', async () => {
    const { worker } = await shopFor(
      allow(['swf:DescribeDomain', 'swf:CountPendingDecisionTasks', 'swf:TagResource']),
    );
    expect(await allowed(worker.send(new DescribeDomainCommand({ name: domain })))).toBe(true);
    expect(await allowed(worker.send(new DescribeDomainCommand({ name: 'other' })))).toBe(false);
    expect(await allowed(worker.send(new CountPendingDecisionTasksCommand({ domain, taskList })))).toBe(true);
    expect(
      await allowed(worker.send(new CountPendingDecisionTasksCommand({ domain: 'other', taskList }))),
    ).toBe(false);
    const tags = [{ key: 'team', value: 'shop' }];
    expect(await allowed(worker.send(new TagResourceCommand({ resourceArn: shop, tags })))).toBe(true);
    const elsewhere = shop.replace('/shop', '/other');
    expect(await allowed(worker.send(new TagResourceCommand({ resourceArn: elsewhere, tags })))).toBe(false);
  });

  it('is bound to the region that the policy names', async () => {
    const { url } = await shopFor(allow('swf:DescribeDomain'));
    const elsewhere = clientAs(url, 'worker', { region: 'us-east-1' });
    expect(await allowed(elsewhere.send(new DescribeDomainCommand({ name: domain })))).toBe(false);
  });

  it('ListDomains is about all domains, RegisterDomain about its name', async () => {
    const all = {
      Effect: 'Allow',
      Action: 'swf:ListDomains',
      Resource: `arn:aws:swf:*:${account}:/domain/*`,
    };
    const { worker } = await shopFor(all, allow('swf:RegisterDomain'));
    expect(await allowed(worker.send(new ListDomainsCommand({ registrationStatus: 'REGISTERED' })))).toBe(
      true,
    );
    const register = (name: string) =>
      worker.send(new RegisterDomainCommand({ name, workflowExecutionRetentionPeriodInDays: '1' }));
    expect(await allowed(register('other'))).toBe(false);
    expect((await refusalOf(register(domain))).name).toBe('DomainAlreadyExistsFault');
    const { worker: narrow } = await shopFor(allow('swf:ListDomains'));
    expect(await allowed(narrow.send(new ListDomainsCommand({ registrationStatus: 'REGISTERED' })))).toBe(
      false,
    );
  });

  it('that is denied has no effect', async () => {
    const { worker, admin } = await shopFor(allow('swf:Poll*'));
    const start = new StartWorkflowExecutionCommand({ domain, workflowId: 'order-1', workflowType });
    expect(await allowed(worker.send(start))).toBe(false);
    expect(await admin.pendingDecisions()).toBe(0);
  });

  it('on a task is judged by the domain of its run', async () => {
    const { worker, admin } = await shopFor(allow(['swf:RespondActivityTaskCompleted']));
    await admin.start();
    await admin.decide([scheduleActivity()]);
    const { taskToken } = await admin.pollActivity();
    expect(await allowed(worker.send(new RecordActivityTaskHeartbeatCommand({ taskToken })))).toBe(false);
    expect(await allowed(worker.send(new RespondActivityTaskCompletedCommand({ taskToken })))).toBe(true);
    const { worker: elsewhere, admin: other } = await shopFor({
      Effect: 'Allow',
      Action: 'swf:Respond*',
      Resource: shop.replace('/shop', '/other'),
    });
    await other.start();
    await other.decide([scheduleActivity()]);
    const task = await other.pollActivity();
    const finish = new RespondActivityTaskCompletedCommand({ taskToken: task.taskToken });
    expect(await allowed(elsewhere.send(finish))).toBe(false);
  });

  it('with a token that names no run is answered as such', async () => {
    const { worker } = await shopFor(allow('swf:RespondActivityTaskCompleted'));
    const call = worker.send(new RespondActivityTaskCompletedCommand({ taskToken: 'nonsense' }));
    expect(await refusalOf(call)).toMatchObject({ name: 'ValidationException', message: 'Invalid token' });
  });
});

describe('the condition keys of calls', () => {
  it('swf:taskList.name of polls', async () => {
    const cards = { StringEquals: { 'swf:taskList.name': 'cards' } };
    const { worker, clock } = await shopFor(allow(['swf:PollForActivityTask', 'swf:CountPending*'], cards));
    const poll = async (name: string): Promise<boolean> => {
      const held = clock.whenScheduled(60_000);
      const call = allowed(worker.send(new PollForActivityTaskCommand({ domain, taskList: { name } })));
      await Promise.race([held, call]);
      clock.advance(60_000);
      return call;
    };
    expect(await poll('cards')).toBe(true);
    expect(await poll('mails')).toBe(false);
    const decisions = new PollForDecisionTaskCommand({ domain, taskList: { name: 'cards' } });
    expect(await allowed(worker.send(decisions))).toBe(false);
    const count = (name: string) =>
      worker.send(new CountPendingDecisionTasksCommand({ domain, taskList: { name } }));
    expect(await allowed(count('cards'))).toBe(true);
    expect(await allowed(count('mails'))).toBe(false);
  });

  it('types, lists and tags of starts; a list that is left out is that of the type', async () => {
    const { worker } = await shopFor(
      allow('swf:StartWorkflowExecution', {
        StringEquals: {
          'swf:workflowType.name': workflowType.name,
          'swf:workflowType.version': workflowType.version,
          'swf:taskList.name': taskList.name,
        },
        StringLikeIfExists: { 'swf:tagList.member.0': 'web*' },
        Null: { 'swf:tagList.member.1': 'true' },
      }),
    );
    const start = (workflowId: string, more: object = {}) =>
      allowed(worker.send(new StartWorkflowExecutionCommand({ domain, workflowId, workflowType, ...more })));
    expect(await start('a')).toBe(true);
    expect(await start('b', { taskList: { name: 'other' } })).toBe(false);
    expect(await start('c', { workflowType: { name: 'refund', version: '1' } })).toBe(false);
    expect(await start('d', { workflowType: { ...workflowType, version: '2' } })).toBe(false);
    expect(await start('e', { tagList: ['web-1'] })).toBe(true);
    expect(await start('f', { tagList: ['app'] })).toBe(false);
    expect(await start('g', { tagList: ['web-1', 'vip'] })).toBe(false);
  });

  it('names, versions and lists of registrations', async () => {
    const { worker } = await shopFor(
      allow('swf:RegisterActivityType', {
        StringLike: { 'swf:name': 'card-*', 'swf:defaultTaskList.name': 'cards' },
        StringNotEquals: { 'swf:version': '1' },
      }),
      allow('swf:RegisterWorkflowType', { StringEquals: { 'swf:name': 'order' } }),
    );
    const register = (name: string, version: string, list = 'cards') =>
      allowed(
        worker.send(
          new RegisterActivityTypeCommand({ domain, name, version, defaultTaskList: { name: list } }),
        ),
      );
    expect(await register('card-charge', '2')).toBe(true);
    expect(await register('mail-send', '2')).toBe(false);
    expect(await register('card-charge', '1')).toBe(false);
    expect(await register('card-refund', '2', 'mails')).toBe(false);
    const workflow = (name: string) =>
      worker.send(new RegisterWorkflowTypeCommand({ domain, name, version: '9' }));
    expect(await allowed(workflow('order'))).toBe(true);
    expect(await allowed(workflow('refund'))).toBe(false);
  });

  it('types of descriptions, and filters of counts', async () => {
    const { worker } = await shopFor(
      allow('swf:DescribeActivityType', { StringEquals: { 'swf:activityType.name': activityType.name } }),
      allow('swf:CountOpenWorkflowExecutions', {
        StringEqualsIfExists: { 'swf:typeFilter.name': 'order', 'swf:tagFilter.tag': 'web' },
      }),
    );
    const describeType = (name: string) =>
      worker.send(new DescribeActivityTypeCommand({ domain, activityType: { name, version: '1' } }));
    expect(await allowed(describeType(activityType.name))).toBe(true);
    expect(await allowed(describeType('other'))).toBe(false);
    const startTimeFilter = { oldestDate: new Date(0) };
    const count = (more: object) =>
      allowed(worker.send(new CountOpenWorkflowExecutionsCommand({ domain, startTimeFilter, ...more })));
    expect(await count({})).toBe(true);
    expect(await count({ typeFilter: { name: 'order' } })).toBe(true);
    expect(await count({ typeFilter: { name: 'refund' } })).toBe(false);
    expect(await count({ tagFilter: { tag: 'app' } })).toBe(false);
  });
});

describe('a file of policies', () => {
  async function fileOf(text: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'policies-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'policies.json');
    await writeFile(path, text);
    return path;
  }

  it('gives each access key one document or several', async () => {
    const policies = await readPolicies(
      await fileOf(JSON.stringify({ one: everything, two: [everything, everything] })),
    );
    expect([...policies].map(([key, documents]) => [key, documents.length])).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
  });

  it.each([
    ['[]', 'policies are a JSON object'],
    ['{"worker":{}}', 'worker.Statement is missing'],
    ['{"worker":[{"Statement":[{"Effect":"Maybe"}]}]}', 'worker[0].Statement[0].Effect is Allow or Deny'],
    ['{', 'Expected property name'],
  ])('%s is refused with the name of the file', async (text, problem) => {
    const path = await fileOf(text);
    await expect(readPolicies(path)).rejects.toThrow(`${path}: ${problem}`);
  });
});
