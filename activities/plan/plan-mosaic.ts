/** Phase 2: what the mosaic is made of, what of it is there, and where its calibration comes from. */
import type { ObservationGroup, Registry } from '../../registry/index.ts';
import type { MosaicInput, MosaicPlan, PlannedGroup } from '../../workflows/contracts/mosaic.ts';
import type { MsRecipe } from '../../workflows/contracts/recipes.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { findMeasurementSet } from '../unit-lookup.ts';
import { calibrationSource } from './calibration-source.ts';
import { requireGroups } from './observed.ts';

/** @throws MeridianError GROUP_NOT_FOUND, GROUP_INCOMPLETE, CALIBRATOR_NO_DATA or CALTABLE_MISSING with the reason */
export async function planMosaic(dependencies: ActivityDependencies, input: MosaicInput): Promise<MosaicPlan> {
  const { registry } = dependencies;
  const tiles = await requireGroups(registry, input.groups);
  const source = await calibrationSource(dependencies, input, tiles);
  const inside = tiles.some(({ id }) => id === source.group.groupId);
  const outside = inside ? [] : await requireGroups(registry, [source.group]);
  const all = [...tiles, ...outside].sort((a, b) => a.startMjd - b.startMjd);
  const groups = await Promise.all(
    all.map((group) => planned(registry, group, { recipe: input.recipe.ms, isTile: tiles.includes(group) })),
  );
  const decDeg = tiles[0]?.pointingDecDeg ?? Number.NaN;
  await registry.mosaicGroups.record(input.mosaicGroupId, { decDeg, calibratorGroupId: source.group.groupId });
  const { calibrator, transitMjd, caltableIds } = source;
  return { groups, decDeg, calibrator, transitMjd, caltableIds, calibratorGroupId: source.group.groupId, excluded: [] };
}

async function planned(
  registry: Registry,
  { id, version, midMjd }: ObservationGroup,
  { recipe, isTile }: { readonly recipe: MsRecipe; readonly isTile: boolean },
): Promise<PlannedGroup> {
  const ms = await findMeasurementSet(registry, { groupId: id, groupVersion: version, recipe });
  return { groupId: id, version, midMjd, msId: ms?.productId ?? null, isTile };
}
