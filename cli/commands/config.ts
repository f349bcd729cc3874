/** `config`: every setting, its value and where that comes from. */
import { Command } from 'commander';
import { SETTING_LEAVES, loadConfig } from '../../config/index.ts';
import type { ResolvedSetting } from '../../config/index.ts';
import { runs } from '../command.ts';
import type { CommandResult } from '../command.ts';
import { facts, table } from '../output/table.ts';

/** Variables of the launcher and of tests, which are no settings. */
const OTHER_VARIABLES = new Set(['MERIDIAN_HOME', 'MERIDIAN_PYTHON', 'MERIDIAN_APT', 'MERIDIAN_DEBUG']);

const withoutPassword = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/^(\w+:\/\/[^:@/]*):[^@]*@/, '$1:***@') : value;

/** Names that look like ours but set nothing: most likely a slip of the pen. */
function unknownVariables(): string[] {
  const known = new Set(SETTING_LEAVES.flatMap(({ variables }) => variables));
  return Object.keys(process.env).filter(
    (name) => name.startsWith('MERIDIAN_') && !known.has(name) && !OTHER_VARIABLES.has(name),
  );
}

const shown = ({ value }: ResolvedSetting): string => {
  if (value === undefined) return '-';
  return Array.isArray(value) ? value.join(':') || '-' : String(value as string | number);
};

function config(): Promise<CommandResult> {
  const { paths, settings, stagePolicies } = loadConfig();
  const safe = settings.map((setting) => ({ ...setting, value: withoutPassword(setting.value) }));
  const unknown = unknownVariables();
  const text = [
    facts([
      ['home', paths.home],
      ['file', paths.configFile],
    ]),
    '',
    table(safe, [
      { title: 'setting', value: (row) => row.name },
      { title: 'value', value: shown },
      { title: 'from', value: (row) => row.source },
      { title: 'meaning', value: (row) => row.description },
    ]),
    ...unknown.map((name) => `unknown variable ${name}: it sets nothing`),
  ].join('\n');
  const settingsDocument = safe.map(({ name, value, source }) => ({ name, value: value ?? null, source }));
  return Promise.resolve({
    document: {
      home: paths.home,
      config_file: paths.configFile,
      settings: settingsDocument,
      stage_policies: stagePolicies,
      unknown_variables: unknown,
    },
    text,
  });
}

export function configCommand(): Command {
  return runs(new Command('config').description('every setting, its value and where it comes from'), config);
}
