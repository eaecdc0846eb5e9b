import {
  DeleteActivityTypeCommand,
  DeleteWorkflowTypeCommand,
  DeprecateActivityTypeCommand,
  DeprecateDomainCommand,
  DeprecateWorkflowTypeCommand,
  DescribeActivityTypeCommand,
  DescribeDomainCommand,
  DescribeWorkflowTypeCommand,
  ListActivityTypesCommand,
  ListDomainsCommand,
  ListTagsForResourceCommand,
  ListWorkflowTypesCommand,
  RegisterActivityTypeCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  TagResourceCommand,
  UndeprecateActivityTypeCommand,
  UndeprecateDomainCommand,
  UndeprecateWorkflowTypeCommand,
  UntagResourceCommand,
  type SWFClient,
} from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import { complete, domain, scheduleActivity, workflowType } from '../../support/world.js';
import { refused, type Case, type World } from '../harness.js';

type Reference = { readonly name: string; readonly version: string };
const kept = { workflowExecutionRetentionPeriodInDays: '30' };

/** The same words for both kinds of types. */
interface Kind {
  readonly title: 'WorkflowType' | 'ActivityType';
  readonly register: (client: SWFClient, type: Reference, domainName?: string) => Promise<unknown>;
  readonly deprecate: (client: SWFClient, type: Reference) => Promise<unknown>;
  readonly undeprecate: (client: SWFClient, type: Reference) => Promise<unknown>;
  readonly remove: (client: SWFClient, type: Reference) => Promise<unknown>;
  readonly statusOf: (client: SWFClient, type: Reference) => Promise<unknown>;
  readonly list: (
    client: SWFClient,
    query?: { name?: string; reverseOrder?: boolean; status?: 'DEPRECATED' },
  ) => Promise<string[]>;
}

const kinds: readonly Kind[] = [
  {
    title: 'WorkflowType',
    register: (client, type, domainName = domain) =>
      client.send(new RegisterWorkflowTypeCommand({ domain: domainName, ...type })),
    deprecate: (client, type) =>
      client.send(new DeprecateWorkflowTypeCommand({ domain, workflowType: type })),
    undeprecate: (client, type) =>
      client.send(new UndeprecateWorkflowTypeCommand({ domain, workflowType: type })),
    remove: (client, type) => client.send(new DeleteWorkflowTypeCommand({ domain, workflowType: type })),
    statusOf: async (client, type) =>
      (await client.send(new DescribeWorkflowTypeCommand({ domain, workflowType: type }))).typeInfo?.status,
    list: async (client, { status, ...query } = {}) => {
      const command = { domain, registrationStatus: status ?? ('REGISTERED' as const), ...query };
      const { typeInfos = [] } = await client.send(new ListWorkflowTypesCommand(command));
      return typeInfos.map(({ workflowType: type }) => `${type?.name} ${type?.version}`);
    },
  },
  {
    title: 'ActivityType',
    register: (client, type, domainName = domain) =>
      client.send(new RegisterActivityTypeCommand({ domain: domainName, ...type })),
    deprecate: (client, type) =>
      client.send(new DeprecateActivityTypeCommand({ domain, activityType: type })),
    undeprecate: (client, type) =>
      client.send(new UndeprecateActivityTypeCommand({ domain, activityType: type })),
    remove: (client, type) => client.send(new DeleteActivityTypeCommand({ domain, activityType: type })),
    statusOf: async (client, type) =>
      (await client.send(new DescribeActivityTypeCommand({ domain, activityType: type }))).typeInfo?.status,
    list: async (client, { status, ...query } = {}) => {
      const command = { domain, registrationStatus: status ?? ('REGISTERED' as const), ...query };
      const { typeInfos = [] } = await client.send(new ListActivityTypesCommand(command));
      return typeInfos.map(({ activityType: type }) => `${type?.name} ${type?.version}`);
    },
  },
];

const one = { name: 'one', version: '1' };

