/** Flagging, and the check that makes a measurement set the one that everybody starts from. */
import { MeridianError } from '../domain/errors.ts';
import { measurementSetRow } from '../registry/index.ts';
import { convert } from './convert.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { MsActivities } from './interfaces.ts';
import { dropFiles } from './intermediate.ts';
import { outputOf, runStage } from './run-stage.ts';
import { msRecipeHash, recordUnitProduct } from './unit-lookup.ts';

/** With more than this flagged nothing can be solved or imaged. */
const MOST_FLAGGED = 0.95;

export function createFlagActivities(dependencies: ActivityDependencies): Pick<MsActivities, 'flagMs' | 'commitMs'> {
  const { registry } = dependencies;
  return {
    async flagMs(input) {
      const { groupId, groupVersion, recipe, jobIds } = input;
      // Found again, or made again if somebody who shared it has finished with it.
      const raw = await convert(dependencies, input, { isPrerequisite: true });
      const { sizeBytes } = await registry.products.require(raw.id);
      const recipeHash = msRecipeHash(recipe);
      const { products } = await runStage(dependencies, {
        stage: 'flag',
        unit: groupId,
        spec: { stage: 'flag', ms: raw.path, ...recipe.flag },
        inputHashes: [raw.sha256],
        inputBytes: sizeBytes,
        jobIds,
        groupId,
        products: [
          {
            kind: 'ms',
            roles: ['ms'],
            parents: [raw.id],
            groupId,
            date: groupId.slice(0, 10),
            row: ({ summary }) =>
              measurementSetRow(summary.ms, { stage: 'flagged', groupId, groupVersion, recipeHash }),
          },
        ],
      });
      return { rawMsId: raw.id, msId: outputOf(products, 'ms').id };
    },

    async commitMs({ groupId, rawMsId, msId }) {
      const ms = await registry.measurementSets.find(msId);
      if (ms === undefined) throw new MeridianError('NOT_FOUND', `there is no measurement set ${msId}`);
      if (ms.flaggedFraction > MOST_FLAGGED) {
        const percent = (100 * ms.flaggedFraction).toFixed(1);
        const message = `${percent} % of ${groupId} are flagged; nothing is left to calibrate or image`;
        throw new MeridianError('DATA_ALL_FLAGGED', message, { group_id: groupId, flagged_percent: percent });
      }
      await registry.measurementSets.commit(msId);
      await recordUnitProduct(registry, msId);
      await dropFiles(registry, rawMsId);
      return { msId, groupId };
    },
  };
}
