/** Decisions about one group of the stream. */
import type { ActivityDependencies } from '../dependencies.ts';
import type { GroupActivities } from '../interfaces.ts';
import { recordAbsence } from './absence.ts';
import { chooseTables } from './choose-tables.ts';

export const createGroupActivities = (dependencies: ActivityDependencies): GroupActivities => ({
  async planGroup({ groupId, version }) {
    const { calibrators } = await dependencies.registry.groups.require(groupId, version);
    return {
      transits: calibrators.map(({ name, transit_mjd: transitMjd }) => ({
        calibrator: String(name),
        transitMjd: Number(transitMjd),
      })),
    };
  },
  chooseTables: (input) => chooseTables(dependencies, input),
  recordAbsence: (input) => recordAbsence(dependencies, input),
});
