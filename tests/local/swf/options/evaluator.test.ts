import { describe, expect, it } from 'vitest';
import {
  evaluate,
  type Request,
} from '../../../../infrastructure/local/swf/options/authorisation/evaluation.js';
import { fits, fitsArn } from '../../../../infrastructure/local/swf/options/authorisation/patterns.js';
import { policyOf } from '../../../../infrastructure/local/swf/options/authorisation/policy.js';

const shop = 'arn:aws:swf:eu-west-2:123456789012:/domain/shop';

function judge(statements: unknown, asked: Partial<Request> = {}) {
  const policy = policyOf({ Version: '2012-10-17', Statement: statements }, 'policy');
  return evaluate([policy], { action: 'swf:StartTimer', resource: shop, context: new Map(), ...asked });
}

const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' };

describe('patterns', () => {
  it.each([
    ['*', '', true],
    ['swf:*', 'swf:StartTimer', true],
    ['swf:Start*', 'swf:StopTimer', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*b*c', 'abbbcbc', true],
    ['*b*d', 'abbbcbc', false],
    ['a*', 'a', true],
    ['', 'a', false],
    ['**', 'anything', true],
    ['a.c', 'abc', false],
  ])('%s on %s: %s', (pattern, text, expected) => expect(fits(pattern, text)).toBe(expected));

  it.each([
    ['*', shop, true],
    [shop, shop, true],
    ['arn:aws:swf:*:123456789012:/domain/shop', shop, true],
    ['arn:aws:swf:*:*:/domain/*', shop, true],
    ['arn:aws:swf:*:/domain/shop', shop, false],
    ['arn:aws:swf:*', shop, true],
    ['arn:aws:swf:us-east-1:*:/domain/shop', shop, false],
    ['arn:aws:swf:eu-west-2:*:/domain/Shop', shop, false],
    ['arn:aws:swf:*:*:/domain/sh*', `${shop}:extra`, true],
  ])('%s on the ARN %s: %s', (pattern, arn, expected) => expect(fitsArn(pattern, arn)).toBe(expected));
});

describe('statements', () => {
  it('deny what nothing allows', () => {
    expect(judge([])).toBe('implicitDeny');
    expect(judge([{ Effect: 'Allow', Action: 'swf:CancelTimer', Resource: '*' }])).toBe('implicitDeny');
    expect(evaluate([], { action: 'swf:StartTimer', resource: shop, context: new Map() })).toBe(
      'implicitDeny',
    );
  });

  it('allow what one of them allows, whatever the case of the action', () => {
    expect(judge(allowAll)).toBe('allowed');
    expect(judge([{ Effect: 'Allow', Action: ['SWF:starttimer'], Resource: [shop] }])).toBe('allowed');
    expect(judge({ Effect: 'Allow', Action: 'swf:Start*', Resource: 'arn:aws:swf:*:*:/domain/*' })).toBe(
      'allowed',
    );
  });

  it('deny what one of them denies, in any order and in any policy', () => {
    const deny = { Effect: 'Deny', Action: 'swf:StartTimer', Resource: '*' };
    expect(judge([allowAll, deny])).toBe('explicitDeny');
    expect(judge([deny, allowAll])).toBe('explicitDeny');
    const policies = [allowAll, deny].map((Statement) => policyOf({ Statement }, 'policy'));
    expect(evaluate(policies, { action: 'swf:StartTimer', resource: shop, context: new Map() })).toBe(
      'explicitDeny',
    );
  });

  it('turn around with NotAction and NotResource', () => {
    expect(judge({ Effect: 'Allow', NotAction: 'swf:Delete*', Resource: '*' })).toBe('allowed');
    expect(judge({ Effect: 'Allow', NotAction: 'swf:Start*', Resource: '*' })).toBe('implicitDeny');
    const elsewhere = 'arn:aws:swf:*:*:/domain/other';
    expect(judge({ Effect: 'Allow', Action: '*', NotResource: elsewhere })).toBe('allowed');
    expect(judge({ Effect: 'Allow', Action: '*', NotResource: shop })).toBe('implicitDeny');
    expect(judge([allowAll, { Effect: 'Deny', Action: '*', NotResource: shop }])).toBe('allowed');
  });

  it('count an unknown resource for what is allowed and against nothing', () => {
    const here = { Effect: 'Allow', Action: '*', Resource: shop };
    expect(judge(here, { resource: null })).toBe('allowed');
    expect(judge([here, { Effect: 'Deny', Action: '*', Resource: '*' }], { resource: null })).toBe('allowed');
  });
});

describe('conditions', () => {
  const given = new Map([
    ['swf:tasklist.name', ['cards']],
    ['swf:many', ['a', 'b']],
  ]);
  const under = (Condition: unknown, context = given) =>
    judge({ ...allowAll, Condition }, { context }) === 'allowed';

  it.each([
    ['StringEquals', 'swf:taskList.name', 'cards', true],
    ['StringEquals', 'swf:taskList.name', 'Cards', false],
    ['StringEquals', 'SWF:TASKLIST.NAME', ['mails', 'cards'], true],
    ['StringEquals', 'swf:absent', 'cards', false],
    ['StringEqualsIfExists', 'swf:absent', 'cards', true],
    ['StringEqualsIfExists', 'swf:taskList.name', 'mails', false],
    ['StringEqualsIgnoreCase', 'swf:taskList.name', 'CARDS', true],
    ['StringNotEquals', 'swf:taskList.name', 'cards', false],
    ['StringNotEquals', 'swf:taskList.name', ['mails', 'cards'], false],
    ['StringNotEquals', 'swf:taskList.name', 'mails', true],
    ['StringNotEquals', 'swf:absent', 'cards', true],
    ['StringNotEqualsIgnoreCase', 'swf:taskList.name', 'CARDS', false],
    ['StringLike', 'swf:taskList.name', 'c*s', true],
    ['StringLike', 'swf:taskList.name', 'c?s', false],
    ['StringNotLike', 'swf:taskList.name', 'c*', false],
    ['StringLikeIfExists', 'swf:absent', 'c*', true],
    ['ForAnyValue:StringEquals', 'swf:many', 'b', true],
    ['ForAnyValue:StringEquals', 'swf:absent', 'b', false],
    ['ForAnyValue:StringNotEquals', 'swf:absent', 'b', false],
    ['ForAllValues:StringEquals', 'swf:many', 'a', false],
    ['ForAllValues:StringEquals', 'swf:many', ['a', 'b', 'c'], true],
    ['ForAllValues:StringEquals', 'swf:absent', 'a', true],
    ['Null', 'swf:absent', 'true', true],
    ['Null', 'swf:taskList.name', true, false],
    ['Null', 'swf:taskList.name', 'false', true],
  ])('%s of %s with %j: %s', (operator, key, wanted, expected) => {
    expect(under({ [operator]: { [key]: wanted } })).toBe(expected);
  });

  it('must all hold', () => {
    const right = { 'swf:taskList.name': 'cards' };
    expect(under({ StringEquals: right, StringLike: { 'swf:many': '*' } })).toBe(true);
    expect(under({ StringEquals: { ...right, 'swf:many': 'z' } })).toBe(false);
    expect(under({ StringEquals: right, StringNotLike: { 'swf:taskList.name': '*' } })).toBe(false);
  });
});

describe('a document that is no policy', () => {
  const one = { Effect: 'Allow', Action: 'swf:*', Resource: '*' };
  it.each([
    [[], 'worker is a JSON object'],
    [{}, 'worker.Statement is missing'],
    [{ Statement: [], Statements: [] }, 'worker: there is no element Statements'],
    [{ Version: '2026-01-01', Statement: [] }, 'worker.Version is one of 2012-10-17, 2008-10-17'],
    [{ Statement: [{ ...one, Effect: 'allow' }] }, 'worker.Statement[0].Effect is Allow or Deny'],
    [
      { Statement: { Effect: 'Allow', Resource: '*' } },
      'worker.Statement[0] needs either Action or NotAction',
    ],
    [{ Statement: { ...one, NotResource: '*' } }, 'worker.Statement[0] needs either Resource or NotResource'],
    [
      { Statement: { ...one, Principal: '*' } },
      'worker.Statement[0]: there is no element Principal: a policy of an identity names no principal',
    ],
    [
      { Statement: { ...one, Action: 'StartTimer' } },
      "worker.Statement[0]: 'StartTimer' is no action; one reads service:Action",
    ],
    [{ Statement: { ...one, Resource: 'shop' } }, "worker.Statement[0]: 'shop' is no ARN"],
    [{ Statement: { ...one, Resource: [] } }, 'worker.Statement[0].Resource is empty'],
    [
      { Statement: { ...one, Action: { swf: '*' } } },
      'worker.Statement[0].Action is a text or a list of texts',
    ],
    [
      { Statement: { ...one, Condition: { StringEquals: { 'swf:name': '${aws:username}' } } } },
      'worker.Statement[0].Condition.StringEquals.swf:name: policy variables are not known here',
    ],
  ])('%j: %s', (json, message) => expect(() => policyOf(json, 'worker')).toThrow(message));

  it.each(['StringEqual', 'IpAddress', 'NullIfExists', 'ForSomeValues:StringEquals'])(
    'operator %s',
    (operator) => {
      const Statement = { ...one, Condition: { [operator]: { 'swf:name': 'a' } } };
      expect(() => policyOf({ Statement }, 'worker')).toThrow(
        `worker.Statement[0].Condition: ${operator} is no operator known here`,
      );
    },
  );
});
