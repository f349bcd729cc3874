/** `inspect`: what is in raw files, measurement sets and images, without changing anything. */
import { Command } from 'commander';
import type { InspectedFile } from '../../domain/generated/stages.ts';
import { MeridianError } from '../../domain/errors.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { bytes, fixed } from '../output/format.ts';
import { table } from '../output/table.ts';
import { existing } from '../stages/paths.ts';
import { inspectPaths } from '../stages/inspect-paths.ts';

interface Options {
  readonly readData?: boolean;
}

const frequency = (file: InspectedFile): string =>
  file.freq_min_hz === null || file.freq_max_hz === null
    ? '-'
    : `${fixed(file.freq_min_hz / 1e6, 1)}-${fixed(file.freq_max_hz / 1e6, 1)} MHz`;

function show(files: readonly InspectedFile[]): string {
  const rows = table(files, [
    { title: 'file', value: (row) => row.path.split('/').at(-1) },
    { title: 'kind', value: (row) => row.kind },
    { title: 'telescope', value: (row) => row.telescope_name },
    { title: 'start (UTC)', value: (row) => row.start_utc },
    { title: 'Dec', value: (row) => (row.pointing_dec_deg ?? row.phase_dec_deg)?.toFixed(3) },
    { title: 'frequency', value: frequency },
    { title: 'channels', value: (row) => row.n_freqs },
    { title: 'times', value: (row) => row.n_times },
    { title: 'antennas', value: (row) => row.n_antennas },
    { title: 'size', value: (row) => (row.size_bytes === null ? '-' : bytes(row.size_bytes)), align: 'right' },
  ]);
  const errors = files.filter(({ status }) => status === 'error').map((file) => `${file.path}: ${file.error ?? ''}`);
  return [rows, ...errors].join('\n');
}

async function inspect(options: Options, context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const paths = args.map((path) => existing('path', path));
  const files = await inspectPaths(paths, context, options.readData === true);
  const broken = files.filter(({ status }) => status === 'error');
  // One file that cannot be read is an error; among several the others are worth showing.
  if (files.length === 1 && broken[0] !== undefined) throw fileError(broken[0]);
  return { document: { files }, text: show(files), exitStatus: broken.length > 0 ? 2 : 0 };
}

const fileError = ({ path, error, error_code: code }: InspectedFile): MeridianError =>
  new MeridianError((code ?? 'FILE_UNREADABLE') as 'FILE_UNREADABLE', error ?? `${path} cannot be read`, {
    file: path,
  });

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description('show what is in raw files, measurement sets and FITS images')
    .argument('<path...>', 'files or measurement sets')
    .option('--read-data', 'also read the visibilities: finite and zero fractions, truncation');
  return runs<Options>(command, inspect);
}
