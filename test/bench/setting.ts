/** What the parts of the benchmark work with: a home with services, and a simulated transit. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { apiClient } from '../../api/client/client.ts';
import type { Gateway } from '../../cli/gateway/connect.ts';
import { pythonProgram, runStageLocally } from '../../activities/stage-runner/index.ts';
import { loadConfig } from '../../config/index.ts';
import type { MeridianConfig } from '../../config/index.ts';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { calibratorModel } from '../../domain/calibrators.ts';
import type { SimulateSummary, SpecOf, StageName, StageResult } from '../../domain/generated/stages.ts';
import { placeText } from '../../cli/stages/place-outputs.ts';

export type Scale = 'full' | 'small';

export interface Setting {
  readonly scale: Scale;
  /** Interleaved pairs of a comparison. */
  readonly pairs: number;
  readonly config: MeridianConfig;
  readonly gateway: Gateway;
  /** Folder with raw files of groups around a transit of 3C286. */
  readonly incoming: string;
  /** Ids of the groups in the order of time; each round of a comparison takes one that no round had. */
  readonly groups: readonly string[];
  readonly say: (line: string) => void;
}

const ARRAYS = {
  full: { channels_per_subband: 48 },
  small: { n_antennas: 40, channels_per_subband: 4 },
} as const;

const never = new AbortController().signal;

/** Runs one stage as a process of its own, without registry or workflow. */
export function stage<S extends StageName>(
  config: MeridianConfig,
  run: { readonly stage: S; readonly spec: SpecOf<S>; readonly workdir: string },
): Promise<StageResult<S>> {
  return runStageLocally(
    pythonProgram(config.paths),
    { ...run, cores: config.compute.cores, wallSeconds: 7200 },
    { signal: never, onProgress: () => undefined },
  );
}

/** Raw files of the benchmark, simulated once and kept; again when more groups are wanted. A full group is 2.1 GB. */
export async function rawFiles(
  scale: Scale,
  count: number,
  say: Setting['say'],
): Promise<{ incoming: string; groups: readonly string[] }> {
  const config = loadConfig();
  const folder = join(process.env['MERIDIAN_BENCH_DATA'] ?? join(config.paths.home, 'bench'), scale);
  const marker = join(folder, 'summary.json');
  const made = (): readonly string[] =>
    existsSync(marker) ? (JSON.parse(readFileSync(marker, 'utf8')) as SimulateSummary).group_ids : [];
  if (made().length < count) {
    say(`simulating ${count} groups (${scale})`);
    rmSync(folder, { recursive: true, force: true });
    const spec = {
      calibrator: calibratorModel(shippedCalibrators().require('3C286')),
      near_utc: '2026-01-25T12:00:00',
      n_groups: count,
      ...ARRAYS[scale],
    };
    const { summary } = await stage(config, { stage: 'simulate', spec, workdir: folder });
    placeText(JSON.stringify(summary), marker, true);
  }
  return { incoming: join(folder, 'incoming'), groups: made() };
}

/** The gateway of this home, whose services run. */
export function gateway(config: MeridianConfig): Gateway {
  const { gatewayUrl: url } = config;
  if (url === undefined) throw new Error('the services of the benchmark are not running');
  return { url, client: apiClient(url) };
}
