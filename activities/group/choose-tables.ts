/** Caltables for one group: the nearest that serve it, or whether to wait for some. */
import { Context } from '@temporalio/activity';
import {
  chooseCalibration,
  DECLINATION_TOLERANCE_DEG,
  VALID_AFTER_HOURS,
  VALID_BEFORE_HOURS,
} from '../../domain/caltable-choice.ts';
import { groupWorkflowId } from '../../workflows/contracts/ids.ts';
import { calibrationSetOf, observedGroup, servesOthers, type ObservationGroup } from '../../registry/index.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { ChooseTables, TableChoice, TileSetup } from '../interfaces.ts';
import { subtractedCalibrator } from '../plan/subtracted-calibrator.ts';
import { formHash, inForm, stripForm } from '../strip-form.ts';

/** States of a job in which its group may still give tables. */
const UNDER_WAY: ReadonlySet<string> = new Set(['pending', 'running']);

export async function chooseTables(
  dependencies: ActivityDependencies,
  { groupId, version, msId, recipe, imageUncalibrated }: ChooseTables,
): Promise<TableChoice> {
  const { registry } = dependencies;
  const group = await registry.groups.require(groupId, version);
  const own = { groupId, groupVersion: version, msId, recipe };
  const tables = await nearestTables(dependencies, group);
  if (tables !== null) {
    const calibrator = subtractedCalibrator(dependencies.catalog, tables.calibrator, group);
    return inStripForm(dependencies, group, { ...own, caltableIds: tables.ids, calibrator });
  }
  const awaited = await tablesUnderWay(dependencies, group);
  if (awaited !== null) return { kind: 'wait', reason: awaited };
  if (!imageUncalibrated) return { kind: 'none', reason: 'no caltables serve the group' };
  return inStripForm(dependencies, group, { ...own, caltableIds: [], calibrator: null });
}

async function nearestTables({ registry }: ActivityDependencies, group: ObservationGroup) {
  const target = { midMjd: group.midMjd, pointingDecDeg: group.pointingDecDeg ?? Number.NaN };
  const sets = await registry.caltables.activeAt({ mjd: target.midMjd, decDeg: target.pointingDecDeg });
  const usable = sets.filter(servesOthers);
  const { choice } = chooseCalibration(usable.map(calibrationSetOf), target);
  const tables = usable.find(({ setId }) => setId === choice?.nearest.id)?.tables;
  return tables === undefined || choice === null
    ? null
    : { ids: tables.map(({ id }) => id), calibrator: choice.nearest.calibrator };
}

/** A group in which a calibrator transits, near enough in time and declination, whose work has not ended. */
async function tablesUnderWay({ registry }: ActivityDependencies, group: ObservationGroup): Promise<string | null> {
  const groups = await registry.groups.list({
    fromMjd: group.midMjd - VALID_AFTER_HOURS / 24,
    toMjd: group.midMjd + VALID_BEFORE_HOURS / 24,
    states: ['complete', 'incomplete'],
  });
  for (const other of groups) {
    if (other.hasCalibrator !== true || other.id === group.id || !isSameStrip(other, group)) continue;
    const job = await registry.jobs.findByWorkflow(groupWorkflowId(other.id, other.version));
    if (job === undefined || UNDER_WAY.has(job.status))
      return `a calibrator transits in ${other.id}, which is under way`;
  }
  return null;
}

const isSameStrip = (a: ObservationGroup, b: ObservationGroup): boolean =>
  Math.abs(observedGroup(a).pointingDecDeg - observedGroup(b).pointingDecDeg) <= DECLINATION_TOLERANCE_DEG;

/** The first tile of a strip sets beam and grid; the others wait for it. */
async function inStripForm(
  { registry }: ActivityDependencies,
  { pointingDecDeg }: ObservationGroup,
  setup: TileSetup,
): Promise<TableChoice> {
  const decDeg = pointingDecDeg ?? Number.NaN;
  const form = await stripForm(registry, decDeg, setup);
  if (form !== 'unset') return { kind: 'tile', setup: { ...setup, recipe: inForm(setup.recipe, form) } };
  const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
  const isFirst = await registry.transaction(async ({ strips }) =>
    strips.claimForm(await strips.idFor(decDeg), formHash(setup.recipe), workflowId),
  );
  if (isFirst) return { kind: 'tile', setup };
  return { kind: 'wait', reason: 'the first tile of the strip sets beam and grid' };
}
