/** Rows as the domain judges them: the same for whoever asks. */
import type { CalibrationSet } from '../domain/caltable-choice.ts';
import { worst } from '../domain/states.ts';
import type { ObservedGroup } from '../domain/windows.ts';
import type { CaltableSet } from './caltables.ts';
import type { ObservationGroup } from './groups.ts';
import { CALTABLE_ORDER } from './product-rows.ts';

/** A group without declination (rejected before it was read) has NaN, which no declination is near. */
export const observedGroup = (group: ObservationGroup): ObservedGroup => ({
  id: group.id,
  startMjd: group.startMjd,
  endMjd: group.endMjd,
  midMjd: group.midMjd,
  pointingDecDeg: group.pointingDecDeg ?? Number.NaN,
  state: group.state,
  subbandCount: group.presentSubbands.length,
});

/**
 * Quality is the median signal-to-noise of the gains: more is better.
 *
 * @param set a set of the registry: it has at least one table
 */
export function calibrationSetOf({ setId, tables }: CaltableSet): CalibrationSet {
  const [first] = tables;
  if (first === undefined) throw new RangeError(`the set ${setId} has no table`);
  return {
    id: setId,
    calibrator: first.calibrator,
    transitMjd: first.transitMjd,
    pointingDecDeg: first.pointingDecDeg,
    validity: { startMjd: first.validStartMjd, endMjd: first.validEndMjd },
    qa: worst(tables.map(({ qa }) => qa)),
    quality: tables.find(({ type }) => type === 'G')?.medianSnr ?? 0,
  };
}

/** A whole solve, for other data than its own: a gain alone, or one every minute, would give plausible wrong fluxes. */
export const servesOthers = ({ tables }: CaltableSet): boolean =>
  CALTABLE_ORDER.every((type) => tables.some((table) => table.type === type && !table.ownMsOnly));
