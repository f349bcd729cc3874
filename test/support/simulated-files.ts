/** Subband files of a simulated sky. */
import { join } from 'node:path';
import { pythonProgram, runStageLocally } from '../../activities/stage-runner/index.ts';
import { homeFolder, homePaths } from '../../config/index.ts';
import type { SimulateSpec } from '../../domain/generated/stages.ts';

/** Groups so small that they are made in a second or two: what is in the sky does not matter. */
export const TINY: SimulateSpec = {
  stage: 'simulate',
  n_groups: 1,
  n_antennas: 4,
  channels_per_subband: 2,
  n_integrations: 4,
  pointing_dec_deg: 30.37,
  start_utc: '2026-11-20T06:00:00',
  sky: { catalog: 'none', extra_sources: [{ name: 'one', ra_deg: 150, dec_deg: 30, flux_jy: 1 }] },
};

/** Writes subband files below a folder; the folder that holds nothing else. */
export async function simulateFiles(workdir: string, spec: SimulateSpec): Promise<string> {
  const hooks = { signal: AbortSignal.timeout(120_000), onProgress: () => undefined };
  const program = pythonProgram(homePaths(homeFolder()));
  await runStageLocally(program, { stage: 'simulate', spec, workdir, cores: 1, wallSeconds: 120 }, hooks);
  return join(workdir, 'incoming');
}
