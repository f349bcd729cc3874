/** A request for a mosaic, as the gateway would make it. */
import { randomUUID } from 'node:crypto';
import { isoFromMjd } from '../../domain/time.ts';
import { policySnapshot, type StagePolicy } from '../../domain/stage-policies.ts';
import type { MosaicInput } from '../../workflows/contracts/mosaic.ts';
import { DEFAULT_MOSAIC_RECIPE } from '../../workflows/contracts/recipes.ts';

const TRANSIT_MJD = 61365.75;
const GROUP_DAYS = 309.24 / 86_400;

/** Policies whose retries follow at once, so that a test need not wait for them. */
export function quickPolicies(change: Partial<StagePolicy> = {}): MosaicInput['policies'] {
  const quick = Object.entries(policySnapshot()).map(([stage, policy]): [string, StagePolicy] => [
    stage,
    { ...policy, firstRetrySeconds: 0.02, longestRetrySeconds: 0.1, ...change },
  ]);
  return Object.fromEntries(quick);
}

/** A transit of 3C286 with `count` groups around it; group ids are the UTC seconds of their starts. */
export function aMosaicInput(count = 3, change: Partial<MosaicInput> = {}): MosaicInput {
  const first = TRANSIT_MJD - (count / 2) * GROUP_DAYS;
  const groups = Array.from({ length: count }, (_, index) => ({
    groupId: isoFromMjd(first + index * GROUP_DAYS, 0),
    version: 1,
  }));
  return {
    jobId: randomUUID(),
    mosaicGroupId: randomUUID(),
    target: {
      kind: 'transit',
      calibrator: '3C286',
      transitNumber: 9700,
      transitUtc: isoFromMjd(TRANSIT_MJD),
      transitMjd: TRANSIT_MJD,
      startMjd: first,
      endMjd: first + count * GROUP_DAYS,
      timespanMinutes: 50,
    },
    groups,
    recipe: DEFAULT_MOSAIC_RECIPE,
    name: '3C286_transit',
    requestedBy: 'test',
    priority: 3,
    policies: quickPolicies(),
    ...change,
  };
}