const types = kinds.flatMap(({ title, register, deprecate, undeprecate, remove, statusOf, list }): Case[] => [
  {
    title: `Register${title} refuses what is registered, in either status`,
    covers: [`Register${title}`, 'TypeAlreadyExistsFault'],
    run: async ({ client }) => {
      await register(client, one);
      const message = `${title}=[name=one, version=1]`;
      await refused(register(client, one), 'TypeAlreadyExistsFault', message);
      await deprecate(client, one);
      await refused(register(client, one), 'TypeAlreadyExistsFault', message);
      await register(client, { name: 'one', version: '2' });
    },
  },
  {
    title: `Register${title} needs a domain that is known and not deprecated`,
    covers: [`Register${title}`, 'UnknownResourceFault', 'DomainDeprecatedFault'],
    run: async ({ client }) => {
      await refused(register(client, one, 'nowhere'), 'UnknownResourceFault', 'Unknown domain: nowhere');
      await client.send(new DeprecateDomainCommand({ name: domain }));
      await refused(register(client, one), 'DomainDeprecatedFault', domain);
    },
  },
  {
    title: `Deprecate${title} works once, and Undeprecate${title} takes it back once`,
    covers: [`Deprecate${title}`, `Undeprecate${title}`, 'TypeDeprecatedFault', 'TypeAlreadyExistsFault'],
    run: async ({ client }) => {
      const message = `${title}=[name=one, version=1]`;
      await register(client, one);
      await refused(undeprecate(client, one), 'TypeAlreadyExistsFault', message);
      await deprecate(client, one);
      await refused(deprecate(client, one), 'TypeDeprecatedFault', message);
      expect(await statusOf(client, one)).toBe('DEPRECATED');
      await undeprecate(client, one);
      expect(await statusOf(client, one)).toBe('REGISTERED');
      await deprecate(client, one);
    },
  },
  {
    title: `Undeprecate${title} does not work in a deprecated domain`,
    covers: [`Undeprecate${title}`, 'DomainDeprecatedFault'],
    run: async ({ client }) => {
      await register(client, one);
      await client.send(new DeprecateDomainCommand({ name: domain }));
      await refused(undeprecate(client, one), 'DomainDeprecatedFault', domain);
    },
  },
  {
    title: `Delete${title} takes deprecated types only, and the name is free again`,
    covers: [`Delete${title}`, 'TypeNotDeprecatedFault', 'UnknownResourceFault'],
    run: async ({ client }) => {
      await register(client, one);
      const message = 'The type is currently registered and cannot be deleted in its current state';
      await refused(remove(client, one), 'TypeNotDeprecatedFault', message);
      await deprecate(client, one);
      await remove(client, one);
      await refused(statusOf(client, one), 'UnknownResourceFault');
      await refused(remove(client, one), 'UnknownResourceFault');
      await register(client, one);
    },
  },
  ...Object.entries({
    Deprecate: deprecate,
    Undeprecate: undeprecate,
    Delete: remove,
    Describe: statusOf,
  }).map(([verb, call]): Case => ({
    title: `${verb}${title} needs a known type`,
    covers: [`${verb}${title}`, 'UnknownResourceFault'],
    run: async ({ client }) => {
      const message = `Unknown type: ${title}=[name=one, version=1]`;
      await refused(call(client, one), 'UnknownResourceFault', message);
    },
  })),
  {
    title: `List${title}s gives one status, by name and version, in both directions, and by an exact name`,
    covers: [`List${title}s`],
    run: async ({ client }) => {
      for (const version of ['2', '1']) await register(client, { name: 'b', version });
      await register(client, { name: 'a', version: '1' });
      await deprecate(client, { name: 'b', version: '2' });
      expect((await list(client)).slice(0, 2)).toEqual(['a 1', 'b 1']);
      expect((await list(client, { reverseOrder: true })).slice(-2)).toEqual(['b 1', 'a 1']);
      expect(await list(client, { status: 'DEPRECATED' })).toEqual(['b 2']);
      expect(await list(client, { name: 'b' })).toEqual(['b 1']);
    },
  },
]);

