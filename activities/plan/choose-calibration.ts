/** Phase 6: the tables of every tile, and what is subtracted from it before it is cleaned. */
import { setRefusal } from '../../domain/caltable-choice.ts';
import { MeridianError } from '../../domain/errors.ts';
import { calibrationSetOf, type CaltableSet, type ObservationGroup } from '../../registry/index.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { ChooseCalibration, TileSetup } from '../interfaces.ts';
import { inForm, stripForm } from '../strip-form.ts';
import { subtractedCalibrator } from './subtracted-calibrator.ts';

/** @throws MeridianError CALTABLE_MISSING, CALTABLE_MISMATCH or CALIBRATION_BAD naming the group it concerns */
export async function chooseCalibration(
  dependencies: ActivityDependencies,
  { groups, calibrator, caltableIds, recipe }: ChooseCalibration,
): Promise<TileSetup[]> {
  const { registry } = dependencies;
  const tables = await registry.caltables.findMany(caltableIds);
  const [first] = tables;
  if (first === undefined || tables.length < caltableIds.length) {
    throw new MeridianError('CALTABLE_MISSING', `caltables of ${calibrator} are gone; solve it again`, { calibrator });
  }
  const set: CaltableSet = { setId: first.setId, tables };
  const setups: TileSetup[] = [];
  for (const { groupId, version, msId } of groups) {
    const group = await registry.groups.require(groupId, version);
    requireServes(set, group);
    const form = await stripForm(registry, group.pointingDecDeg ?? Number.NaN, { msId, caltableIds, recipe });
    setups.push({
      groupId,
      groupVersion: version,
      msId,
      caltableIds,
      recipe: inForm(recipe, form),
      calibrator: subtractedCalibrator(dependencies.catalog, calibrator, group),
    });
  }
  return setups;
}

function requireServes(set: CaltableSet, group: ObservationGroup): void {
  const target = { midMjd: group.midMjd, pointingDecDeg: group.pointingDecDeg ?? Number.NaN };
  const refusal = setRefusal(calibrationSetOf(set), target);
  if (refusal === null) return;
  throw new MeridianError(refusal.code, `the tables do not serve ${group.id}: ${refusal.message}`, {
    group_id: group.id,
  });
}
