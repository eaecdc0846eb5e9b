import { expect } from 'vitest';
import type { Case } from '../harness.js';
import { decisionInputs, inputs, kinds, type Kind } from './limits.js';

/** A copy of the body with one member, however deep, replaced. */
function withMember(body: unknown, path: readonly string[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const members = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const old: unknown = new Map<string, unknown>(members).get(first);
  return { ...Object.fromEntries(members), [first]: withMember(old, rest, value) };
}

/** One member of one action: its bad values are refused by name and rule, its extreme good ones are not. */
function memberCase(
  action: string,
  covers: readonly string[],
  shown: string,
  kind: Kind,
  bodyWith: (value: unknown) => unknown,
): Case {
  return {
    title: `${action}: ${shown} is ${kind}`,
    covers,
    bare: true,
    run: async ({ raw }) => {
      for (const [value, rule] of kinds[kind].bad) {
        const refusal = await raw(action, bodyWith(value));
        const told = Array.isArray(value) ? '[...]' : String(value);
        expect(refusal?.name).toBe('ValidationException');
        expect(refusal?.message).toContain(
          `1 validation error detected: Value '${told}' at '${shown}' failed to satisfy constraint: Member must ${rule}`,
        );
      }
      for (const value of kinds[kind].good) {
        const answer = await raw(action, bodyWith(value));
        expect(answer?.message ?? '').not.toContain('failed to satisfy constraint');
      }
    },
  };
}

const actions = Object.entries(inputs).flatMap(([action, { body, members, alsoNeeded }]): Case[] => [
  {
    title: `${action} names every member that is missing, in one message`,
    covers: [action, 'ValidationException'],
    bare: true,
    run: async ({ raw }) => {
      const needed = Object.keys(members).filter((path) => !path.startsWith('?'));
      const names = new Set(needed.map((path) => path.split('.')[0] ?? ''));
      if (alsoNeeded !== undefined) names.add(alsoNeeded);
      const refusal = await raw(action, {});
      for (const name of names) {
        expect(refusal?.message).toContain(
          `Value null at '${name}' failed to satisfy constraint: Member must not be null`,
        );
      }
      expect(refusal?.message).toMatch(new RegExp(`^${names.size} validation errors? detected: `));
    },
  },
  ...Object.entries(members).map(([path, kind]) => {
    const shown = path.replace('?', '');
    return memberCase(action, [action, 'ValidationException'], shown, kind, (value) =>
      withMember(body, shown.split('.'), value),
    );
  }),
]);

const decisions = Object.entries(decisionInputs).flatMap(([decisionType, { body, members }]) => {
  const member = `${decisionType.charAt(0).toLowerCase()}${decisionType.slice(1)}DecisionAttributes`;
  return Object.entries(members).map(([path, kind]) =>
    memberCase(
      'RespondDecisionTaskCompleted',
      ['RespondDecisionTaskCompleted', 'ValidationException'],
      `decisions.1.member.${member}.${path}`,
      kind,
      (value) => ({
        taskToken: 't',
        decisions: [{ decisionType, [member]: withMember(body, path.split('.'), value) }],
      }),
    ),
  );
});

const others: Case[] = [
  {
    title:
      'RespondDecisionTaskCompleted: a decision needs a type that is known, and the attributes of its type',
    covers: ['RespondDecisionTaskCompleted', 'ValidationException'],
    bare: true,
    run: async ({ raw }) => {
      const call = (decision: object) =>
        raw('RespondDecisionTaskCompleted', { taskToken: 't', decisions: [decision] });
      expect((await call({}))?.message).toContain("Value null at 'decisions.1.member.decisionType'");
      expect((await call({ decisionType: 'Sleep' }))?.message).toContain(
        "Value 'Sleep' at 'decisions.1.member.decisionType' failed to satisfy constraint: Member must satisfy enum value set: [CompleteWorkflowExecution, StartTimer, ",
      );
      for (const [decisionType, { needed }] of Object.entries(decisionInputs)) {
        const member = `${decisionType.charAt(0).toLowerCase()}${decisionType.slice(1)}DecisionAttributes`;
        const told = `Value null at 'decisions.1.member.${member}'`;
        const message = (await call({ decisionType }))?.message;
        if (needed) expect(message).toContain(told);
        else expect(message).toBe('Invalid token');
      }
    },
  },
  {
    title: 'an action that is unknown is refused as such',
    covers: ['UnknownOperationException'],
    run: async ({ raw }) => {
      expect(await raw('Sleep', {})).toMatchObject({ name: 'UnknownOperationException' });
    },
  },
  {
    title: 'a member of another JSON type makes the request unreadable',
    covers: ['SerializationException', 'DescribeDomain'],
    run: async ({ raw }) => {
      const refusal = await raw('DescribeDomain', { name: 7 });
      expect(refusal).toEqual({ name: 'SerializationException', message: "'name' is not a string" });
    },
  },
];

/** Every limit and pattern of every member of every action and decision. */
export const validation: readonly Case[] = [...actions, ...decisions, ...others];
