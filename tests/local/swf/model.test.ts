import { describe, expect, it } from 'vitest';
import { actionNames } from '../../../infrastructure/local/swf/actions/handle.js';
import { eventReasons, failureCauses } from '../../../infrastructure/local/swf/decisions/causes.js';
import { decisionTypes } from '../../../infrastructure/local/swf/protocol/decisions.js';
import { faultNames } from '../../../infrastructure/local/swf/protocol/faults.js';
import { eventTypes } from '../../../infrastructure/local/swf/state/events.js';
import { decisionInputs, inputs } from './conformance/cases/limits.js';
import { namesEnding, structureOf, unmodelledOf, valuesOf } from './support/model.js';

describe('against the model that the SDK carries', () => {
  it('all actions are there, and no others', () => {
    expect([...actionNames]).toEqual(
      namesEnding('Command')
        .filter((name) => name !== '$') // the base of all commands
        .sort(),
    );
  });

  it('all decisions, events and faults are there', () => {
    expect([...decisionTypes].sort()).toEqual(valuesOf('DecisionType'));
    expect(Object.keys(eventTypes).sort()).toEqual(valuesOf('EventType'));
    const faults = namesEnding('Fault').map((name) => `${name}Fault`);
    expect(faults.filter((name) => !faultNames.includes(name))).toEqual([]);
  });

  it.each(Object.entries(failureCauses))('%s knows its causes', (event, causes) => {
    expect([...causes].sort()).toEqual(valuesOf(`${event}Cause`));
  });

  it('ends, cancel requests and clocks know their reasons', () => {
    expect([...eventReasons.WorkflowExecutionTerminated].sort()).toEqual(
      valuesOf('WorkflowExecutionTerminatedCause'),
    );
    expect([...eventReasons.WorkflowExecutionCancelRequested]).toEqual(
      valuesOf('WorkflowExecutionCancelRequestedCause'),
    );
    expect([...eventReasons.ActivityTaskTimedOut].sort()).toEqual(valuesOf('ActivityTaskTimeoutType'));
    expect([...eventReasons.DecisionTaskTimedOut].sort()).toEqual(valuesOf('DecisionTaskTimeoutType'));
    expect([...eventReasons.WorkflowExecutionTimedOut]).toEqual(valuesOf('WorkflowExecutionTimeoutType'));
  });

  it.each(Object.entries(inputs))('%s needs what the model says', (action, { members, alsoNeeded }) => {
    const needed = Object.keys(members)
      .filter((path) => !path.startsWith('?'))
      .map((path) => path.split('.')[0] ?? '');
    const names = new Set([...needed, ...(alsoNeeded === undefined ? [] : [alsoNeeded])]);
    expect([...names].sort()).toEqual([...(structureOf(`${action}Input`)?.required ?? [])].sort());
  });

  it.each(Object.entries(decisionInputs))(
    '%s has the members of the model',
    (decision, { members, body }) => {
      const structure = structureOf(`${decision}DecisionAttributes`);
      const names = new Set(Object.keys(members).map((path) => path.split('.')[0] ?? ''));
      expect([...names].sort()).toEqual([...(structure?.members ?? [])].sort());
      expect(Object.keys(body).sort()).toEqual([...(structure?.required ?? [])].sort());
    },
  );

  it('sees an event that is not of the model', () => {
    const text = JSON.stringify({
      eventId: 1,
      eventTimestamp: 1,
      eventType: 'TimerFired',
      timerFiredEventAttributes: { timerId: 't', colour: 'red' },
    });
    expect(unmodelledOf([text])).toEqual([
      'TimerFired has the attribute colour',
      'TimerFired lacks startedEventId',
    ]);
  });
});
