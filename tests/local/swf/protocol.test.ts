import { describe, expect, it } from 'vitest';
import { startSwfLocal } from '../../../infrastructure/local/swf/server.js';
import { complete, emptyServer, scheduleActivity, shop } from './support/world.js';

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function call(
  url: string,
  target: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const registered = { name: 'raw', workflowExecutionRetentionPeriodInDays: '1' };

describe('the wire protocol', () => {
  it('answers an action without output by an empty body, with a request id', async () => {
    const { server } = await emptyServer();
    const reply = await call(server.url, 'SimpleWorkflowService.RegisterDomain', registered);
    expect(reply).toMatchObject({ status: 200, body: '' });
    expect(reply.headers.get('content-length')).toBe('0');
    expect(reply.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(reply.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes the target of old clients', async () => {
    const { server } = await emptyServer();
    const target = 'com.amazonaws.swf.service.model.SimpleWorkflowService.RegisterDomain';
    const headers = { 'content-type': 'application/json', 'content-encoding': 'amz-1.0' };
    expect((await call(server.url, target, registered, headers)).status).toBe(200);
  });

  it('leaves absent values out, writes times as seconds and takes null for absent', async () => {
    const { server } = await emptyServer();
    await call(server.url, 'SimpleWorkflowService.RegisterDomain', { ...registered, description: null });
    const type = { domain: 'raw', name: 't', version: '1', unknownMember: 1 };
    await call(server.url, 'SimpleWorkflowService.RegisterActivityType', type);
    const reply = await call(server.url, 'SimpleWorkflowService.DescribeActivityType', {
      domain: 'raw',
      activityType: { name: 't', version: '1' },
    });
    expect(JSON.parse(reply.body)).toEqual({
      typeInfo: {
        activityType: { name: 't', version: '1' },
        status: 'REGISTERED',
        creationDate: Date.UTC(2026, 0, 1) / 1000,
      },
      configuration: {},
    });
  });

  it.each([
    ['an unknown action', 'Nonsense', {}, 'com.amazon.coral.service#UnknownOperationException', /Nonsense/],
    ['no JSON', 'ListDomains', '{"registr', 'com.amazon.coral.service#SerializationException', /not JSON/],
    [
      'a list instead of a structure',
      'ListDomains',
      [],
      'com.amazon.coral.service#SerializationException',
      /structure/,
    ],
    [
      'a wrong type',
      'DescribeDomain',
      { name: 7 },
      'com.amazon.coral.service#SerializationException',
      /'name' is not a string/,
    ],
    [
      'an unknown domain',
      'DescribeDomain',
      { name: 'x' },
      'com.amazonaws.swf.base.model#UnknownResourceFault',
      /^Unknown domain: x$/,
    ],
  ])('answers %s by its error', async (_, action, body, type, message) => {
    const { server } = await emptyServer();
    const reply = await call(server.url, `SimpleWorkflowService.${action}`, body);
    expect(reply.status).toBe(400);
    const error: unknown = JSON.parse(reply.body);
    expect(error).toEqual({ __type: type, message: expect.stringMatching(message) });
    expect(reply.headers.get('x-amzn-query-error')).toContain(type.split('#')[1]);
  });

  it('refuses a body over one megabyte, and takes one just below', async () => {
    const { server } = await emptyServer();
    const over = await call(server.url, 'SimpleWorkflowService.DescribeDomain', {
      name: 'x'.repeat(1024 * 1024),
    });
    expect(over.status).toBe(400);
    expect(over.body).toContain('SerializationException');
    const below = await call(server.url, 'SimpleWorkflowService.DescribeDomain', {
      name: 'x'.repeat(1024 * 1024 - 20),
    });
    expect(below.body).toContain('ValidationException');
  });
});

const must = (value: string, path: string, rule: string): string =>
  `${value} at '${path}' failed to satisfy constraint: Member must ${rule}`;
const long = 'x'.repeat(257);

describe('validation', () => {
  it.each([
    ['DescribeDomain', {}, [must('Value null', 'name', 'not be null')]],
    ['DescribeDomain', { name: '' }, [must("Value ''", 'name', 'have length greater than or equal to 1')]],
    [
      'DescribeDomain',
      { name: long },
      [must(`Value '${long}'`, 'name', 'have length less than or equal to 256')],
    ],
    [
      'ListDomains',
      { registrationStatus: 'registered', maximumPageSize: 1001 },
      [
        must("Value 'registered'", 'registrationStatus', 'satisfy enum value set: [REGISTERED, DEPRECATED]'),
        must("Value '1001'", 'maximumPageSize', 'have value less than or equal to 1000'),
      ],
    ],
    [
      'ListDomains',
      { registrationStatus: 'REGISTERED', maximumPageSize: -1 },
      [must("Value '-1'", 'maximumPageSize', 'have value greater than or equal to 0')],
    ],
    [
      'StartWorkflowExecution',
      { domain: 'd', workflowType: { name: 'n' }, tagList: ['1', '2', '3', '4', '5', '6'] },
      [
        must('Value null', 'workflowId', 'not be null'),
        must('Value null', 'workflowType.version', 'not be null'),
        must("Value '[...]'", 'tagList', 'have length less than or equal to 5'),
      ],
    ],
    [
      'RespondDecisionTaskCompleted',
      {
        taskToken: 't',
        decisions: [
          { decisionType: 'RecordMarker' },
          { decisionType: 'StartTimer', startTimerDecisionAttributes: { timerId: 't' } },
        ],
      },
      [
        must('Value null', 'decisions.1.member.recordMarkerDecisionAttributes', 'not be null'),
        must(
          'Value null',
          'decisions.2.member.startTimerDecisionAttributes.startToFireTimeout',
          'not be null',
        ),
      ],
    ],
    [
      'RespondDecisionTaskCompleted',
      {
        taskToken: 't',
        decisions: [{ decisionType: 'CompleteWorkflowExecution', cancelTimerDecisionAttributes: {} }],
      },
      [must('Value null', 'decisions.1.member.cancelTimerDecisionAttributes.timerId', 'not be null')],
    ],
  ])('of %s %# collects all violations', async (action, body, violations) => {
    const { server } = await emptyServer();
    const reply = await call(server.url, `SimpleWorkflowService.${action}`, body);
    const noun = violations.length === 1 ? 'error' : 'errors';
    expect(JSON.parse(reply.body)).toEqual({
      __type: 'com.amazon.coral.validate#ValidationException',
      message: `${violations.length} validation ${noun} detected: ${violations.join('; ')}`,
    });
  });

  it.each([
    ['RegisterDomain', { ...registered, name: 'a:b' }],
    ['RegisterDomain', { ...registered, name: 'arn' }],
    ['RegisterDomain', { ...registered, name: ' padded' }],
    ['RegisterDomain', { ...registered, name: 'line\nend' }],
    ['RegisterDomain', { ...registered, workflowExecutionRetentionPeriodInDays: '91' }],
    ['RegisterWorkflowType', { domain: 'raw', name: 'n/m', version: '1' }],
    [
      'RegisterWorkflowType',
      { domain: 'raw', name: 'n', version: '1', defaultTaskStartToCloseTimeout: '-1' },
    ],
    [
      'RegisterWorkflowType',
      { domain: 'raw', name: 'n', version: '1', defaultTaskStartToCloseTimeout: '1.5' },
    ],
    [
      'RegisterWorkflowType',
      { domain: 'raw', name: 'n', version: '1', defaultExecutionStartToCloseTimeout: 'NONE' },
    ],
    [
      'RegisterWorkflowType',
      { domain: 'raw', name: 'n', version: '1', defaultExecutionStartToCloseTimeout: '31536001' },
    ],
    ['RegisterWorkflowType', { domain: 'raw', name: 'n', version: '1', defaultTaskPriority: '2147483648' }],
    ['RegisterWorkflowType', { domain: 'raw', name: 'n', version: '1', defaultTaskPriority: 'high' }],
    ['RegisterWorkflowType', { domain: 'raw', name: 'n', version: '1', defaultChildPolicy: 'terminate' }],
    ['PollForActivityTask', { domain: 'raw', taskList: { name: 'padded ' } }],
    ['RecordActivityTaskHeartbeat', { taskToken: 't', details: 'x'.repeat(2049) }],
    ['RespondActivityTaskFailed', { taskToken: 't', reason: long }],
    ['RespondActivityTaskCompleted', { taskToken: 't', result: 'x'.repeat(32_769) }],
  ])('of %s refuses %j', async (action, body) => {
    const { server } = await emptyServer();
    await call(server.url, 'SimpleWorkflowService.RegisterDomain', registered);
    const reply = await call(server.url, `SimpleWorkflowService.${action}`, body);
    expect(reply.body).toContain('com.amazon.coral.validate#ValidationException');
  });
});

describe('besides the protocol', () => {
  it('there is a health check, a page with the runs, and a timeline of one run', async () => {
    const { server, start, decide } = await shop();
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    const run = await start('order <1>', { input: '<script>alert(1)</script>' });
    const other = await start('order-2');
    await decide([scheduleActivity('charge-card')]);
    await decide([complete]);
    const overview = await (await fetch(server.url)).text();
    expect(overview).toContain('order &lt;1>');
    expect(overview).toContain('COMPLETED');
    const query = new URLSearchParams({ region: 'eu-west-2', runId: run.runId });
    const timeline = await (await fetch(`${server.url}/run?${query.toString()}`)).text();
    expect(timeline).toContain('Activity Task Scheduled');
    expect(timeline).toContain('charge-card');
    expect(timeline).not.toContain('<script>');
    expect(other.runId).not.toBe(run.runId);
    expect((await fetch(`${server.url}/run?region=eu-west-2&runId=none`)).status).toBe(404);
    expect((await fetch(`${server.url}/elsewhere`)).status).toBe(404);
  });

  it('a reset empties a server in memory', async () => {
    const { server, clock, pollDecision } = await shop();
    const held = clock.whenScheduled(60_000);
    const poll = pollDecision();
    await held;
    expect((await fetch(`${server.url}/_local/reset`, { method: 'POST' })).status).toBe(204);
    expect((await poll).taskToken).toBeUndefined();
    await expect(pollDecision()).rejects.toMatchObject({ name: 'UnknownResourceFault' });
  });

  it('a taken port rejects with the system error', async () => {
    const { server } = await emptyServer();
    await expect(startSwfLocal({ port: server.port, dataDirectory: null })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
