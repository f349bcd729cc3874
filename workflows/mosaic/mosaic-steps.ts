/** What each phase of a mosaic does. Decisions are made in activities; here is only what follows what. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { AdmitUnits, MosaicRows, TileSetup, UnitOutcome, UnitProduct } from '../../activities/interfaces.ts';
import type { MosaicPhaseId } from '../../domain/phases.ts';
import type { QaState } from '../../domain/states.ts';
import type { Calls } from '../common/calls.ts';
import type { JobRun } from '../common/job-run.ts';
import type { MosaicInput, MosaicPlan, MosaicResult, PlannedGroup } from '../contracts/mosaic.ts';
import { describeTarget } from '../contracts/start.ts';
import type { TileForm } from '../contracts/recipes.ts';
import { calibratorKey, decDegKey, groupIdKey, qaStateKey } from '../contracts/search-attributes.ts';
import { askForPhotometry } from '../common/photometry.ts';
import { UnitFanOut } from './unit-fan-out.ts';

export interface MosaicParts {
  readonly input: MosaicInput;
  readonly calls: Calls;
  readonly run: JobRun;
}

/** The state of one mosaic as its phases fill it. */
export class MosaicSteps {
  plan: MosaicPlan | null = null;
  private readonly parts: MosaicParts;
  private readonly rows: MosaicRows;
  /** Product id of the measurement set of each group. */
  private readonly msIds = new Map<string, string>();
  private caltableIds: readonly string[] = [];
  private setups: readonly TileSetup[] = [];
  private tileIds: readonly string[] = [];
  private mosaicId = '';
  private qa: QaState = 'not_evaluated';

  constructor(parts: MosaicParts) {
    this.parts = parts;
    this.rows = { jobId: parts.input.jobId, mosaicGroupId: parts.input.mosaicGroupId };
  }

  async findTransit(): Promise<void> {
    const { calls, input } = this.parts;
    await calls.registry('Checking the window and its groups', 'plan').verifyWindow(input);
    this.say('find_transit', `${describeTarget(input.target)}: ${input.groups.length} groups`);
  }

  async makePlan(): Promise<void> {
    const { calls, input } = this.parts;
    const plan = await calls.registry('Planning the mosaic', 'plan').planMosaic(input);
    this.plan = plan;
    const missing = plan.groups.filter(({ msId }) => msId === null).length;
    const tables = plan.caltableIds.length > 0 ? 'tables' : 'a solve';
    this.say('plan', `${missing} of ${plan.groups.length} groups to convert, ${tables} on ${plan.calibrator}`);
    upsertSearchAttributes([
      { key: calibratorKey, value: plan.calibrator },
      { key: decDegKey, value: plan.decDeg },
      { key: groupIdKey, value: plan.calibratorGroupId },
    ]);
  }

  /** Converts what is missing; a group that cannot be converted is left out if enough others are left. */
  async ensureMeasurementSets(): Promise<void> {
    const { groups } = this.made();
    const missing = groups.filter((group) => group.msId === null);
    for (const { groupId, msId } of groups) if (msId !== null) this.msIds.set(groupId, msId);
    const present = groups.length - missing.length;
    const fanOut = new UnitFanOut({ run: this.parts.run, phase: 'ensure_ms', total: groups.length, done: present });
    await fanOut.say(missing.length === 0 ? 'all are there' : `converting ${missing.length}`);
    const outcomes = await fanOut.all(missing, (group) => this.measurementSet(group));
    for (const outcome of outcomes) if (outcome.ok) this.msIds.set(outcome.groupId, outcome.productId);
    await this.admit('ms', [...this.presentSets(missing), ...outcomes]);
  }

  async formGroup(): Promise<void> {
    const members = this.made().groups.map(({ groupId, version, isTile }) => ({
      groupId,
      groupVersion: version,
      isTile,
      msId: this.msIdOf(groupId),
    }));
    const { calls } = this.parts;
    await calls.registry(`Forming a group of ${members.length}`).formGroup({ ...this.rows, members });
    this.say('form_group', `${members.length} measurement sets`);
  }

  /** Takes the tables of the plan, or solves on the measurement set in which the calibrator transits. */
  async solve(): Promise<void> {
    const { calls } = this.parts;
    const { caltableIds, calibrator, calibratorGroupId } = this.made();
    this.say(
      'solve',
      `${caltableIds.length > 0 ? 'taking tables of' : 'solving on'} ${calibrator} in ${calibratorGroupId}`,
    );
    this.caltableIds = caltableIds.length > 0 ? caltableIds : await this.solveCalibrator();
    await calls
      .registry('Recording the calibration')
      .recordCalibration({ ...this.rows, caltableIds: this.caltableIds });
  }

  /** Chooses and checks the tables of every tile; they are applied where the tile is made. */
  async chooseCalibration(): Promise<void> {
    const { calls, input, run } = this.parts;
    const { groups, calibrator, calibratorGroupId } = this.made();
    this.setups = await calls.registry('Choosing caltables for every tile', 'plan').chooseCalibration({
      ...this.rows,
      groups: groups.map((group) => ({ ...group, msId: this.msIdOf(group.groupId) })),
      calibrator,
      calibratorGroupId,
      caltableIds: this.caltableIds,
      recipe: input.recipe.image,
    });
    const count = this.setups.length;
    await run.report('apply', { done: count, total: count, message: `tables chosen for ${count} tiles` });
  }

