import { isOperator, operators, type Condition } from './conditions.js';

/** One statement of a policy. Patterns of actions are in lower case: actions do not tell cases apart. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** `except` turns the list into all that it does not name. */
  readonly actions: { readonly except: boolean; readonly patterns: readonly string[] };
  readonly resources: { readonly except: boolean; readonly patterns: readonly string[] };
  readonly conditions: readonly Condition[];
}

/** An identity policy, checked. */
export type Policy = readonly Statement[];

/** A document that is no policy, or one that asks for what the evaluator does not know; the message says where. */
export class PolicyProblem extends Error {}

const documentMembers = ['Version', 'Id', 'Statement'];
const statementMembers = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] as const;
const versions = ['2012-10-17', '2008-10-17'];

/**
 * Reads one IAM policy document of an identity. What it cannot judge exactly it refuses: unknown elements and
 * operators, policy variables, principals.
 * @throws PolicyProblem with the place in the document, such as `worker.Statement[0].Effect`.
 */
export function policyOf(json: unknown, place: string): Policy {
  const members = membersOf(json, place);
  for (const name of members.keys()) {
    if (!documentMembers.includes(name)) throw new PolicyProblem(`${place}: there is no element ${name}`);
  }
  const version = members.get('Version');
  if (version !== undefined && !versions.some((known) => known === version)) {
    throw new PolicyProblem(`${place}.Version is one of ${versions.join(', ')}`);
  }
  const statements = members.get('Statement');
  if (statements === undefined) throw new PolicyProblem(`${place}.Statement is missing`);
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  return list.map((one, index) => statementOf(one, `${place}.Statement[${index}]`));
}

function statementOf(json: unknown, place: string): Statement {
  const members = membersOf(json, place);
  for (const name of members.keys()) {
    if (!statementMembers.some((known) => known === name)) {
      const hint = name.endsWith('Principal') ? ': a policy of an identity names no principal' : '';
      throw new PolicyProblem(`${place}: there is no element ${name}${hint}`);
    }
  }
  const effect = members.get('Effect');
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyProblem(`${place}.Effect is Allow or Deny`);
  const actions = choice(members, 'Action', place);
  for (const pattern of actions.patterns) {
    if (pattern !== '*' && !/^[\w*?-]+:[\w*?]+$/.test(pattern)) {
      throw new PolicyProblem(`${place}: '${pattern}' is no action; one reads service:Action`);
    }
  }
  const resources = choice(members, 'Resource', place);
  for (const pattern of resources.patterns) {
    if (pattern !== '*' && !pattern.startsWith('arn:')) {
      throw new PolicyProblem(`${place}: '${pattern}' is no ARN`);
    }
  }
  return {
    effect,
    actions: { ...actions, patterns: actions.patterns.map((pattern) => pattern.toLowerCase()) },
    resources,
    conditions: conditionsOf(members.get('Condition'), `${place}.Condition`),
  };
}

/** `Action` or `NotAction`, `Resource` or `NotResource`: exactly one of the two. */
function choice(
  members: ReadonlyMap<string, unknown>,
  name: 'Action' | 'Resource',
  place: string,
): Statement['actions'] {
  const positive = members.get(name);
  const negative = members.get(`Not${name}`);
  if ((positive === undefined) === (negative === undefined)) {
    throw new PolicyProblem(`${place} needs either ${name} or Not${name}`);
  }
  const except = positive === undefined;
  const patterns = textsOf(except ? negative : positive, `${place}.${except ? 'Not' : ''}${name}`);
  return { except, patterns };
}

function conditionsOf(json: unknown, place: string): readonly Condition[] {
  if (json === undefined) return [];
  return [...membersOf(json, place)].flatMap(([name, keys]) => {
    const head = operatorOf(name, place);
    return [...membersOf(keys, `${place}.${name}`)].map(([key, values]) => ({
      ...head,
      key: key.toLowerCase(),
      values: textsOf(values, `${place}.${name}.${key}`),
    }));
  });
}

function operatorOf(name: string, place: string): Omit<Condition, 'key' | 'values'> {
  const [, prefix, operator = '', suffix] =
    /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  if (!isOperator(operator) || (operator === 'Null' && (prefix ?? suffix) !== undefined)) {
    throw new PolicyProblem(
      `${place}: ${name} is no operator known here; known are ${operators.join(', ')}, with ...IfExists and ForAllValues: or ForAnyValue:`,
    );
  }
  const quantifier = prefix === undefined ? 'single' : prefix === 'ForAllValues:' ? 'all' : 'any';
  return { operator, quantifier, ifExists: suffix !== undefined };
}

function membersOf(json: unknown, place: string): ReadonlyMap<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new PolicyProblem(`${place} is a JSON object`);
  }
  return new Map<string, unknown>(Object.entries(json));
}

/** One text or a list of texts; numbers and flags count as their text, as in IAM. */
function textsOf(json: unknown, place: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (list.length === 0) throw new PolicyProblem(`${place} is empty`);
  return list.map((one) => {
    if (typeof one !== 'string' && typeof one !== 'boolean' && typeof one !== 'number') {
      throw new PolicyProblem(`${place} is a text or a list of texts`);
    }
    const text = String(one);
    if (text.includes('${')) throw new PolicyProblem(`${place}: policy variables are not known here`);
    return text;
  });
}
