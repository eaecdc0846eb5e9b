import { describe, expect, it } from 'vitest';
import {
  PollForActivityTaskCommand,
  RespondActivityTaskFailedCommand,
  TerminateWorkflowExecutionCommand,
} from '@aws-sdk/client-swf';
import {
  cancelTimer,
  complete,
  domain,
  registerShop,
  scheduleActivity,
  shopWords,
  startTimer,
  workflowType,
} from '../support/world.js';
import { clientAs, serverWith } from './room.js';

async function shopPage() {
  const { url, clock, server } = await serverWith();
  const client = clientAs(url, 'one');
  await registerShop(client);
  const page = async (path = '/'): Promise<string> => (await fetch(url + path)).text();
  const runPage = ({ runId }: { runId: string }): Promise<string> =>
    page(`/run?${new URLSearchParams({ region: 'eu-west-2', runId }).toString()}`);
  return { url, clock, server, client, page, runPage, ...shopWords(client) };
}

/** The workflow ids that a page lists, in its order. */
function listed(html: string): readonly string[] {
  return [...html.matchAll(/href="\/run\?[^"]*">([^<]*)</g)].map((found) => found[1] ?? '');
}

/** The text of one event's line, without its markup. */
function lineOf(html: string, eventId: number): string {
  const line = new RegExp(`<li class="([^"]*)" id="event-${eventId}">(.*?)<details`, 's').exec(html);
  return `${line?.[1] ?? ''}: ${(line?.[2] ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()}`;
}

describe('the front page', () => {
  it('says so when there is nothing yet', async () => {
    const { url } = await serverWith();
    const html = await (await fetch(url)).text();
    expect(html).toContain('No domain is registered yet.');
    expect(html).toContain('No run fits.');
  });

  it('runs only its own script, and nothing that stands in the page', async () => {
    const { url, start } = await shopPage();
    await start('<img src=x onerror=alert(1)>', { input: '</script><script>alert(1)</script>' });
    const answer = await fetch(url);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    const html = await answer.text();
    expect(html).not.toContain('<img');
    expect(html).not.toMatch(/<[^>]*\s(on[a-z]+|style)=[^>]*>|<style/);
    expect(html.match(/<script[^>]*>/g)).toEqual(['<script src="/page.js" defer>']);
  });

  it('shows domains, waiting tasks and pollers', async () => {
    const { page, start, clock, client } = await shopPage();
    await start('order-1');
    await start('order-2');
    const held = clock.whenScheduled(60_000);
    const taskList = { name: 'cards' };
    const poll = client.send(new PollForActivityTaskCommand({ domain, taskList, identity: 'worker <7>' }));
    await held;
    const html = (await page()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(html).toContain('shop eu-west-2 2 open , 0 closed 1 workflow types, 1 activity types');
    expect(html).toMatch(/cards activity shop eu-west-2 0 waiting 1 polling worker &lt;7>/);
    expect(html).toMatch(/main decision shop eu-west-2 2 waiting 0 polling/);
    clock.advance(60_000);
    await poll;
  });

  it('lists the runs that fit, the newest first', async () => {
    const { page, start, decide, clock, client } = await shopPage();
    await start('order-1', { tagList: ['web'] });
    clock.advance(1000);
    await start('order-2', { tagList: ['app', 'vip'] });
    clock.advance(1000);
    await start('refund-1');
    await decide([complete]);
    await client.send(new TerminateWorkflowExecutionCommand({ domain, workflowId: 'refund-1' }));
    expect(listed(await page())).toEqual(['refund-1', 'order-2', 'order-1']);
    expect(listed(await page('/?status=OPEN'))).toEqual(['order-2']);
    expect(listed(await page('/?status=CLOSED'))).toEqual(['refund-1', 'order-1']);
    expect(listed(await page('/?status=TERMINATED'))).toEqual(['refund-1']);
    expect(listed(await page('/?workflowId=order'))).toEqual(['order-2', 'order-1']);
    expect(listed(await page('/?tag=vip'))).toEqual(['order-2']);
    expect(listed(await page(`/?type=${workflowType.name}&status=COMPLETED`))).toEqual(['order-1']);
    expect(listed(await page('/?type=other'))).toEqual([]);
    expect(listed(await page('/?domain=other'))).toEqual([]);
  });

  it('pages through many runs', async () => {
    const { page, start, clock } = await shopPage();
    for (let number = 0; number < 60; number += 1) {
      await start(`order-${number}`);
      clock.advance(1);
    }
    const first = await page();
    expect(listed(first)).toHaveLength(50);
    expect(first).toContain('<a href="/?from=50">Older</a>');
    const second = await page('/?from=50');
    expect(listed(second)).toHaveLength(10);
    expect(second).toContain('<a href="/?from=0">Newer</a>');
    expect(listed(await page('/?from=nonsense'))).toHaveLength(50);
  });
});

describe('the page of a run', () => {
  it('says of each decision what came of it, and of each event where it began', async () => {
    const { runPage, start, decide, pollActivity, client, clock } = await shopPage();
    const execution = await start();
    clock.advance(20);
    await decide([scheduleActivity('charge'), startTimer('patience', '10'), cancelTimer('nonsense')]);
    clock.advance(2000);
    const { taskToken } = await pollActivity();
    clock.advance(500);
    await client.send(new RespondActivityTaskFailedCommand({ taskToken, reason: 'CardDeclined' }));
    const html = await runPage(execution);
    expect(lineOf(html, 2)).toBe(
      'decision: 2 +0 ms Decision Task Scheduled on main completed after 20 ms, #4',
    );
    expect(lineOf(html, 3)).toBe('decision: 3 +20 ms Decision Task Started after waiting 20 ms, from #2');
    expect(lineOf(html, 5)).toBe(
      'work decided: 5 +20 ms Activity Task Scheduled charge · charge 1 · on main failed after 2.50 s, #10 decided in #4',
    );
    expect(lineOf(html, 6)).toBe('work decided: 6 +20 ms Timer Started patience open decided in #4');
    expect(lineOf(html, 7)).toBe(
      'bad decided: 7 +20 ms Cancel Timer Failed nonsense · TIMER_ID_UNKNOWN decided in #4',
    );
    expect(lineOf(html, 9)).toBe(
      'work: 9 +2.02 s Activity Task Started charge · by worker after waiting 2.00 s, from #5',
    );
    expect(lineOf(html, 10)).toBe(
      'bad: 10 +2.52 s Activity Task Failed charge after 500 ms, from #5 CardDeclined',
    );
  });

  it('shows time-outs in red, with what ran out', async () => {
    const { runPage, start, decide, pollActivity, clock } = await shopPage();
    const execution = await start();
    await decide([scheduleActivity('charge')]);
    await pollActivity();
    clock.advance(50_000);
    const html = await runPage(execution);
    expect(lineOf(html, 7)).toBe(
      'bad: 7 +50.0 s Activity Task Timed Out charge · HEARTBEAT after 50.0 s, from #5',
    );
    expect(html).toContain('aria-label="timed out, HEARTBEAT"');
    expect(html).toMatch(/<rect class="bad"/);
    expect(lineOf(html, 5)).toContain('timed out, HEARTBEAT after 50.0 s, #7');
  });

  it('comes in pages when the history is long, an open run from its end', async () => {
    const { runPage, page, start, signal, decide } = await shopPage();
    const execution = await start();
    for (let number = 0; number < 600; number += 1) await signal();
    const html = await runPage(execution);
    expect(html).toContain('Page 2 of 2');
    expect(html).toContain('id="event-602"');
    expect(html).not.toContain('id="event-1"');
    const query = new URLSearchParams({ region: 'eu-west-2', runId: execution.runId, page: '1' }).toString();
    expect(await page(`/run?${query}`)).toContain('id="event-1"');
    await decide([complete]);
    expect(await runPage(execution)).toContain('Page 1 of 2');
  });

  it('leads to the runs that the history tells of', async () => {
    const { runPage, page, start, decide, pollDecision, respond } = await shopPage();
    const parent = await start('parent');
    await decide([
      {
        decisionType: 'StartChildWorkflowExecution',
        startChildWorkflowExecutionDecisionAttributes: { workflowId: 'child', workflowType },
      },
    ]);
    const tasks = [await pollDecision(), await pollDecision()];
    const child = tasks.find((task) => task.workflowExecution?.workflowId === 'child');
    const runId = child?.workflowExecution?.runId ?? '';
    const address = (run: string): string =>
      `/run?${new URLSearchParams({ region: 'eu-west-2', runId: run }).toString()}`;
    expect(await runPage(parent)).toContain(`href="${address(runId).replace('&', '&amp;')}"`);
    expect(await page(address(runId))).toContain(
      `href="${address(parent.runId).replace('&', '&amp;')}">parent<`,
    );
    await respond(child?.taskToken, [{ decisionType: 'ContinueAsNewWorkflowExecution' }]);
    expect(await page(address(runId))).toMatch(/Workflow Execution Continued As New.*>its run</s);
  });

  it('of a run that is not there says so', async () => {
    const { url } = await shopPage();
    const answer = await fetch(`${url}/run?region=eu-west-2&runId=none`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is no such run');
  });
});

describe('a page that is looked at', () => {
  it('is sent again only when something has changed', async () => {
    const { url, start } = await shopPage();
    const first = await fetch(url);
    const version = first.headers.get('etag') ?? '';
    expect(await first.text()).toContain(`data-version="${version}"`);
    const look = () => fetch(url, { headers: { 'if-none-match': version } });
    expect((await look()).status).toBe(304);
    await start('order-1');
    const changed = await look();
    expect(changed.status).toBe(200);
    expect(listed(await changed.text())).toEqual(['order-1']);
  });

  it('of a run is sent again only when its history has grown', async () => {
    const { url, start, signal } = await shopPage();
    const { runId } = await start();
    const address = `${url}/run?${new URLSearchParams({ region: 'eu-west-2', runId }).toString()}`;
    const version = (await fetch(address)).headers.get('etag') ?? '';
    const look = () => fetch(address, { headers: { 'if-none-match': version } });
    expect((await look()).status).toBe(304);
    await signal();
    expect(await (await look()).text()).toContain('Workflow Execution Signaled');
  });

  it('gets its style and its script from the server', async () => {
    const { url } = await shopPage();
    const style = await fetch(`${url}/page.css`);
    expect(style.headers.get('content-type')).toContain('text/css');
    expect(await style.text()).toContain('prefers-color-scheme: dark');
    const script = await fetch(`${url}/page.js`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).toContain('if-none-match');
  });
});
