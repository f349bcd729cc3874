/** Decisions of a mosaic, each an activity: they may be improved without breaking the replay of what runs. */
import type { ActivityDependencies } from '../dependencies.ts';
import type { PlanActivities } from '../interfaces.ts';
import { admitUnits } from './admit-units.ts';
import { chooseCalibration } from './choose-calibration.ts';
import { planMosaic } from './plan-mosaic.ts';
import { verifyWindow } from './verify-window.ts';

export function createPlanActivities(dependencies: ActivityDependencies): PlanActivities {
  const { mosaicGroups } = dependencies.registry;
  return {
    verifyWindow: (input) => verifyWindow(dependencies, input),
    planMosaic: (input) => planMosaic(dependencies, input),
    chooseCalibration: (input) => chooseCalibration(dependencies, input),
    admitUnits: (input) => admitUnits(dependencies, input),

    async formGroup({ mosaicGroupId, members }) {
      await mosaicGroups.setMembers(mosaicGroupId, members);
      await mosaicGroups.advance(mosaicGroupId, 'formed');
    },

    async recordCalibration({ mosaicGroupId, caltableIds }) {
      await mosaicGroups.record(mosaicGroupId, { caltableIds });
      await mosaicGroups.advance(mosaicGroupId, 'calibrated');
    },
  };
}
