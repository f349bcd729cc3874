/** Groups of the registry as the domain judges them. */
import type { ObservedGroup } from '../../domain/windows.ts';
import type { ObservationGroup } from '../../registry/index.ts';

/** A group as `domain/windows.ts` knows it; a group without declination (rejected before it was read) has NaN. */
export const observedGroup = (group: ObservationGroup): ObservedGroup => ({
  id: group.id,
  startMjd: group.startMjd,
  endMjd: group.endMjd,
  midMjd: group.midMjd,
  pointingDecDeg: group.pointingDecDeg ?? Number.NaN,
  state: group.state,
  subbandCount: group.presentSubbands.length,
});
