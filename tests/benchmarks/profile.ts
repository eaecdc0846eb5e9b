// Where a process spent its time: node dist/tests/benchmarks/profile.js FILE.cpuprofile…
// Self times by package or file and by function, in percent of the time in which the process did anything.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as t from 'io-ts';
import { table } from '../../adapters/cli/table.js';

const Profile = t.type({
  nodes: t.array(
    t.type({
      id: t.number,
      callFrame: t.type({ functionName: t.string, url: t.string, lineNumber: t.number }),
    }),
  ),
  samples: t.array(t.number),
  timeDeltas: t.array(t.number),
});
type Frame = t.TypeOf<typeof Profile>['nodes'][number]['callFrame'];

const idle = new Set(['(idle)', '(root)', '(program)']);
const mostShown = 25;

/** The package, the file of ours, or Node itself. */
const moduleOf = ({ url, functionName }: Frame): string => {
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined) return dependency;
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  if (url === '') return functionName.startsWith('(') ? functionName : 'native';
  return url.replace(/^.*\/dist\//, '');
};

const functionOf = (frame: Frame): string =>
  `${frame.functionName || '(anonymous)'}  ${moduleOf(frame)}:${String(frame.lineNumber + 1)}`;

const shares = (times: ReadonlyMap<string, number>, whole: number): string =>
  table(
    ['share', 'ms', ''],
    [...times]
      .sort(([, left], [, right]) => right - left)
      .slice(0, mostShown)
      .map(([name, time]) => [`${((100 * time) / whole).toFixed(1)} %`, (time / 1000).toFixed(0), name]),
    new Set([0, 1]),
  );

const summaryOf = (text: string): string => {
  const profile: unknown = JSON.parse(text);
  if (!Profile.is(profile)) throw new Error('it is no processor profile');
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const modules = new Map<string, number>();
  const functions = new Map<string, number>();
  let whole = 0;
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    const time = profile.timeDeltas[index] ?? 0;
    if (frame === undefined || idle.has(frame.functionName)) continue;
    whole += time;
    modules.set(moduleOf(frame), (modules.get(moduleOf(frame)) ?? 0) + time);
    functions.set(functionOf(frame), (functions.get(functionOf(frame)) ?? 0) + time);
  }
  return [`${(whole / 1e6).toFixed(1)} s at work`, shares(modules, whole), shares(functions, whole)].join(
    '\n\n',
  );
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of process.argv.slice(2)) {
    const summary = summaryOf(await readFile(file, 'utf8'));
    process.stdout.write(`\n== ${basename(file)}: ${summary}\n`);
  }
}
