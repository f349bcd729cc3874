/** One group of the stream, from its files to its tile; photometry follows the tile. */
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { TableChoice, TileSetup } from '../../activities/interfaces.ts';
import { Calls } from '../common/calls.ts';
import { describeFailure } from '../common/failures.ts';
import { JobRun } from '../common/job-run.ts';
import { PhaseBoard } from '../common/phase-board.ts';
import type { GroupInput, GroupResult } from '../contracts/group.ts';

const PHASES = [
  { name: 'ms', label: 'Measurement set' },
  { name: 'solve', label: 'Solve on calibrators that transit here' },
  { name: 'choose', label: 'Choose caltables' },
  { name: 'tile', label: 'Tile' },
];
const LOOK_AGAIN_SECONDS = 20;

export async function groupWorkflow(input: GroupInput): Promise<GroupResult> {
  const calls = new Calls(input.policies);
  const board = new PhaseBoard(`Group ${input.groupId}`, PHASES);
  const run = new JobRun({ rows: { jobId: input.jobId, mosaicGroupId: null }, calls, board });
  const steps = new GroupSteps(input, calls, run);
  return run.run(() => steps.all());
}

class GroupSteps {
  private readonly input: GroupInput;
  private readonly calls: Calls;
  private readonly run: JobRun;

  constructor(input: GroupInput, calls: Calls, run: JobRun) {
    this.input = input;
    this.calls = calls;
    this.run = run;
  }

  /** Whatever ends the group without a tile, its sources get a row with the reason. */
  async all(): Promise<GroupResult> {
    try {
      return await this.work();
    } catch (error) {
      const { message } = isCancellation(error) ? { message: 'the group was cancelled' } : describeFailure(error);
      await CancellationScope.nonCancellable(() => this.recordAbsence('failed', message));
      throw error;
    }
  }

  private async work(): Promise<GroupResult> {
    const { groupId } = this.input;
    const msId = await this.run.phase('ms', () => this.measurementSet());
    const solved = await this.run.phase('solve', () => this.solve(msId));
    const choice = await this.run.phase('choose', () => this.chooseTables(msId));
    if (choice.kind !== 'tile') {
      await this.recordAbsence('uncalibrated', choice.reason);
      this.run.say('choose', `no tile: ${choice.reason}`);
      return { groupId, msId, solved, tileId: null, qa: 'not_evaluated' };
    }
    const tile = await this.run.phase('tile', () => this.tile(choice.setup));
    return { groupId, msId, solved, tileId: tile.productId, qa: tile.qa };
  }

  private async measurementSet(): Promise<string> {
    const { groupId, version, recipe, priority, policies, jobId } = this.input;
    const input = { groupId, groupVersion: version, recipe: recipe.ms, minSubbands: recipe.minSubbands };
    const made = await this.calls
      .wait(`Waiting for the measurement set of ${groupId}`)
      .ensureUnit({ kind: 'ms', jobId, input: { ...input, priority, policies } });
    return made.productId;
  }

  /** A solve that fails leaves the group to other tables; it is told, and the group goes on. */
  private async solve(msId: string): Promise<string[]> {
    const { groupId, version, jobId } = this.input;
    const { transits } = await this.calls
      .registry('Looking for calibrators that transit here')
      .planGroup({ groupId, version });
    if (transits.length === 0) this.run.say('solve', 'no calibrator transits in this group');
    const solved: string[] = [];
    for (const { calibrator, transitMjd } of transits) {
      const request = { jobId, mosaicGroupId: null, groupId, msId, calibrator, transitMjd, force: false };
      try {
        const tables = await this.calls.compute('solve', `Solving on ${calibrator}`).solveCalibrator(request);
        solved.push(...tables.caltableIds);
      } catch (error) {
        if (isCancellation(error)) throw error;
        this.run.say('solve', `no tables of ${calibrator}: ${describeFailure(error).message}`);
      }
    }
    return solved;
  }

  /** Waits for tables that are on their way, up to the limit of the recipe. */
  private async chooseTables(msId: string): Promise<Exclude<TableChoice, { kind: 'wait' }>> {
    const { groupId, version, recipe } = this.input;
    const { image, imageUncalibrated, tableWaitSeconds } = recipe;
    for (let waited = 0; ; waited += LOOK_AGAIN_SECONDS) {
      const choice = await this.calls
        .registry('Choosing caltables', 'plan')
        .chooseTables({ groupId, version, msId, recipe: image, imageUncalibrated });
      if (choice.kind !== 'wait') return choice;
      if (waited >= tableWaitSeconds) return { kind: 'none', reason: `${choice.reason}; waited ${waited} s` };
      this.run.say('choose', `waiting: ${choice.reason}`);
      await sleep(LOOK_AGAIN_SECONDS * 1000);
    }
  }

  private tile(setup: TileSetup) {
    const { groupId, recipe, priority, policies, jobId } = this.input;
    const { photometry } = recipe;
    return this.calls.wait(`Waiting for the tile of ${groupId}`).ensureUnit({
      kind: 'tile',
      jobId,
      input: { ...setup, ...(photometry === undefined ? {} : { photometry }), priority, policies },
    });
  }

  private recordAbsence(status: 'failed' | 'uncalibrated', reason: string) {
    const { groupId, version, jobId, recipe } = this.input;
    if (recipe.photometry === null) return Promise.resolve({ nSources: 0 });
    return this.calls
      .registry(`Recording why ${groupId} has no measurements`)
      .recordAbsence({ groupId, version, jobId, status, reason });
  }
}
