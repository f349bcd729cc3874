/** `convert` beside pyuvdata on the same group: time and memory, interleaved. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ConvertSpec } from '../../domain/generated/stages.ts';
import { figure } from './measure.ts';
import type { Figure } from './measure.ts';
import { stage } from './setting.ts';
import type { Setting } from './setting.ts';

interface Taken {
  readonly seconds: number;
  readonly peakBytes: number;
}

async function convert({ config }: Setting, spec: ConvertSpec): Promise<Taken> {
  const workdir = mkdtempSync(join(config.paths.home, 'bench-convert-'));
  try {
    const result = await stage(config, { stage: 'convert', spec, workdir });
    return { seconds: result.wall_seconds, peakBytes: result.peak_rss_bytes };
  } finally {
    rmSync(workdir, { recursive: true, force: true });
  }
}

/** Files of the first group: those with the earliest stamps. */
function filesOfOneGroup(incoming: string): string[] {
  const files = readdirSync(incoming).filter((name) => name.endsWith('.hdf5'));
  return files
    .sort()
    .slice(0, 16)
    .map((name) => join(incoming, name));
}

export async function convertFigures(setting: Setting): Promise<Figure[]> {
  const files = filesOfOneGroup(setting.incoming);
  const rounds = Math.max(1, Math.min(setting.pairs, 3));
  const taken: Record<'lean' | 'averaging' | 'pyuvdata', Taken[]> = { lean: [], averaging: [], pyuvdata: [] };
  for (let round = 0; round < rounds; round += 1) {
    setting.say(`convert, round ${round + 1} of ${rounds}`);
    taken.lean.push(await convert(setting, { files, max_channel_width_hz: null }));
    taken.averaging.push(await convert(setting, { files }));
    taken.pyuvdata.push(await convert(setting, { files, driver: 'pyuvdata', max_channel_width_hz: null }));
  }
  const secondsOf = (name: keyof typeof taken): number[] => taken[name].map(({ seconds }) => seconds);
  const bytesOf = (name: keyof typeof taken): number[] => taken[name].map(({ peakBytes }) => peakBytes / 1e9);
  const ratio = (a: readonly number[], b: readonly number[]): number[] =>
    a.map((value, index) => value / (b[index] ?? 1));
  return [
    figure('convert', 's', secondsOf('lean')),
    figure('convert, averaging', 's', secondsOf('averaging')),
    figure('convert by pyuvdata', 's', secondsOf('pyuvdata')),
    figure('pyuvdata / convert, time', 'times', ratio(secondsOf('pyuvdata'), secondsOf('lean')), { atLeast: 3 }),
    figure('pyuvdata / convert averaging, time', 'times', ratio(secondsOf('pyuvdata'), secondsOf('averaging')), {
      atLeast: 5,
    }),
    figure('convert / pyuvdata, memory', 'times', ratio(bytesOf('lean'), bytesOf('pyuvdata')), { atMost: 0.4 }),
    figure('convert, peak memory', 'GB', bytesOf('lean')),
  ];
}
