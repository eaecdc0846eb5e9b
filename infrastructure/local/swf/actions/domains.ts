import type { Satisfying } from '../protocol/rules.js';
import type { listDomains, nameOfDomain, registerDomain } from '../protocol/requests.js';
import type { Domain, Frozen, State } from '../state/state.js';
import { domainNamed } from './lookups.js';
import { accepted, answered, refused, type Call, type Outcome } from './outcome.js';
import { pageOf } from './paging.js';
import { domainArn, mostTags, tooManyTags } from './tags.js';

const mostDomains = 100;

/** Names are never free again: a deprecated domain still has its own. */
export function register(state: Frozen<State>, input: Satisfying<typeof registerDomain>): Outcome {
  const { name, description, workflowExecutionRetentionPeriodInDays: retention, tags = [] } = input;
  if (state.domains.has(name)) return refused({ name: 'DomainAlreadyExistsFault', message: name });
  if (new Set(tags.map(({ key }) => key)).size > mostTags) return refused(tooManyTags);
  if (state.domains.size >= mostDomains) {
    return refused({ name: 'LimitExceededFault', message: `A region has at most ${mostDomains} domains` });
  }
  return accepted([{ type: 'domainRegistered', name, description, retention, tags }]);
}

/** Deprecates the domain with all its types; what runs in it runs on. */
export function deprecate(state: Frozen<State>, input: Satisfying<typeof nameOfDomain>, call: Call): Outcome {
  const domain = domainNamed(state, input.name);
  if ('fault' in domain) return refused(domain.fault);
  if (domain.found.status === 'DEPRECATED') {
    return refused({ name: 'DomainDeprecatedFault', message: input.name });
  }
  return accepted([{ type: 'domainDeprecated', name: input.name, at: call.now }]);
}

/** Its types stay deprecated; each can be undeprecated. */
export function undeprecate(state: Frozen<State>, input: Satisfying<typeof nameOfDomain>): Outcome {
  const domain = domainNamed(state, input.name);
  if ('fault' in domain) return refused(domain.fault);
  if (domain.found.status === 'REGISTERED') {
    return refused({ name: 'DomainAlreadyExistsFault', message: input.name });
  }
  return accepted([{ type: 'domainUndeprecated', name: input.name }]);
}

/** A domain in either status. */
export function describe(state: Frozen<State>, input: Satisfying<typeof nameOfDomain>, call: Call): Outcome {
  const domain = domainNamed(state, input.name);
  if ('fault' in domain) return refused(domain.fault);
  return answered({
    domainInfo: infoOf(domain.found, call),
    configuration: { workflowExecutionRetentionPeriodInDays: domain.found.retention },
  });
}

/** Ascending by name; reverse order descends. */
export function list(state: Frozen<State>, input: Satisfying<typeof listDomains>, call: Call): Outcome {
  const rows = [...state.domains.values()]
    .filter((domain) => domain.status === input.registrationStatus)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const page = pageOf('ListDomains', input, call.now, rows, (row) => [row.name], input.reverseOrder ?? false);
  if ('fault' in page) return refused(page.fault);
  return answered({
    domainInfos: page.rows.map((row) => infoOf(row, call)),
    nextPageToken: page.nextPageToken,
  });
}

function infoOf(domain: Frozen<Domain>, call: Call): object {
  return {
    name: domain.name,
    status: domain.status,
    description: domain.description,
    arn: domainArn(call, domain.name),
  };
}
