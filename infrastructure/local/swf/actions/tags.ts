import { unknownDomain, type Fault } from '../protocol/faults.js';
import type { listTagsForResource, tagResource, untagResource } from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import type { Domain, Frozen, State } from '../state/state.js';
import type { Found } from './lookups.js';
import { accepted, answered, refused, type Call, type Outcome } from './outcome.js';

/** Tags of one domain. */
export const mostTags = 50;

/** A domain would have more tags than it may. */
export const tooManyTags: Fault = {
  name: 'TooManyTagsFault',
  message: `A domain has at most ${mostTags} tags`,
};

/** Domains are the only resources that have tags. */
export function domainArn({ region, account }: Pick<Call, 'region' | 'account'>, name: string): string {
  return `arn:aws:swf:${region}:${account}:/domain/${name}`;
}

/** Adds tags, and replaces the values of keys that are there. */
export function tag(state: Frozen<State>, input: Satisfying<typeof tagResource>, call: Call): Outcome {
  const domain = domainOfArn(state, input.resourceArn, call);
  if ('fault' in domain) return refused(domain.fault);
  const { name, tags } = domain.found;
  const keys = new Set([...tags.keys(), ...input.tags.map(({ key }) => key)]);
  if (keys.size > mostTags) return refused(tooManyTags);
  return accepted([
    { type: 'domainTagged', name, tags: input.tags.map(({ key, value }) => ({ key, value })) },
  ]);
}

/** Keys that are not there do not matter. */
export function untag(state: Frozen<State>, input: Satisfying<typeof untagResource>, call: Call): Outcome {
  const domain = domainOfArn(state, input.resourceArn, call);
  if ('fault' in domain) return refused(domain.fault);
  return accepted([{ type: 'domainUntagged', name: domain.found.name, keys: input.tagKeys }]);
}

/** In the order in which their keys were first given. */
export function list(
  state: Frozen<State>,
  input: Satisfying<typeof listTagsForResource>,
  call: Call,
): Outcome {
  const domain = domainOfArn(state, input.resourceArn, call);
  if ('fault' in domain) return refused(domain.fault);
  return answered({ tags: [...domain.found.tags].map(([key, value]) => ({ key, value })) });
}

/** The domain of this region and account that an ARN names. */
function domainOfArn(state: Frozen<State>, arn: string, call: Call): Found<Frozen<Domain>> {
  const prefix = domainArn(call, '');
  if (!arn.startsWith(prefix)) {
    return { fault: { name: 'UnknownResourceFault', message: `Unknown resource: ${arn}` } };
  }
  const name = arn.slice(prefix.length);
  const found = state.domains.get(name);
  return found === undefined ? { fault: unknownDomain(name) } : { found };
}
