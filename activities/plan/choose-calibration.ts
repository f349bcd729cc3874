/** Phase 6: the tables of every tile, and what is subtracted from it before it is cleaned. */
import { sightCalibrator } from '../../domain/calibrator-choice.ts';
import { setRefusal } from '../../domain/caltable-choice.ts';
import { MeridianError } from '../../domain/errors.ts';
import { calibrationSetOf, observedGroup, type CaltableSet, type ObservationGroup } from '../../registry/index.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { ChooseCalibration, TileSetup } from '../interfaces.ts';

/** A calibrator further from the pointing is not in the image and not in its sidelobes: nothing to subtract. */
const SUBTRACTED_WITHIN_DEG = 5;

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
    const subtracted = isInView(dependencies, calibrator, group) ? calibrator : null;
    setups.push({ groupId, groupVersion: version, msId, caltableIds, recipe, calibrator: subtracted });
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

function isInView({ catalog }: ActivityDependencies, name: string, group: ObservationGroup): boolean {
  const sighting = sightCalibrator(catalog.require(name), observedGroup(group));
  return sighting !== null && sighting.offsetDeg <= SUBTRACTED_WITHIN_DEG;
}
