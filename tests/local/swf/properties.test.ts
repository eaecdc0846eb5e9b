import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../../infrastructure/local/swf/state/apply.js';
import type { Entry } from '../../../infrastructure/local/swf/state/change.js';
import { dump } from '../../../infrastructure/local/swf/state/dump.js';
import { eventOfText } from '../../../infrastructure/local/swf/state/events.js';
import { emptyState, type Frozen, type State } from '../../../infrastructure/local/swf/state/state.js';
import { historyOf } from '../../../infrastructure/local/swf/storage/closed-run.js';
import { breachesOf } from './support/grammar.js';
import { brokenLinksOf } from './support/links.js';
import { unmodelledOf } from './support/model.js';
import { play, region, session } from './support/session.js';

/** Of all runs, open and closed, by runId. */
function historiesOf(state: Frozen<State>): Map<string, { readonly history: readonly string[] }> {
  const runs = [...state.runs.values(), ...state.closedRuns.values()];
  return new Map(runs.map((run) => [run.runId, { history: historyOf(state, run) }]));
}

function replayed(entries: readonly Entry[]): State {
  const state = emptyState();
  for (const entry of entries) for (const change of entry.changes) apply(state, change);
  return state;
}

const dumped = (state: Parameters<typeof dump>[0]): unknown => JSON.parse(JSON.stringify([...dump(state)]));

describe('any sequence of requests', () => {
  it('leaves histories that obey the grammar, and hands each task out once', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(session, async (steps) => {
        const { state, handedOut } = await play(steps);
        const histories = historiesOf(state);
        for (const { history } of histories.values()) {
          expect(breachesOf(history)).toEqual([]);
          expect(unmodelledOf(history)).toEqual([]);
          for (const text of history) seen.add(eventOfText(text).eventType);
        }
        for (const run of state.runs.values()) expect(run.deliveries).toEqual([]);
        expect(brokenLinksOf(histories)).toEqual([]);
        expect(new Set(handedOut).size).toBe(handedOut.length);
      }),
      { numRuns: 150 },
    );
    const frequent = [
      'ActivityTaskCompleted',
      'ActivityTaskTimedOut',
      'TimerFired',
      'DecisionTaskTimedOut',
      'ChildWorkflowExecutionStarted',
      'StartChildWorkflowExecutionFailed',
      'WorkflowExecutionContinuedAsNew',
      'ExternalWorkflowExecutionSignaled',
      'ExternalWorkflowExecutionCancelRequested',
      'SignalExternalWorkflowExecutionFailed',
      'StartLambdaFunctionFailed',
    ];
    expect([...seen]).toEqual(expect.arrayContaining(frequent));
    expect([...seen].join()).toMatch(/ChildWorkflowExecution(Completed|Failed|Canceled|TimedOut|Terminated)/);
  });

  it('is rebuilt exactly from its journal, and from its compacted journal', async () => {
    await fc.assert(
      fc.asyncProperty(session, async (steps) => {
        const { state, entries } = await play(steps);
        const again = replayed(entries);
        expect(dumped(again)).toEqual(dumped(state));
        expect(again.due.map((run) => [run.runId, run.due])).toEqual(
          state.due.map((run) => [run.runId, run.due]),
        );
        const compacted = replayed([...dump(again)].map((changes) => ({ at: 0, region, changes })));
        expect(dumped(compacted)).toEqual(dumped(state));
        expect(compacted.due[0]?.due).toBe(state.due[0]?.due);
      }),
      { numRuns: 150 },
    );
  });

  it('the links of histories are seen when they are broken', () => {
    const child = `{"eventId":1,"eventTimestamp":1,"eventType":"WorkflowExecutionStarted","a":${JSON.stringify(
      {
        parentWorkflowExecution: { workflowId: 'p', runId: 'p' },
        parentInitiatedEventId: 1,
      },
    )}}`;
    const parent = '{"eventId":1,"eventTimestamp":1,"eventType":"MarkerRecorded","a":{}}';
    const end = '{"eventId":2,"eventTimestamp":1,"eventType":"WorkflowExecutionCompleted","a":{}}';
    const runs = new Map([
      ['p', { history: [parent] }],
      ['c', { history: [child, end] }],
    ]);
    expect(brokenLinksOf(runs)).toEqual([
      'c 1 WorkflowExecutionStarted: was initiated by its parent',
      'c 2 WorkflowExecutionCompleted: is told to the parent once',
    ]);
  });

  it('the grammar finds what is wrong', () => {
    const started = '{"eventId":1,"eventTimestamp":1,"eventType":"WorkflowExecutionStarted","a":{}}';
    const scheduled = (id: number) =>
      `{"eventId":${id},"eventTimestamp":1,"eventType":"DecisionTaskScheduled","a":{}}`;
    expect(breachesOf([started, scheduled(2)])).toEqual([]);
    expect(breachesOf([started, scheduled(2), scheduled(3)])).toEqual([
      '3 DecisionTaskScheduled: one at a time',
    ]);
    expect(breachesOf([started, scheduled(3)])).toEqual(['3 DecisionTaskScheduled: ids are dense']);
  });
});
