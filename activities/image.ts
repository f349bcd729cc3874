/** A tile: imaged, checked against the catalogue, registered. */
import { calibratorModel } from '../domain/calibrators.ts';
import { MeridianError } from '../domain/errors.ts';
import type { ImageSpec } from '../domain/generated/stages.ts';
import { imageRow } from '../registry/index.ts';
import type { TileInput } from '../workflows/contracts/tile.ts';
import { applyTables } from './apply.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { dropFiles } from './intermediate.ts';
import type { TileActivities } from './interfaces.ts';
import { keepStripForm } from './strip-form.ts';
import { judgeImage } from './qa.ts';
import { outputOf, runStage } from './run-stage.ts';
import { imagingThreads } from './stage-limits.ts';
import { formOf, recordUnitProduct, tileRecipeHash } from './unit-lookup.ts';
import { verdictOf } from './verdicts.ts';

type ImageActivities = Pick<TileActivities, 'imageTile' | 'checkTile' | 'registerTile'>;

/** Files that a tile consists of, the main one first. */
const ROLES = ['image_pb', 'image', 'pb', 'residual'] as const;

export function createImageActivities(dependencies: ActivityDependencies): ImageActivities {
  const { registry } = dependencies;
  return {
    async imageTile(input) {
      const { groupId, groupVersion, msId, caltableIds, calibrator, jobIds, recipe } = input;
      // Found again, or made again if somebody who shared it has finished with it.
      const ms = await applyTables(dependencies, input, { isPrerequisite: true });
      const recipeHash = await tileRecipeHash(registry, input);
      const { products } = await runStage(dependencies, {
        stage: 'image',
        unit: groupId,
        spec: await imageSpec(dependencies, input, ms.path),
        inputHashes: [ms.sha256],
        inputBytes: ms.sizeBytes,
        jobIds,
        groupId,
        products: [
          {
            kind: 'image',
            roles: ROLES,
            optionalRoles: ['psf', 'picture'],
            parents: [ms.id],
            groupId,
            date: groupId.slice(0, 10),
            qa: ({ summary }) => verdictOf(summary.checks),
            row: ({ summary }) =>
              imageRow(summary, {
                name: groupId,
                groupId,
                groupVersion,
                msId,
                recipeHash,
                caltableIds,
                calibrator,
                qualityTier: recipe.quality_tier ?? 'standard',
              }),
          },
        ],
      });
      return { calibratedMsId: ms.id, tileId: outputOf(products, 'image_pb').id };
    },

    async checkTile({ groupId, tileId, jobIds }) {
      await judgeImage(dependencies, { productId: tileId, kind: 'tile', groupId, jobIds });
    },

    async registerTile({ groupId, tileId, calibratedMsId, msId, recipe }) {
      const tile = await registry.images.find(tileId);
      if (tile === undefined) throw new MeridianError('NOT_FOUND', `there is no tile ${tileId}`, { tile_id: tileId });
      await recordUnitProduct(registry, tileId);
      if (recipe !== undefined) await keepStripForm(registry, tile, recipe);
      if (calibratedMsId !== msId) await dropFiles(registry, calibratedMsId);
      return { tileId, groupId, qa: tile.qa, form: formOf(tile) };
    },
  };
}

async function imageSpec(
  { catalog, registry, compute }: ActivityDependencies,
  { groupId, recipe, calibrator, caltableIds }: TileInput,
  msPath: string,
): Promise<ImageSpec> {
  const [table] = await registry.caltables.findMany(caltableIds);
  const solvedOn = table?.calibrator;
  const model = calibrator === null ? null : calibratorModel(catalog.require(calibrator));
  const solvedModel = solvedOn === undefined ? null : calibratorModel(catalog.require(solvedOn));
  return {
    ...recipe,
    stage: 'image',
    ms: msPath,
    name: 'tile',
    calibrator: model,
    cores: imagingThreads(compute.cores),
    provenance: {
      group: groupId,
      ...(solvedOn === undefined ? {} : { calibrator: solvedOn, caltables: caltableIds.join(' ') }),
      ...(solvedModel?.flux_scale === undefined ? {} : { flux_scale: solvedModel.flux_scale }),
    },
  };
}
