/** Sets of caltables as the domain chooses among them. */
import type { CalibrationSet } from '../../domain/caltable-choice.ts';
import type { CaltableSet } from '../../registry/index.ts';
import { worst } from '../verdicts.ts';

/** Quality is the median signal-to-noise of the gains: more is better. */
export function calibrationSetOf({ setId, tables }: CaltableSet): CalibrationSet {
  const [first] = tables;
  return {
    id: setId,
    calibrator: first?.calibrator ?? '',
    transitMjd: first?.transitMjd ?? Number.NaN,
    pointingDecDeg: first?.pointingDecDeg ?? Number.NaN,
    validity: { startMjd: first?.validStartMjd ?? Number.NaN, endMjd: first?.validEndMjd ?? Number.NaN },
    qa: worst(tables.map(({ qa }) => qa)),
    quality: tables.find(({ type }) => type === 'G')?.medianSnr ?? 0,
  };
}
