/** Sets of caltables as the domain chooses among them. */
import type { CalibrationSet } from '../../domain/caltable-choice.ts';
import type { CaltableSet } from '../../registry/index.ts';
import { worst } from '../verdicts.ts';

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
