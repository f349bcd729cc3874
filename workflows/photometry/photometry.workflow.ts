/** Photometry of one product: measure, record, search for events. */
import type { PhotometryInput, PhotometryResult } from '../contracts/photometry.ts';
import { Calls } from '../common/calls.ts';
import { JobRun } from '../common/job-run.ts';
import { PhaseBoard } from '../common/phase-board.ts';

const PHASES = [
  { name: 'measure', label: 'Measure catalogue sources' },
  { name: 'record', label: 'Bring light curves up to date' },
  { name: 'detect', label: 'Search for scattering events' },
];

export async function photometryWorkflow(input: PhotometryInput): Promise<PhotometryResult> {
  const { jobId, runId, productId, config } = input;
  const calls = new Calls(input.policies);
  const board = new PhaseBoard(`Photometry of ${productId} with ${config.catalog}`, PHASES);
  const run = new JobRun({ rows: { jobId, mosaicGroupId: null }, calls, board });

  return run.run(async () => {
    const { photometryProductId } = await run.phase('measure', () =>
      calls.compute('photometry', 'Measuring catalogue sources').measurePhotometry({ runId, jobId }),
    );
    const recorded = await run.phase('record', () =>
      calls.registry('Writing measurements and light curves', 'plan').recordPhotometry({
        runId,
        jobId,
        photometryProductId,
      }),
    );
    await run.phase('detect', async () => {
      if (!config.detect_ese) return;
      await calls
        .registry('Searching for what the new night may have brought', 'detect')
        .detectEvents({ jobId, runId, sourceId: null, minSigma: null, preset: 'moderate' });
    });
    return recorded;
  });
}
