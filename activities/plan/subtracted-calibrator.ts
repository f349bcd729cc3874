/** Which calibrator is taken out of a tile's visibilities before it is cleaned, because it drifts through the beam. */
import { sightCalibrator } from '../../domain/calibrator-choice.ts';
import type { CalibratorCatalog } from '../../domain/calibrators.ts';
import { observedGroup, type ObservationGroup } from '../../registry/index.ts';

/** A calibrator further from the pointing is not in the image and not in its sidelobes: nothing to subtract. */
const SUBTRACTED_WITHIN_DEG = 5;

/** The calibrator's name where it is in view of the group, else null. */
export function subtractedCalibrator(catalog: CalibratorCatalog, name: string, group: ObservationGroup): string | null {
  const sighting = sightCalibrator(catalog.require(name), observedGroup(group));
  return sighting !== null && sighting.offsetDeg <= SUBTRACTED_WITHIN_DEG ? name : null;
}
