/** Where the calibration of a mosaic comes from: a transit to be solved on, or tables that are there. */
import { findCalibrators, hasCalibrator, type Sighting } from '../../domain/calibrator-choice.ts';
import { unsuitability } from '../../domain/calibrators.ts';
import {
  chooseCalibration,
  DECLINATION_TOLERANCE_DEG,
  VALID_AFTER_HOURS,
  VALID_BEFORE_HOURS,
} from '../../domain/caltable-choice.ts';
import { MeridianError } from '../../domain/errors.ts';
import { isoFromMjd } from '../../domain/time.ts';
import { groupOfTransit, type ObservedGroup } from '../../domain/windows.ts';
import { calibrationSetOf, observedGroup, servesOthers, type ObservationGroup } from '../../registry/index.ts';
import type { GroupRef, MosaicInput } from '../../workflows/contracts/mosaic.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export interface CalibrationSource {
  readonly calibrator: string;
  readonly transitMjd: number;
  /** Group in which the calibrator transits. */
  readonly group: GroupRef;
  /** Tables that are there; empty: they have to be solved. */
  readonly caltableIds: readonly string[];
}

/**
 * The transit of the request; else a transit within the window; else valid tables of the registry; else the nearest
 * transit whose tables would be valid.
 *
 * @throws MeridianError CALTABLE_MISSING when there is none of these
 */
export async function calibrationSource(
  dependencies: ActivityDependencies,
  { target, recipe }: MosaicInput,
  groups: readonly ObservationGroup[],
): Promise<CalibrationSource> {
  if (target.kind === 'transit') return ofTransit(target, groups);
  const middleMjd = (target.startMjd + target.endMjd) / 2;
  const decDeg = groups[0]?.pointingDecDeg ?? Number.NaN;
  const found =
    brightest(transitsIn(dependencies, groups, recipe.forceCalibrator)) ??
    (await fromRegistry(dependencies, middleMjd, decDeg)) ??
    nearest(await transitsAround(dependencies, middleMjd, decDeg), middleMjd);
  if (found !== null) return found;
  const when = isoFromMjd(middleMjd, 0);
  const message = `no calibrator transits within reach of ${when} at Dec ${decDeg.toFixed(2)}°, and no table is valid`;
  throw new MeridianError('CALTABLE_MISSING', message, { dec_deg: decDeg });
}

function ofTransit(
  { calibrator, transitMjd }: { readonly calibrator: string; readonly transitMjd: number },
  groups: readonly ObservationGroup[],
): CalibrationSource {
  const found = groupOfTransit(groups.map(observedGroup), transitMjd);
  const group = groups.find(({ id }) => id === found?.group.id);
  if (group !== undefined) return { calibrator, transitMjd, group: refOf(group), caltableIds: [] };
  const message = `no group of the request holds the transit of ${isoFromMjd(transitMjd, 0)}`;
  throw new MeridianError('CALIBRATOR_NO_DATA', message, { calibrator });
}

const refOf = ({ id, version }: ObservationGroup): GroupRef => ({ groupId: id, version });

interface TransitInGroup {
  readonly sighting: Sighting;
  readonly group: ObservationGroup;
}

/** Transits that can be solved on, in any of these groups. */
function transitsIn(
  { catalog }: ActivityDependencies,
  groups: readonly ObservationGroup[],
  force: boolean,
): TransitInGroup[] {
  return groups.flatMap((group) =>
    findCalibrators(catalog.all, observedGroup(group))
      .filter((sighting) => hasCalibrator(sighting) && (force || unsuitability(sighting.calibrator) === null))
      .map((sighting) => ({ sighting, group })),
  );
}

const sourceOf = ({ sighting, group }: TransitInGroup): CalibrationSource => ({
  calibrator: sighting.calibrator.name,
  transitMjd: sighting.transit.mjd,
  group: refOf(group),
  caltableIds: [],
});

function brightest(transits: readonly TransitInGroup[]): CalibrationSource | null {
  const [best] = [...transits].sort((a, b) => b.sighting.apparentFluxJy - a.sighting.apparentFluxJy);
  return best === undefined ? null : sourceOf(best);
}

function nearest(transits: readonly TransitInGroup[], mjd: number): CalibrationSource | null {
  const away = ({ sighting }: TransitInGroup): number => Math.abs(sighting.transit.mjd - mjd);
  const [best] = [...transits].sort((a, b) => away(a) - away(b));
  return best === undefined ? null : sourceOf(best);
}

async function fromRegistry(
  { registry }: ActivityDependencies,
  midMjd: number,
  decDeg: number,
): Promise<CalibrationSource | null> {
  const sets = (await registry.caltables.activeAt({ mjd: midMjd, decDeg })).filter(servesOthers);
  const { choice } = chooseCalibration(sets.map(calibrationSetOf), { midMjd, pointingDecDeg: decDeg });
  const tables = sets.find(({ setId }) => setId === choice?.nearest.id)?.tables;
  const [first] = tables ?? [];
  if (tables === undefined || first?.groupId == null || first.groupVersion === null) return null;
  return {
    calibrator: first.calibrator,
    transitMjd: first.transitMjd,
    group: { groupId: first.groupId, version: first.groupVersion },
    caltableIds: tables.map(({ id }) => id),
  };
}

/** Transits in complete groups of the same declination whose tables would be valid at a time. */
async function transitsAround(
  dependencies: ActivityDependencies,
  midMjd: number,
  decDeg: number,
): Promise<TransitInGroup[]> {
  const groups = await dependencies.registry.groups.list({
    fromMjd: midMjd - VALID_AFTER_HOURS / 24,
    toMjd: midMjd + VALID_BEFORE_HOURS / 24,
    states: ['complete'],
  });
  // The scan has looked for calibrators in every group; here only those that have one are looked at again.
  const sameStrip = groups.filter((group) => group.hasCalibrator === true && isNear(observedGroup(group), decDeg));
  return transitsIn(dependencies, sameStrip, false);
}

const isNear = (group: ObservedGroup, decDeg: number): boolean =>
  Math.abs(group.pointingDecDeg - decDeg) <= DECLINATION_TOLERANCE_DEG;
