import { format, resolveConfig } from 'prettier';
import { actionNames } from '../../../../infrastructure/local/swf/actions/handle.js';
import { eventReasons, failureCauses } from '../../../../infrastructure/local/swf/decisions/causes.js';
import { decisionTypes } from '../../../../infrastructure/local/swf/protocol/decisions.js';
import { faultNames } from '../../../../infrastructure/local/swf/protocol/faults.js';
import { eventTypes } from '../../../../infrastructure/local/swf/state/events.js';
import { behaviour, limits } from './tables.js';

/** Where the table stands, seen from this folder. */
export const coveragePath = '../../../../infrastructure/local/swf/COVERAGE.md';

/** Every cause and clock as `Event:CAUSE`. */
const reasons: readonly string[] = Object.entries({ ...failureCauses, ...eventReasons }).flatMap(
  ([event, causes]) => causes.map((cause) => `${event}:${cause}`),
);

/** Everything that the server's own registries name, by heading. */
const registries: Readonly<Record<string, readonly string[]>> = {
  Actions: actionNames,
  Decisions: [...decisionTypes].sort(),
  Events: Object.keys(eventTypes),
  'Causes and clocks': reasons,
  Faults: faultNames,
};

/** What no test of this suite shows, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  LambdaFunctionCompleted: 'never made: there are no functions',
  LambdaFunctionTimedOut: 'never made: there are no functions',
  'LambdaFunctionTimedOut:START_TO_CLOSE': 'never made: there are no functions',
  OperationNotPermittedFault: 'made by options only',
  ThrottlingException: 'made by options only',
  AccessDeniedException: 'made by options only',
  UnrecognizedClientException: 'made by options only',
  MissingAuthenticationToken: 'made by options only',
  ServiceUnavailable: 'made by options only',
  InternalFailure: 'made by options and by mistakes of this server',
};

const cases = Object.values({ ...behaviour, ...limits }).flat();

/** How many cases show something. */
function casesOf(name: string): number {
  return cases.filter(({ covers }) => covers.includes(name)).length;
}

/** Names that cases claim to show, but no registry knows. */
export function strangers(): string[] {
  const known = new Set(Object.values(registries).flat());
  return cases.flatMap(({ covers }) => covers).filter((name) => !known.has(name));
}

/** Names that no case shows and no reason excuses, and excuses that are not needed. */
export function gaps(): string[] {
  return Object.values(registries)
    .flat()
    .filter((name) => (casesOf(name) === 0) !== Object.hasOwn(elsewhere, name));
}

/** The table of everything with the number of tests for each, as Markdown. */
export async function coverageTable(): Promise<string> {
  const lines = [
    '# What the conformance tests show',
    '',
    `${cases.length} tests in \`tests/local/swf/conformance\`, each of which names what it shows and fails when that`,
    'does not pass over the line. The names come from the registries in the code. This file is generated:',
    '`npx vitest run tests/local/swf/conformance/coverage.test.ts -u` writes it anew, and without `-u` that test',
    'fails when it is stale.',
  ];
  for (const [heading, names] of Object.entries(registries)) {
    lines.push('', `## ${heading}: ${names.length}`, '', '| name | tests |', '| --- | ---: |');
    for (const name of names) {
      lines.push(`| \`${name}\` | ${elsewhere[name] ?? casesOf(name)} |`);
    }
  }
  const options = await resolveConfig(import.meta.filename);
  return format(`${lines.join('\n')}\n`, { ...options, parser: 'markdown' });
}