const settings: Case[] = [
  {
    title: 'DescribeWorkflowType shows the registered defaults only',
    covers: ['RegisterWorkflowType', 'DescribeWorkflowType'],
    run: async ({ client }) => {
      const defaults = {
        defaultTaskPriority: '3',
        defaultLambdaRole: 'role',
        defaultTaskList: { name: 'l' },
      };
      await client.send(new RegisterWorkflowTypeCommand({ domain, ...one, description: 'd', ...defaults }));
      const { configuration, typeInfo } = await client.send(
        new DescribeWorkflowTypeCommand({ domain, workflowType: one }),
      );
      expect(configuration).toEqual(defaults);
      expect(typeInfo).toEqual({
        workflowType: one,
        status: 'REGISTERED',
        description: 'd',
        creationDate: expect.any(Date),
      });
    },
  },
  {
    title: 'DescribeActivityType shows the registered defaults only, and when it was deprecated',
    covers: ['RegisterActivityType', 'DescribeActivityType'],
    run: async ({ client, clock }) => {
      const defaults = { defaultTaskHeartbeatTimeout: 'NONE', defaultTaskStartToCloseTimeout: '5' };
      await client.send(new RegisterActivityTypeCommand({ domain, ...one, ...defaults }));
      clock.advance(5000);
      await client.send(new DeprecateActivityTypeCommand({ domain, activityType: one }));
      const { configuration, typeInfo } = await client.send(
        new DescribeActivityTypeCommand({ domain, activityType: one }),
      );
      expect(configuration).toEqual(defaults);
      expect(typeInfo?.deprecationDate?.getTime()).toBe((typeInfo?.creationDate?.getTime() ?? 0) + 5000);
    },
  },
  {
    title: 'what runs with a deleted type runs on',
    covers: ['DeleteWorkflowType', 'DeleteActivityType', 'WorkflowExecutionCompleted'],
    run: async (world) => {
      const run = await world.after([scheduleActivity()]);
      const activityType = { name: 'charge', version: '1' };
      await world.client.send(new DeprecateActivityTypeCommand({ domain, activityType }));
      await world.client.send(new DeleteActivityTypeCommand({ domain, activityType }));
      await world.client.send(new DeprecateWorkflowTypeCommand({ domain, workflowType }));
      await world.client.send(new DeleteWorkflowTypeCommand({ domain, workflowType }));
      await world.work();
      await world.decide([complete]);
      expect((await world.types(run)).at(-1)).toBe('WorkflowExecutionCompleted');
    },
  },
];

const domains: Case[] = [
  {
    title: 'RegisterDomain refuses a name that is taken, in either status',
    covers: ['RegisterDomain', 'DomainAlreadyExistsFault'],
    run: async ({ client }) => {
      const again = () => client.send(new RegisterDomainCommand({ name: domain, ...kept }));
      await refused(again(), 'DomainAlreadyExistsFault', domain);
      await client.send(new DeprecateDomainCommand({ name: domain }));
      await refused(again(), 'DomainAlreadyExistsFault', domain);
    },
  },
  {
    title: 'RegisterDomain takes at most 100 domains, deprecated ones included',
    covers: ['RegisterDomain', 'LimitExceededFault'],
    run: async ({ client }) => {
      await client.send(new DeprecateDomainCommand({ name: domain }));
      const names = Array.from({ length: 99 }, (_, index) => `d${index}`);
      await Promise.all(names.map((name) => client.send(new RegisterDomainCommand({ name, ...kept }))));
      const call = client.send(new RegisterDomainCommand({ name: 'one too many', ...kept }));
      await refused(call, 'LimitExceededFault');
    },
  },
  {
    title: 'DescribeDomain shows status, ARN and retention, and needs a known name',
    covers: ['DescribeDomain', 'UnknownResourceFault'],
    run: async ({ client, region }) => {
      await client.send(new RegisterDomainCommand({ name: 'a', description: 'd', ...kept }));
      const { domainInfo, configuration } = await client.send(new DescribeDomainCommand({ name: 'a' }));
      const arn = `arn:aws:swf:${region}:123456789012:/domain/a`;
      expect(domainInfo).toEqual({ name: 'a', description: 'd', status: 'REGISTERED', arn });
      expect(configuration).toEqual(kept);
      await refused(client.send(new DescribeDomainCommand({ name: 'b' })), 'UnknownResourceFault');
    },
  },
  {
    title: 'DeprecateDomain works once and deprecates the types; what runs in it runs on, nothing new starts',
    covers: ['DeprecateDomain', 'DomainDeprecatedFault', 'TypeDeprecatedFault', 'WorkflowExecutionCompleted'],
    run: async (world) => {
      const { client } = world;
      const run = await world.start();
      const deprecate = () => client.send(new DeprecateDomainCommand({ name: domain }));
      await deprecate();
      await refused(deprecate(), 'DomainDeprecatedFault', domain);
      await refused(world.start('order-2'), 'TypeDeprecatedFault');
      await world.decide([complete]);
      expect(await world.types(run)).toContain('WorkflowExecutionCompleted');
    },
  },
  {
    title: 'UndeprecateDomain works once and leaves the types deprecated',
    covers: ['UndeprecateDomain', 'DomainAlreadyExistsFault', 'UndeprecateWorkflowType'],
    run: async (world) => {
      const { client } = world;
      const undeprecate = () => client.send(new UndeprecateDomainCommand({ name: domain }));
      await refused(undeprecate(), 'DomainAlreadyExistsFault', domain);
      await client.send(new DeprecateDomainCommand({ name: domain }));
      await undeprecate();
      await refused(world.start(), 'TypeDeprecatedFault');
      await client.send(new UndeprecateWorkflowTypeCommand({ domain, workflowType }));
      await world.start();
    },
  },
  {
    title: 'DeprecateDomain and UndeprecateDomain need a known name',
    covers: ['DeprecateDomain', 'UndeprecateDomain', 'UnknownResourceFault'],
    run: async ({ client }) => {
      const name = 'nowhere';
      const message = 'Unknown domain: nowhere';
      await refused(client.send(new DeprecateDomainCommand({ name })), 'UnknownResourceFault', message);
      await refused(client.send(new UndeprecateDomainCommand({ name })), 'UnknownResourceFault', message);
    },
  },
  {
    title: 'ListDomains gives one status by name, page by page, and in reverse',
    covers: ['ListDomains'],
    run: async ({ client }) => {
      for (const name of ['c', 'a', 'b']) await client.send(new RegisterDomainCommand({ name, ...kept }));
      await client.send(new DeprecateDomainCommand({ name: domain }));
      const query = { registrationStatus: 'REGISTERED', maximumPageSize: 2 } as const;
      const first = await client.send(new ListDomainsCommand(query));
      expect(first.domainInfos?.map(({ name }) => name)).toEqual(['a', 'b']);
      const { nextPageToken } = first;
      const second = await client.send(new ListDomainsCommand({ ...query, nextPageToken }));
      expect(second.domainInfos?.map(({ name }) => name)).toEqual(['c']);
      expect(second).not.toHaveProperty('nextPageToken');
      const reverse = await client.send(new ListDomainsCommand({ ...query, reverseOrder: true }));
      expect(reverse.domainInfos?.map(({ name }) => name)).toEqual(['c', 'b']);
    },
  },
];

