/** A mosaic, from a window of time to a published product: eleven phases as data. */
import { setHandler } from '@temporalio/workflow';
import { MOSAIC_PHASES, type MosaicPhaseId } from '../../domain/phases.ts';
import { planQuery, type MosaicInput, type MosaicResult } from '../contracts/mosaic.ts';
import { describeTarget } from '../contracts/start.ts';
import { Calls } from '../common/calls.ts';
import { JobRun } from '../common/job-run.ts';
import { PhaseBoard } from '../common/phase-board.ts';
import { MosaicSteps } from './mosaic-steps.ts';

const PHASES = MOSAIC_PHASES.map(({ id, label }) => ({ name: id, label }));

export async function mosaicWorkflow(input: MosaicInput): Promise<MosaicResult> {
  const { jobId, mosaicGroupId } = input;
  const calls = new Calls(input.policies);
  const board = new PhaseBoard(`Mosaic ${input.name}: ${describeTarget(input.target)}`, PHASES);
  const run = new JobRun({ rows: { jobId, mosaicGroupId }, calls, board });
  const steps = new MosaicSteps({ input, calls, run });
  setHandler(planQuery, () => steps.plan);

  const step: Readonly<Record<MosaicPhaseId, () => Promise<void>>> = {
    find_transit: () => steps.findTransit(),
    plan: () => steps.makePlan(),
    ensure_ms: () => steps.ensureMeasurementSets(),
    form_group: () => steps.formGroup(),
    solve: () => steps.solve(),
    apply: () => steps.chooseCalibration(),
    image: () => steps.imageTiles(),
    mosaic: () => steps.buildMosaic(),
    qa: () => steps.judge(),
    publish: () => steps.publish(),
    confirm: () => steps.confirmPublished(),
  };

  return run.run(async () => {
    for (const { id } of MOSAIC_PHASES) await run.phase(id, step[id]);
    return steps.result();
  });
}
