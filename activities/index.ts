/** Every activity, on the parts that a worker gives them. */
import type { ActivityDependencies } from './dependencies.ts';
import { createApplyActivities } from './apply.ts';
import { createConvertActivities } from './convert.ts';
import { createStreamActivities } from './stream/stream.activities.ts';
import { createUnitActivities } from './ensure-unit.ts';
import { createEventActivities } from './events/events.activities.ts';
import { createFlagActivities } from './flag.ts';
import { createGroupActivities } from './group/group.activities.ts';
import { createImageActivities } from './image.ts';
import type { Activities } from './interfaces.ts';
import { createJobActivities } from './jobs.ts';
import { createMosaicActivities } from './mosaic.ts';
import { createPhotometryActivities } from './photometry/photometry.activities.ts';
import { createPlanActivities } from './plan/plan.activities.ts';
import { createPublishActivities } from './publish.ts';
import { createScanActivities } from './scan/scan.activities.ts';
import { createScheduleActivities } from './schedule/schedule.activities.ts';
import { createSolveActivities } from './solve.ts';
import { createStageJobActivities } from './stage-job/stage-job.activities.ts';
import { createUnitLookup } from './unit-lookup.ts';

export type { ActivityDependencies } from './dependencies.ts';
export type { Activities } from './interfaces.ts';

export function createActivities(dependencies: ActivityDependencies): Activities {
  const { client, queuePrefix, registry } = dependencies;
  return {
    ...createApplyActivities(dependencies),
    ...createConvertActivities(dependencies),
    ...createEventActivities(dependencies),
    ...createFlagActivities(dependencies),
    ...createGroupActivities(dependencies),
    ...createImageActivities(dependencies),
    ...createJobActivities(dependencies),
    ...createMosaicActivities(dependencies),
    ...createPhotometryActivities(dependencies),
    ...createPlanActivities(dependencies),
    ...createPublishActivities(dependencies),
    ...createScanActivities(dependencies),
    ...createScheduleActivities(dependencies),
    ...createSolveActivities(dependencies),
    ...createStageJobActivities(dependencies),
    ...createStreamActivities(dependencies),
    ...createUnitActivities({ client, queuePrefix, units: createUnitLookup(registry) }),
  };
}
