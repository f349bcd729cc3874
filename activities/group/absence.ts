/** A group without a tile: what was expected in it, and why it was not measured. */
import { apparentFrame, pointingIcrs } from '../../domain/apparent.ts';
import { BAND_CENTRE_HZ } from '../../domain/beam.ts';
import { AUTOMATIC_PHOTOMETRY } from '../../workflows/contracts/photometry.ts';
import type { ObservationGroup } from '../../registry/index.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { RecordAbsence } from '../interfaces.ts';
import { expectedSources, type Field } from '../photometry/field.ts';
import { nightRows } from '../photometry/nights.ts';
import { measurementRow, type RunFacts } from '../photometry/rows.ts';
import { updateStatistics } from '../photometry/statistics.ts';
import { NOT_NORMALIZED } from '../photometry/scale.ts';

/** Writes a row for every expected source; a group that has measurements already keeps them. */
export async function recordAbsence(
  { registry }: Pick<ActivityDependencies, 'registry'>,
  { groupId, version, jobId, status, reason }: RecordAbsence,
): Promise<{ readonly nSources: number }> {
  const group = await registry.groups.require(groupId, version);
  const field = fieldOfGroup(group);
  if (field === null) {
    await registry.groups.markAccounted({ id: groupId, version });
    return { nSources: 0 };
  }
  const sources = await expectedSources(registry, field, AUTOMATIC_PHOTOMETRY);
  return registry.transaction(async ({ photometry, variability, strips, groups, events }) => {
    await groups.markAccounted({ id: groupId, version });
    const known = await photometry.ofEpoch('tile', groupId);
    if (known.some(({ fluxJy }) => fluxJy !== null)) return { nSources: 0 };
    const stripId = await strips.idFor(field.stripDecDeg);
    const facts: RunFacts = { field, runId: null, jobId, stripId, calibratorPosition: null };
    const rows = sources.map((source) =>
      measurementRow({ source, found: { kind: 'none', status, reason } }, facts, NOT_NORMALIZED),
    );
    await photometry.replace([{ series: 'tile', epoch: groupId, rows, reason }]);
    const nights = await nightRows({ photometry }, rows);
    await photometry.replace(nights);
    await updateStatistics(
      { variability },
      stripId,
      nights.flatMap((night) => night.rows),
    );
    await events.append({
      kind: 'photometry.absent',
      jobId,
      groupId,
      message: `${rows.length} sources without measurement: ${reason}`,
      payload: { status },
    });
    return { nSources: rows.length };
  });
}

/** Where the group looked; null for one without declination: nobody can say what was expected. */
function fieldOfGroup({ id, midMjd, pointingDecDeg, tier }: ObservationGroup): Field | null {
  if (pointingDecDeg === null) return null;
  return {
    series: 'tile',
    product: null,
    centers: [pointingIcrs(pointingDecDeg, apparentFrame(midMjd))],
    nuEffHz: BAND_CENTRE_HZ,
    midMjd,
    epoch: id,
    groupId: id,
    stripDecDeg: pointingDecDeg,
    tier: 'none',
    caltableId: null,
    calibrator: null,
    ownCalibrationAntennas: null,
    quickLook: tier === 'quick_look',
    qa: 'not_evaluated',
  };
}
