import {
  DeprecateActivityTypeCommand,
  DeprecateDomainCommand,
  DeprecateWorkflowTypeCommand,
  DescribeActivityTypeCommand,
  DescribeDomainCommand,
  DescribeWorkflowTypeCommand,
  ListActivityTypesCommand,
  ListDomainsCommand,
  ListWorkflowTypesCommand,
  RegisterActivityTypeCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
} from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import { activityType, clientOf, domain, emptyServer, shop, workflowType } from './support/world.js';

const retention = { workflowExecutionRetentionPeriodInDays: '30' };

describe('domains', () => {
  it('are registered and described with their ARN', async () => {
    const { client } = await emptyServer();
    await client.send(new RegisterDomainCommand({ name: 'a', description: 'first', ...retention }));
    const described = await client.send(new DescribeDomainCommand({ name: 'a' }));
    expect(described.domainInfo).toEqual({
      name: 'a',
      description: 'first',
      status: 'REGISTERED',
      arn: 'arn:aws:swf:eu-west-2:123456789012:/domain/a',
    });
    expect(described.configuration).toEqual(retention);
  });

  it('are refused twice, also when deprecated', async () => {
    const { client } = await emptyServer();
    const register = new RegisterDomainCommand({ name: 'a', ...retention });
    await client.send(register);
    const refusal = { name: 'DomainAlreadyExistsFault', message: 'a' };
    await expect(client.send(register)).rejects.toMatchObject(refusal);
    await client.send(new DeprecateDomainCommand({ name: 'a' }));
    await expect(client.send(register)).rejects.toMatchObject(refusal);
  });

  it('are deprecated once, with all their types', async () => {
    const { client } = await shop();
    await client.send(new DeprecateDomainCommand({ name: domain }));
    await expect(client.send(new DeprecateDomainCommand({ name: domain }))).rejects.toMatchObject({
      name: 'DomainDeprecatedFault',
      message: domain,
    });
    const { typeInfo } = await client.send(new DescribeWorkflowTypeCommand({ domain, workflowType }));
    expect(typeInfo?.status).toBe('DEPRECATED');
    const activity = await client.send(new DescribeActivityTypeCommand({ domain, activityType }));
    expect(activity.typeInfo?.status).toBe('DEPRECATED');
    const another = new RegisterActivityTypeCommand({ domain, name: 'late', version: '1' });
    await expect(client.send(another)).rejects.toMatchObject({ name: 'DomainDeprecatedFault' });
  });

  it('are listed by status, ascending by name, page by page, and descending in reverse', async () => {
    const { client } = await emptyServer();
    for (const name of ['c', 'a', 'd', 'b', 'old']) {
      await client.send(new RegisterDomainCommand({ name, ...retention }));
    }
    await client.send(new DeprecateDomainCommand({ name: 'old' }));
    const query = { registrationStatus: 'REGISTERED', maximumPageSize: 2 } as const;
    const first = await client.send(new ListDomainsCommand(query));
    expect(first.domainInfos?.map((info) => info.name)).toEqual(['a', 'b']);
    const second = await client.send(
      new ListDomainsCommand({ ...query, nextPageToken: first.nextPageToken }),
    );
    expect(second.domainInfos?.map((info) => info.name)).toEqual(['c', 'd']);
    expect(second).not.toHaveProperty('nextPageToken');
    const reverse = await client.send(
      new ListDomainsCommand({ registrationStatus: 'REGISTERED', reverseOrder: true }),
    );
    expect(reverse.domainInfos?.map((info) => info.name)).toEqual(['d', 'c', 'b', 'a']);
    const deprecated = await client.send(new ListDomainsCommand({ registrationStatus: 'DEPRECATED' }));
    expect(deprecated.domainInfos?.map((info) => info.name)).toEqual(['old']);
  });

  it('belong to one region', async () => {
    const { client, server } = await emptyServer();
    await client.send(new RegisterDomainCommand({ name: 'a', ...retention }));
    const elsewhere = clientOf(server.url, 'us-east-1');
    await expect(elsewhere.send(new DescribeDomainCommand({ name: 'a' }))).rejects.toMatchObject({
      name: 'UnknownResourceFault',
      message: 'Unknown domain: a',
    });
  });

  it('are at most a hundred, with at most fifty tags each', async () => {
    const { client } = await emptyServer();
    const tags = Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: '' }));
    const tagged = new RegisterDomainCommand({ name: 'tagged', ...retention, tags });
    await expect(client.send(tagged)).rejects.toMatchObject({ name: 'TooManyTagsFault' });
    for (let index = 0; index < 100; index += 1) {
      await client.send(new RegisterDomainCommand({ name: `d${index}`, ...retention }));
    }
    const oneMore = new RegisterDomainCommand({ name: 'd100', ...retention });
    await expect(client.send(oneMore)).rejects.toMatchObject({ name: 'LimitExceededFault' });
  });
});

