/** One stage asked for by hand. */
import type { JobInput, JobResult } from '../contracts/job.ts';
import { Calls } from '../common/calls.ts';
import { JobRun } from '../common/job-run.ts';
import { PhaseBoard } from '../common/phase-board.ts';

export async function jobWorkflow(input: JobInput): Promise<JobResult> {
  const { stage, unit, jobId } = input;
  const calls = new Calls(input.policies);
  const board = new PhaseBoard(`${stage} ${unit}`, [{ name: stage, label: stage }]);
  const run = new JobRun({ rows: { jobId, mosaicGroupId: null }, calls, board });

  return run.run(() =>
    run.phase(stage, () =>
      calls.compute(stage, `${stage} ${unit}`).runJobStage({ jobId, stage, unit, spec: input.spec }),
    ),
  );
}
