import fc from 'fast-check';
import type { Caller } from '../../../../infrastructure/local/swf/pollers.js';
import {
  openService,
  type Answer,
  type ServiceOptions,
} from '../../../../infrastructure/local/swf/service.js';
import { isEntry, type Entry } from '../../../../infrastructure/local/swf/state/change.js';
import {
  cancelExternal,
  cancelRun,
  continueAsNew,
  failRun,
  scheduleFunction,
  signalExternal,
  startChild,
} from './decisions.js';
import { virtualClock } from './virtual-clock.js';
import { cancelActivity, cancelTimer, complete, marker, scheduleActivity, startTimer } from './world.js';

/** Where sessions are played. */
export const region = 'here';
const type = { name: 'type', version: '1' };
const list = { name: 'list' };
const domain = 'domain';

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('start' as const), run: fc.nat(2) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pollDecision' as const), hangUp: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pollActivity' as const), hangUp: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      token: fc.nat(9),
      decisions: fc.array(fc.record({ kind: fc.nat(11), id: fc.nat(2), seconds: fc.nat(20) }), {
        maxLength: 4,
      }),
      close: fc.integer({ min: 0, max: 19 }),
      override: fc.nat(5),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('answer' as const), token: fc.nat(9), how: fc.nat(3) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tell' as const), run: fc.nat(2), how: fc.nat(7) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), seconds: fc.nat(30) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The steps of a random session; numbers choose among what there is. */
export const session = fc.array(step, { minLength: 20, maxLength: 120, size: 'max' });

/** One of the last few, because most of the older ones are of no use any more; undefined when there is none. */
function recent<Item>(items: readonly Item[], choice: number): Item | undefined {
  return items[items.length - 1 - (choice % Math.max(Math.min(items.length, 4), 1))];
}

const policies = ['TERMINATE', 'REQUEST_CANCEL', 'ABANDON'] as const;

function decisionOf({ kind, id, seconds }: { kind: number; id: number; seconds: number }) {
  const limits = {
    taskList: list,
    scheduleToStartTimeout: '15',
    scheduleToCloseTimeout: '40',
    startToCloseTimeout: '10',
    heartbeatTimeout: '5',
  };
  const choices = [
    scheduleActivity(`a${id}`, { activityType: type, ...limits }),
    scheduleActivity(`a${id}`, { activityType: type, ...limits, taskPriority: String(seconds) }),
    cancelActivity(`a${id}`),
    startTimer(`t${id}`, String(seconds)),
    cancelTimer(`t${id}`),
    marker(),
    startChild(`w${id}`, { workflowType: type, childPolicy: policies[seconds % 3] }),
    startChild(`c${id}`, { workflowType: type, childPolicy: policies[seconds % 3] }),
    signalExternal(`w${id}`),
    signalExternal(`c${id}`),
    cancelExternal(seconds < 10 ? `w${id}` : `c${id}`),
    scheduleFunction(`f${id}`),
  ];
  return choices[kind % choices.length];
}

