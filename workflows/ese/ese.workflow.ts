/** A full search for scattering events, asked for by hand. */
import type { EventsFound } from '../../activities/interfaces.ts';
import { Calls } from '../common/calls.ts';
import { JobRun } from '../common/job-run.ts';
import { PhaseBoard } from '../common/phase-board.ts';
import type { EseInput } from '../contracts/ese.ts';

export async function eseWorkflow(input: EseInput): Promise<EventsFound> {
  const { jobId, sourceId, minSigma, preset, replay = false } = input;
  const calls = new Calls(input.policies);
  const board = new PhaseBoard('Search for scattering events', [{ name: 'detect', label: 'Search all nights' }]);
  const run = new JobRun({ rows: { jobId, mosaicGroupId: null }, calls, board });
  const what = sourceId === null ? 'all sources' : `source ${sourceId}`;
  return run.run(() =>
    run.phase('detect', () =>
      calls
        .registry(`Searching the light curves of ${what}`, 'detect')
        .detectEvents({ jobId, runId: null, sourceId, minSigma, preset, replay }),
    ),
  );
}