describe('types', () => {
  it('are described with the registered defaults only', async () => {
    const { client } = await shop();
    const workflow = await client.send(new DescribeWorkflowTypeCommand({ domain, workflowType }));
    expect(workflow.typeInfo).toEqual({
      workflowType,
      status: 'REGISTERED',
      creationDate: new Date(Date.UTC(2026, 0, 1)),
    });
    expect(workflow.configuration).toEqual({
      defaultTaskList: { name: 'main' },
      defaultTaskStartToCloseTimeout: '30',
      defaultExecutionStartToCloseTimeout: '86400',
      defaultChildPolicy: 'ABANDON',
    });
    await client.send(
      new RegisterActivityTypeCommand({ domain, name: 'bare', version: '1', description: 'b' }),
    );
    const bare = { name: 'bare', version: '1' };
    const activity = await client.send(new DescribeActivityTypeCommand({ domain, activityType: bare }));
    expect(activity.configuration).toEqual({});
    expect(activity.typeInfo?.description).toBe('b');
  });

  it('are refused twice, in either status', async () => {
    const { client } = await shop();
    const workflow = new RegisterWorkflowTypeCommand({ domain, ...workflowType });
    const activity = new RegisterActivityTypeCommand({ domain, ...activityType });
    const name = 'TypeAlreadyExistsFault';
    await expect(client.send(workflow)).rejects.toMatchObject({
      name,
      message: 'WorkflowType=[name=order, version=1]',
    });
    await expect(client.send(activity)).rejects.toMatchObject({
      name,
      message: 'ActivityType=[name=charge, version=1]',
    });
    await client.send(new DeprecateActivityTypeCommand({ domain, activityType }));
    await expect(client.send(activity)).rejects.toMatchObject({ name });
  });

  it('are deprecated once, and tell when', async () => {
    const { client, clock } = await shop();
    clock.advance(5000);
    const workflow = new DeprecateWorkflowTypeCommand({ domain, workflowType });
    const activity = new DeprecateActivityTypeCommand({ domain, activityType });
    await client.send(workflow);
    await client.send(activity);
    const name = 'TypeDeprecatedFault';
    await expect(client.send(workflow)).rejects.toMatchObject({ name });
    await expect(client.send(activity)).rejects.toMatchObject({ name });
    const { typeInfo } = await client.send(new DescribeActivityTypeCommand({ domain, activityType }));
    expect(typeInfo?.deprecationDate).toEqual(new Date(Date.UTC(2026, 0, 1) + 5000));
  });

  it('need a known domain, name and version', async () => {
    const { client } = await shop();
    const nowhere = new DescribeActivityTypeCommand({ domain: 'nowhere', activityType });
    await expect(client.send(nowhere)).rejects.toMatchObject({ message: 'Unknown domain: nowhere' });
    const unknown = { name: 'order', version: '2' };
    await expect(
      client.send(new DescribeWorkflowTypeCommand({ domain, workflowType: unknown })),
    ).rejects.toMatchObject({
      name: 'UnknownResourceFault',
      message: 'Unknown type: WorkflowType=[name=order, version=2]',
    });
    await expect(
      client.send(new DeprecateActivityTypeCommand({ domain, activityType: unknown })),
    ).rejects.toMatchObject({ message: 'Unknown type: ActivityType=[name=order, version=2]' });
  });

  it('are listed by name and status, in both directions, and by an exact name', async () => {
    const { client } = await shop();
    for (const [name, version] of [
      ['b', '2'],
      ['b', '1'],
      ['a', '1'],
    ]) {
      await client.send(new RegisterActivityTypeCommand({ domain, name, version }));
      await client.send(new RegisterWorkflowTypeCommand({ domain, name, version }));
    }
    const namesOf = (
      infos: readonly {
        activityType?: { name?: string | undefined; version?: string | undefined } | undefined;
      }[] = [],
    ) => infos.map((info) => `${info.activityType?.name} ${info.activityType?.version}`);
    const query = { domain, registrationStatus: 'REGISTERED', maximumPageSize: 3 } as const;
    const first = await client.send(new ListActivityTypesCommand(query));
    expect(namesOf(first.typeInfos)).toEqual(['a 1', 'b 1', 'b 2']);
    const { nextPageToken } = first;
    const second = await client.send(new ListActivityTypesCommand({ ...query, nextPageToken }));
    expect(namesOf(second.typeInfos)).toEqual(['charge 1']);
    const reverse = await client.send(new ListActivityTypesCommand({ ...query, reverseOrder: true }));
    expect(namesOf(reverse.typeInfos)).toEqual(['charge 1', 'b 2', 'b 1']);
    const exact = await client.send(new ListWorkflowTypesCommand({ ...query, name: 'b' }));
    expect(exact.typeInfos).toHaveLength(2);
    const none = await client.send(
      new ListWorkflowTypesCommand({ domain, registrationStatus: 'DEPRECATED' }),
    );
    expect(none.typeInfos).toEqual([]);
  });
});
