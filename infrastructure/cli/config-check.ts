import * as E from 'fp-ts/lib/Either.js';
import { table } from '../../adapters/cli/table.js';
import { type AnySetting, readSettings, unknownSettings } from '../config/setting.js';
import { allSettings } from '../config/settings.js';
import type { Command } from './command.js';

const settings = {};

const shownOf = (value: string | undefined, { options }: AnySetting): string => {
  if (value === undefined) return options.fallback === undefined ? '' : '(default)';
  return options.secret === true ? '(secret, set)' : value.slice(0, 60);
};

/** `config check`: every setting of every role with what is wrong, all at once. */
export const configCheck = (environment: NodeJS.ProcessEnv): Command<typeof settings> => ({
  words: 'config check',
  shape: '',
  about: 'Show every setting of every role and check the values of this environment.',
  options: [],
  settings,
  run: () => {
    const read = readSettings(allSettings, environment);
    const unknown = unknownSettings(new Set(Object.keys(allSettings)), environment);
    const problems = [...(E.isLeft(read) ? read.left : []), ...unknown];
    const byName = new Map(problems.map(({ name, message }) => [name, message]));
    const list: ReadonlyArray<readonly [string, AnySetting]> = Object.entries(allSettings);
    const rows = list.map(([name, setting]) => [
      byName.has(name) ? 'wrong' : 'ok',
      name,
      shownOf(environment[name], setting),
      `${setting.options.about}: ${setting.options.shape}`,
    ]);
    const heads = ['', 'setting', 'value', 'meaning'];
    const json = {
      settings: list.map(([name, setting]) => ({ name, value: shownOf(environment[name], setting) })),
      problems,
    };
    if (problems.length === 0) return Promise.resolve({ json, text: table(heads, rows) });
    const lines = problems.map(({ message }) => message);
    const text = [table(heads, rows), '', ...lines, `${String(problems.length)} settings are wrong`].join(
      '\n',
    );
    return Promise.resolve({ json, text, failed: true });
  },
});