/** Plays the steps against a service and returns what it holds, what it journalled and what it handed out. */
export async function play(steps: readonly Step[], storage: Partial<ServiceOptions> = {}) {
  const clock = virtualClock();
  const entries: Entry[] = [];
  const journal = {
    append: (entry: Entry) => {
      const json: unknown = JSON.parse(JSON.stringify(entry));
      if (!isEntry(json)) throw new Error('an entry that cannot be read back');
      entries.push(json);
      return Promise.resolve();
    },
    rewrite: () => Promise.resolve(),
  };
  const service = openService({
    clock,
    account: '1',
    pollMilliseconds: 20_000,
    entries: [],
    journal,
    ...storage,
  });
  let calls = 0;
  const ask = (action: string, input: object, caller: Caller = present): Promise<Answer> => {
    calls += 1;
    return service.perform({ region, action, input, freshId: `id${calls}`, caller });
  };
  const tokens: { decision: string[]; activity: string[] } = { decision: [], activity: [] };
  const handedOut: string[] = [];
  const polls: Promise<void>[] = [];

  async function poll(kind: 'decision' | 'activity', hangUp: boolean): Promise<void> {
    const quitter = hangUp ? leaving() : null;
    const caller = quitter ?? present;
    const action = kind === 'decision' ? 'PollForDecisionTask' : 'PollForActivityTask';
    const answer = ask(action, { domain, taskList: list }, caller);
    quitter?.hangUp();
    const { body } = doneOf(await answer);
    const token = /"taskToken":"([^"]+)"/.exec(body)?.[1];
    if (token === undefined || caller.gone) return;
    handedOut.push(token);
    tokens[kind].push(token);
  }

  async function perform(one: Step): Promise<void> {
    switch (one.do) {
      case 'start':
        await ask('StartWorkflowExecution', { domain, workflowId: `w${one.run}`, workflowType: type });
        return;
      case 'pollDecision':
        polls.push(poll('decision', one.hangUp));
        return;
      case 'pollActivity':
        polls.push(poll('activity', one.hangUp));
        return;
      case 'decide': {
        const taskToken = recent(tokens.decision, one.token);
        const decisions = one.decisions.map(decisionOf);
        const closing = [complete, failRun, cancelRun, continueAsNew(), continueAsNew()][one.close];
        if (closing !== undefined) decisions.push(closing);
        const override = one.override === 0 ? { taskList: list, taskListScheduleToStartTimeout: '3' } : {};
        if (taskToken !== undefined)
          await ask('RespondDecisionTaskCompleted', { taskToken, decisions, ...override });
        return;
      }
      case 'answer': {
        const taskToken = recent(tokens.activity, one.token);
        const actions = [
          'RespondActivityTaskCompleted',
          'RespondActivityTaskFailed',
          'RespondActivityTaskCanceled',
        ];
        const action = actions[one.how] ?? 'RecordActivityTaskHeartbeat';
        if (taskToken !== undefined) await ask(action, { taskToken, details: 'd' });
        return;
      }
      case 'tell': {
        const workflowId = `w${one.run}`;
        if (one.how === 0) await ask('TerminateWorkflowExecution', { domain, workflowId });
        else if (one.how < 3) await ask('RequestCancelWorkflowExecution', { domain, workflowId });
        else await ask('SignalWorkflowExecution', { domain, workflowId, signalName: 's' });
        return;
      }
      case 'advance':
        clock.advance(one.seconds * 1000);
    }
  }

  await ask('RegisterDomain', { name: domain, workflowExecutionRetentionPeriodInDays: '1' });
  await ask('RegisterActivityType', { domain, ...type });
  await ask('RegisterWorkflowType', {
    domain,
    ...type,
    defaultTaskList: list,
    defaultTaskStartToCloseTimeout: '8',
    defaultExecutionStartToCloseTimeout: '120',
    defaultChildPolicy: 'ABANDON',
  });
  for (const one of steps) {
    await perform(one);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve(); // polls that were served take their tokens
  }
  service.close();
  await Promise.all(polls);
  const state = service.regions().get(region);
  if (state === undefined) throw new Error('no state');
  return { state, entries, handedOut };
}

const present: Caller = { gone: false, whenGone: () => undefined };

/** A caller that hangs up while its poll waits, or before its answer leaves. */
function leaving(): Caller & { hangUp(): void } {
  let gone = false;
  const watchers: (() => void)[] = [];
  return {
    get gone() {
      return gone;
    },
    whenGone: (run) => watchers.push(run),
    hangUp() {
      gone = true;
      for (const run of watchers) run();
    },
  };
}

function doneOf(answer: Answer): Answer & { type: 'done' } {
  if (answer.type !== 'done') throw new Error(`a poll was refused: ${answer.fault.message}`);
  return answer;
}