  /** The calibrator's tile first: all the others take over its beam, cell and size. */
  async imageTiles(): Promise<void> {
    const { calibratorGroupId } = this.made();
    const { run } = this.parts;
    const fanOut = new UnitFanOut({ run, phase: 'image', total: this.setups.length, done: 0 });
    await fanOut.say(`imaging ${calibratorGroupId} first: the others take over its beam and grid`);
    const reference = this.setups.find((setup) => setup.groupId === calibratorGroupId);
    const first =
      reference === undefined ? null : await fanOut.one(calibratorGroupId, () => this.tile(reference, null));
    const others = this.setups.filter((setup) => setup !== reference);
    const outcomes = await fanOut.all(others, (setup) => this.tile(setup, first?.form ?? null));
    const ended: UnitOutcome[] = first === null ? outcomes : [{ ...first, ok: true }, ...outcomes];
    const { productIds } = await this.admit('tile', ended);
    this.tileIds = productIds;
  }

  async buildMosaic(): Promise<void> {
    const { calls, input } = this.parts;
    const { name, recipe } = input;
    this.say('mosaic', `combining ${this.tileIds.length} tiles`);
    const built = await calls
      .compute('mosaic', `Combining ${this.tileIds.length} tiles`)
      .buildMosaic({ ...this.rows, name, recipe, tileIds: this.tileIds, calibrator: this.made().calibrator });
    this.mosaicId = built.mosaicId;
  }

  async judge(): Promise<void> {
    const { calls } = this.parts;
    const { qa } = await calls
      .compute('qa', 'Comparing the mosaic with the catalogue')
      .judgeMosaic({ ...this.rows, mosaicId: this.mosaicId, excluded: this.made().excluded });
    this.qa = qa;
    this.say('qa', `verdict: ${qa}`);
    upsertSearchAttributes([{ key: qaStateKey, value: qa }]);
  }

  async publish(): Promise<void> {
    const { calls } = this.parts;
    await calls.publish('publish', 'Copying the mosaic').publishProduct({ ...this.rows, productId: this.mosaicId });
  }

  async confirmPublished(): Promise<void> {
    const { calls, input } = this.parts;
    await calls
      .publish('confirm', 'Reading the published files again')
      .confirmPublished({ ...this.rows, productId: this.mosaicId });
    const { photometry } = input.recipe;
    await askForPhotometry(calls, {
      productId: this.mosaicId,
      series: 'mosaic',
      ...(photometry === undefined ? {} : { photometry }),
      priority: input.priority,
      policies: input.policies,
    });
  }

  result(): MosaicResult {
    const { mosaicGroupId } = this.rows;
    const { mosaicId, qa, tileIds, caltableIds } = this;
    return { mosaicId, mosaicGroupId, qa, tileIds, caltableIds };
  }

  private say(phase: MosaicPhaseId, message: string): void {
    this.parts.run.say(phase, message);
  }

  private async solveCalibrator(): Promise<readonly string[]> {
    const { calls, input } = this.parts;
    const { calibrator, calibratorGroupId, transitMjd } = this.made();
    const solved = await calls.compute('solve', `Solving on ${calibrator} in ${calibratorGroupId}`).solveCalibrator({
      ...this.rows,
      groupId: calibratorGroupId,
      msId: this.msIdOf(calibratorGroupId),
      calibrator,
      transitMjd,
      force: input.recipe.forceCalibrator,
    });
    return solved.caltableIds;
  }

  private measurementSet({ groupId, version }: PlannedGroup): Promise<UnitProduct> {
    const { calls, input } = this.parts;
    const { recipe, priority, policies, jobId } = input;
    return calls.wait(`Waiting for the measurement set of ${groupId}`).ensureUnit({
      kind: 'ms',
      jobId,
      input: { groupId, groupVersion: version, recipe: recipe.ms, minSubbands: recipe.minSubbands, priority, policies },
    });
  }

  private tile(setup: TileSetup, form: TileForm | null): Promise<UnitProduct> {
    const { calls, input } = this.parts;
    const { priority, policies, jobId } = input;
    const recipe = form === null ? setup.recipe : { ...form, ...setup.recipe };
    return calls.wait(`Waiting for the tile of ${setup.groupId}`).ensureUnit({
      kind: 'tile',
      jobId,
      input: {
        ...setup,
        recipe,
        ...(input.recipe.photometry === undefined ? {} : { photometry: input.recipe.photometry }),
        priority,
        policies,
      },
    });
  }

  private presentSets(missing: readonly PlannedGroup[]): UnitOutcome[] {
    return this.made()
      .groups.filter((group) => !missing.includes(group))
      .map(({ groupId }) => ({ groupId, ok: true, productId: this.msIdOf(groupId), qa: 'not_evaluated' }));
  }

  /** Decides with which units the mosaic goes on; what is left out stays in the plan with its reason. */
  private async admit(kind: AdmitUnits['kind'], outcomes: readonly UnitOutcome[]): Promise<{ productIds: string[] }> {
    const { calls, input } = this.parts;
    const plan = this.made();
    const admitted = await calls
      .registry(kind === 'ms' ? 'Checking which groups take part' : 'Checking which tiles take part')
      .admitUnits({
        ...this.rows,
        kind,
        outcomes,
        groups: plan.groups,
        minTiles: input.recipe.minTiles,
        calibratorGroupId: plan.calibratorGroupId,
      });
    const out = new Set(admitted.excluded.map(({ groupId }) => groupId));
    this.plan = {
      ...plan,
      groups: plan.groups.filter(({ groupId }) => !out.has(groupId)),
      excluded: [...plan.excluded, ...admitted.excluded],
    };
    return { productIds: [...admitted.productIds] };
  }

  private made(): MosaicPlan {
    if (this.plan === null) throw new Error('the mosaic has no plan yet');
    return this.plan;
  }

  private msIdOf(groupId: string): string {
    const msId = this.msIds.get(groupId);
    if (msId === undefined) throw new Error(`group ${groupId} has no measurement set`);
    return msId;
  }
}
