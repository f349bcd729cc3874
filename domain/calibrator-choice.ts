/** Which calibrators a group holds, and which of them it can be solved on. */
import { DEG_PER_RAD } from './angles.ts';
import { apparentFrame, apparentPlace } from './apparent.ts';
import { beamTowards, type Dish, DSA110_DISH } from './beam.ts';
import { type Calibrator, calibratorFluxJy } from './calibrators.ts';
import type { Reason } from './grouping.ts';
import { separationDeg, type SkyPosition } from './sky.ts';
import { isoFromMjd } from './time.ts';
import { type TimeRange, type Transit, transitNearest } from './transits.ts';
import { beamAtTransit, MINIMUM_CALIBRATOR_BEAM } from './windows.ts';

/** S · PB that a calibrator must have. */
export const MINIMUM_APPARENT_FLUX_JY = 1;
/** Nothing is looked for beyond the first null of the beam (3.2° at 1.4 GHz) and some drift. */
const SEARCH_RADIUS_DEG = 5;

/** A group as far as its field of view goes. */
export interface Field extends TimeRange {
  readonly midMjd: number;
  readonly pointingDecDeg: number;
}

/** A calibrator as one group sees it. */
export interface Sighting {
  readonly calibrator: Calibrator;
  /** The transit nearest to the middle of the group. */
  readonly transit: Transit;
  /** Whether the transit lies in [start, end) of the group. */
  readonly transitInside: boolean;
  /** At the middle of the band. */
  readonly fluxJy: number;
  /** Power of the beam: at the transit if it is inside, else at the middle of the group. */
  readonly beam: number;
  readonly apparentFluxJy: number;
  /** From the pointing at the middle of the group. */
  readonly offsetDeg: number;
}

/** Direction of the pointing in the apparent frame at a time: on the meridian. */
const pointingAt = (lastRad: number, decDeg: number): SkyPosition => ({ raDeg: lastRad * DEG_PER_RAD, decDeg });

/** How a group sees a calibrator; null if the list gives it no flux at 20 cm. */
export function sightCalibrator(calibrator: Calibrator, field: Field, dish: Dish = DSA110_DISH): Sighting | null {
  const fluxJy = calibratorFluxJy(calibrator, dish.frequencyHz);
  if (fluxJy === null) return null;
  const frame = apparentFrame(field.midMjd);
  const pointing = pointingAt(frame.lastRad, field.pointingDecDeg);
  return sight({ calibrator, fluxJy, place: apparentPlace(calibrator.position, frame), pointing }, field, dish);
}

interface Candidate {
  readonly calibrator: Calibrator;
  readonly fluxJy: number;
  readonly place: SkyPosition;
  readonly pointing: SkyPosition;
}

function sight({ calibrator, fluxJy, place, pointing }: Candidate, field: Field, dish: Dish): Sighting {
  const transit = transitNearest(calibrator.position, field.midMjd);
  const transitInside = transit.mjd >= field.startMjd && transit.mjd < field.endMjd;
  const beam = transitInside ? beamAtTransit(transit, field, dish) : beamTowards(place, pointing, dish);
  const offsetDeg = separationDeg(place, pointing);
  return { calibrator, transit, transitInside, fluxJy, beam, apparentFluxJy: fluxJy * beam, offsetDeg };
}

/** Why a group is not one to solve this calibrator on, or null if it is. */
export function calibratorRefusal(sighting: Sighting): Reason | null {
  const { calibrator, transit, beam, apparentFluxJy } = sighting;
  if (!sighting.transitInside) {
    const when = isoFromMjd(transit.mjd, 0);
    return {
      code: 'CALIBRATOR_OUTSIDE_TIME',
      message: `${calibrator.name} transits at ${when} UTC, outside the group`,
    };
  }
  if (beam < MINIMUM_CALIBRATOR_BEAM) {
    const message = `${calibrator.name} is at ${beam.toFixed(2)} of the beam; ${MINIMUM_CALIBRATOR_BEAM} is needed`;
    return { code: 'CALIBRATOR_OUTSIDE_BEAM', message };
  }
  if (apparentFluxJy < MINIMUM_APPARENT_FLUX_JY) {
    const message = `${calibrator.name} has ${apparentFluxJy.toFixed(2)} Jy in the beam; ${MINIMUM_APPARENT_FLUX_JY} Jy is needed`;
    return { code: 'CALIBRATOR_UNSUITABLE', message };
  }
  return null;
}

/** Whether a calibrator can be solved on in a group: S · PB ≥ 1 Jy, PB ≥ 0.3, transit inside. */
export const hasCalibrator = (sighting: Sighting): boolean => calibratorRefusal(sighting) === null;

export interface FieldSearch {
  readonly dish: Dish;
  readonly minimumBeam: number;
  readonly minimumApparentFluxJy: number;
}

export const DEFAULT_FIELD_SEARCH: FieldSearch = {
  dish: DSA110_DISH,
  minimumBeam: MINIMUM_CALIBRATOR_BEAM,
  minimumApparentFluxJy: 0,
};

/** Calibrators in the beam of a group, brightest apparent flux first, ties by name. */
export function findCalibrators(
  calibrators: readonly Calibrator[],
  field: Field,
  search: FieldSearch = DEFAULT_FIELD_SEARCH,
): Sighting[] {
  const frame = apparentFrame(field.midMjd);
  const pointing = pointingAt(frame.lastRad, field.pointingDecDeg);
  const sightings: Sighting[] = [];
  for (const calibrator of calibrators) {
    const fluxJy = calibratorFluxJy(calibrator, search.dish.frequencyHz);
    if (fluxJy === null) continue;
    const place = apparentPlace(calibrator.position, frame);
    if (separationDeg(place, pointing) > SEARCH_RADIUS_DEG) continue;
    const found = sight({ calibrator, fluxJy, place, pointing }, field, search.dish);
    if (found.beam >= search.minimumBeam && found.apparentFluxJy >= search.minimumApparentFluxJy) sightings.push(found);
  }
  return sightings.sort(
    (a, b) => b.apparentFluxJy - a.apparentFluxJy || (a.calibrator.name < b.calibrator.name ? -1 : 1),
  );
}