const arnOf = ({ region }: World, name = domain) => `arn:aws:swf:${region}:123456789012:/domain/${name}`;
const tagsOf = async (world: World) =>
  (await world.client.send(new ListTagsForResourceCommand({ resourceArn: arnOf(world) }))).tags;
const manyTags = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));

const tags: Case[] = [
  {
    title: 'TagResource adds tags and replaces values, UntagResource removes keys, known or not',
    covers: ['TagResource', 'UntagResource', 'ListTagsForResource'],
    run: async (world) => {
      const resourceArn = arnOf(world);
      expect(await tagsOf(world)).toEqual([]);
      const first = [{ key: 'a', value: '1' }, { key: 'b' }];
      await world.client.send(new TagResourceCommand({ resourceArn, tags: first }));
      await world.client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'a', value: '2' }] }));
      expect(await tagsOf(world)).toEqual([{ key: 'a', value: '2' }, { key: 'b' }]);
      await world.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['b', 'c'] }));
      expect(await tagsOf(world)).toEqual([{ key: 'a', value: '2' }]);
    },
  },
  {
    title: 'a domain has at most 50 tags, from its registration on',
    covers: ['TagResource', 'RegisterDomain', 'TooManyTagsFault'],
    run: async (world) => {
      const { client } = world;
      const register = new RegisterDomainCommand({ name: 'a', ...kept, tags: manyTags(51) });
      await refused(client.send(register), 'TooManyTagsFault');
      await client.send(new RegisterDomainCommand({ name: 'a', ...kept, tags: manyTags(50) }));
      const resourceArn = arnOf(world, 'a');
      await client.send(new TagResourceCommand({ resourceArn, tags: manyTags(50) }));
      const another = new TagResourceCommand({ resourceArn, tags: [{ key: 'another' }] });
      await refused(client.send(another), 'TooManyTagsFault');
    },
  },
  ...(['nowhere', null] as const).map((name): Case => ({
    title: `tags need the ARN of a known domain, not ${name === null ? 'something else' : 'of an unknown one'}`,
    covers: ['TagResource', 'UntagResource', 'ListTagsForResource', 'UnknownResourceFault'],
    run: async (world) => {
      const { client } = world;
      const resourceArn = name === null ? 'arn:aws:iam::123456789012:role/x' : arnOf(world, name);
      const fault = 'UnknownResourceFault';
      await refused(client.send(new TagResourceCommand({ resourceArn, tags: [] })), fault);
      await refused(client.send(new UntagResourceCommand({ resourceArn, tagKeys: [] })), fault);
      await refused(client.send(new ListTagsForResourceCommand({ resourceArn })), fault);
    },
  })),
];

/** Domains, types and tags. */
export const registration: readonly Case[] = [...domains, ...types, ...settings, ...tags];
