import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { account, region, serverWith } from './room.js';
import { systemClock } from '../../../../infrastructure/local/swf/clock.js';

/** The `aws` command line tool, a client that others have written; these tests need it on the machine. */
const tool = spawnSync('aws', ['--version'], { encoding: 'utf8' });
const toolIsHere = tool.status === 0;
if (!toolIsHere) process.stderr.write('skipped: the aws command line tool is not on this machine\n');

const run = promisify(execFile);

/** Runs `aws swf ...` against a server; gives what it printed, parsed, or what it complained about. */
function toolOn(url: string) {
  return async (...args: readonly string[]): Promise<unknown> => {
    const common = ['--endpoint-url', url, '--region', region, '--output', 'json', '--no-cli-pager'];
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      AWS_ACCESS_KEY_ID: 'tool',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_MAX_ATTEMPTS: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
    const { stdout } = await run(
      'aws',
      ['swf', ...args, ...common.filter((one) => one !== '--no-cli-pager')],
      {
        env: { ...env, AWS_PAGER: '' },
        maxBuffer: 10_000_000,
      },
    );
    const printed: unknown = stdout === '' ? null : JSON.parse(stdout);
    return printed;
  };
}

function textIn(json: unknown, name: string): string {
  const value: unknown =
    typeof json === 'object' && json !== null
      ? Object.entries(json).find(([key]) => key === name)?.[1]
      : undefined;
  if (typeof value !== 'string') throw new Error(`no ${name} in ${JSON.stringify(json)}`);
  return value;
}

describe.skipIf(!toolIsHere)('the aws command line tool (needs it on the machine)', () => {
  it('drives a whole workflow', { timeout: 180_000 }, async () => {
    const { url } = await serverWith({ clock: systemClock, pollSeconds: 5 });
    const aws = toolOn(url);
    const type = ['--workflow-type', 'name=order,version=1'];
    await aws('register-domain', '--name', 'shop', '--workflow-execution-retention-period-in-days', '3');
    await Promise.all([
      aws(
        ...['register-workflow-type', '--domain', 'shop', '--name', 'order', '--workflow-version', '1'],
        ...['--default-task-list', 'name=decisions', '--default-child-policy', 'ABANDON'],
        ...[
          '--default-execution-start-to-close-timeout',
          '3600',
          '--default-task-start-to-close-timeout',
          '60',
        ],
      ),
      aws(
        ...['register-activity-type', '--domain', 'shop', '--name', 'charge', '--activity-version', '1'],
        ...['--default-task-list', 'name=cards', '--default-task-heartbeat-timeout', 'NONE'],
        ...[
          '--default-task-schedule-to-start-timeout',
          '60',
          '--default-task-schedule-to-close-timeout',
          '120',
        ],
        ...['--default-task-start-to-close-timeout', '60'],
      ),
    ]);
    const start = (workflowId: string) =>
      aws(
        'start-workflow-execution',
        '--domain',
        'shop',
        '--workflow-id',
        workflowId,
        ...type,
        '--input',
        '{"total": 1299}',
        '--tag-list',
        'web',
      );
    const runId = textIn(await start('order-1'), 'runId');
    await expect(start('order-1')).rejects.toThrow(/WorkflowExecutionAlreadyStartedFault/);

    const decide = async (...decisions: readonly unknown[]): Promise<unknown> => {
      const task = await aws(
        'poll-for-decision-task',
        '--domain',
        'shop',
        '--task-list',
        'name=decisions',
        '--identity',
        'tool',
      );
      await aws(
        ...['respond-decision-task-completed', '--task-token', textIn(task, 'taskToken')],
        ...['--decisions', JSON.stringify(decisions), '--execution-context', 'charging'],
      );
      return task;
    };
    const first = await decide({
      decisionType: 'ScheduleActivityTask',
      scheduleActivityTaskDecisionAttributes: {
        activityType: { name: 'charge', version: '1' },
        activityId: 'charge-1',
        input: 'card',
      },
    });
    expect(first).toMatchObject({
      startedEventId: 3,
      previousStartedEventId: 0,
      workflowExecution: { runId },
    });

    const work = await aws('poll-for-activity-task', '--domain', 'shop', '--task-list', 'name=cards');
    expect(work).toMatchObject({ activityId: 'charge-1', input: 'card', startedEventId: 6 });
    const token = ['--task-token', textIn(work, 'taskToken')];
    expect(await aws('record-activity-task-heartbeat', ...token, '--details', 'half')).toEqual({
      cancelRequested: false,
    });
    await aws('respond-activity-task-completed', ...token, '--result', 'charged');
    await aws(
      'signal-workflow-execution',
      '--domain',
      'shop',
      '--workflow-id',
      'order-1',
      '--signal-name',
      'hurry',
    );
    const second = await decide({
      decisionType: 'CompleteWorkflowExecution',
      completeWorkflowExecutionDecisionAttributes: { result: 'shipped' },
    });
    expect(second).toMatchObject({ previousStartedEventId: 3 });

    const execution = ['--execution', `workflowId=order-1,runId=${runId}`];
    const [history, described, closed, domain] = await Promise.all([
      // Two events a page: the tool asks for page after page on its own.
      aws('get-workflow-execution-history', '--domain', 'shop', ...execution, '--page-size', '2'),
      aws('describe-workflow-execution', '--domain', 'shop', ...execution),
      aws(
        'list-closed-workflow-executions',
        '--domain',
        'shop',
        '--start-time-filter',
        'oldestDate=0',
        '--tag-filter',
        'tag=web',
      ),
      aws('describe-domain', '--name', 'shop'),
    ]);
    expect(history).toMatchObject({
      events: [
        'WorkflowExecutionStarted',
        'DecisionTaskScheduled',
        'DecisionTaskStarted',
        'DecisionTaskCompleted',
        'ActivityTaskScheduled',
        'ActivityTaskStarted',
        'ActivityTaskCompleted',
        'DecisionTaskScheduled',
        'WorkflowExecutionSignaled',
        'DecisionTaskStarted',
        'DecisionTaskCompleted',
        'WorkflowExecutionCompleted',
      ].map((eventType, index) => ({ eventType, eventId: index + 1 })),
    });
    expect(described).toMatchObject({
      executionInfo: { executionStatus: 'CLOSED', closeStatus: 'COMPLETED', tagList: ['web'] },
      latestExecutionContext: 'charging',
    });
    expect(closed).toMatchObject({ executionInfos: [{ execution: { workflowId: 'order-1', runId } }] });
    expect(domain).toMatchObject({
      domainInfo: { arn: `arn:aws:swf:${region}:${account}:/domain/shop` },
      configuration: { workflowExecutionRetentionPeriodInDays: '3' },
    });
    const late = aws('respond-activity-task-completed', ...token);
    await expect(late).rejects.toThrow(
      /UnknownResourceFault.*Unknown execution: WorkflowExecution=\[workflowId=order-1/s,
    );
  });
});
