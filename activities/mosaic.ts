/** Tiles into a mosaic, and the mosaic judged. */
import { MeridianError } from '../domain/errors.ts';
import type { MosaicTile } from '../domain/generated/stages.ts';
import { worst } from '../domain/states.ts';
import { mosaicRow, type Image, type Product } from '../registry/index.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { MosaicActivities } from './interfaces.ts';
import { judgeImage } from './qa.ts';
import { outputOf, runStage } from './run-stage.ts';
import { complaints, verdictOf } from './verdicts.ts';

const ROLES = ['mosaic', 'weight', 'coverage'] as const;
const TILE_ROLES = ['image_pb', 'image', 'pb'] as const;

export function createMosaicActivities(
  dependencies: ActivityDependencies,
): Pick<MosaicActivities, 'buildMosaic' | 'judgeMosaic'> {
  const { registry } = dependencies;
  return {
    async buildMosaic({ jobId, mosaicGroupId, name, recipe, tileIds, calibrator }) {
      const tiles = await tilesOf(dependencies, tileIds);
      const { products } = await runStage(dependencies, {
        stage: 'mosaic',
        unit: mosaicGroupId,
        spec: {
          stage: 'mosaic',
          name: 'mosaic',
          tiles: tiles.map(mosaicTile),
          method: recipe.method,
          backend: recipe.backend,
          ignore_validation: recipe.ignoreValidation,
          provenance: { calibrator, name },
        },
        inputHashes: tiles.flatMap(({ product }) => TILE_ROLES.map((role) => fileOf(product, role).sha256)),
        inputBytes: tiles.reduce((sum, { product }) => sum + product.sizeBytes, 0),
        jobIds: [jobId],
        products: [
          {
            kind: 'mosaic',
            roles: ROLES,
            optionalRoles: ['mjd', 'pb', 'picture'],
            parents: tileIds,
            ...(tiles[0]?.image.groupId == null ? {} : { date: tiles[0].image.groupId.slice(0, 10) }),
            qa: ({ summary }) => verdictOf(summary.checks),
            row: ({ summary }) => mosaicRow(summary, { name, mosaicGroupId, calibrator }),
          },
        ],
      });
      const mosaicId = outputOf(products, 'mosaic').id;
      await registry.mosaicGroups.record(mosaicGroupId, { mosaicId });
      await registry.mosaicGroups.advance(mosaicGroupId, 'mosaicked');
      return { mosaicId };
    },

    async judgeMosaic({ jobId, mosaicId, excluded }) {
      const judged = await judgeImage(dependencies, { productId: mosaicId, kind: 'mosaic', jobIds: [jobId] });
      // A mosaic that lacks a group of its window is no longer what was asked for.
      const qa = excluded.length > 0 ? worst([judged.verdict, 'warn']) : judged.verdict;
      await registry.products.setQa(mosaicId, qa);
      if (qa !== 'fail') return { qa };
      const mosaic = await registry.mosaics.find(mosaicId);
      const checks = [...judged.report.checks, ...checksOf(mosaic?.summary)];
      throw new MeridianError('QA_FAILED', `the mosaic failed QA and is not published: ${complaints(checks)}`, {
        product_id: mosaicId,
      });
    },
  };
}

interface TileProduct {
  readonly image: Image;
  readonly product: Product;
}

async function tilesOf({ registry }: ActivityDependencies, ids: readonly string[]): Promise<TileProduct[]> {
  const products = new Map((await registry.products.findMany(ids)).map((product) => [product.id, product]));
  const images = await registry.images.findMany(ids);
  return images.map((image) => {
    const product = products.get(image.id);
    if (product !== undefined && product.filesMissingAt === null) return { image, product };
    throw new MeridianError('FILE_MISSING', `the files of tile ${image.id} are gone; ask for the mosaic again`, {
      tile_id: image.id,
    });
  });
}

const mosaicTile = ({ image, product }: TileProduct): MosaicTile => ({
  id: image.id,
  image_pb: fileOf(product, 'image_pb').path,
  image: fileOf(product, 'image').path,
  pb: fileOf(product, 'pb').path,
  rms_jy: image.rmsJy,
});

function fileOf(product: Product, role: string) {
  const file = product.files.find((candidate) => candidate.role === role);
  if (file !== undefined) return file;
  throw new MeridianError('OUTPUT_CORRUPT', `product ${product.id} has no file ${role}`, { product_id: product.id });
}

const checksOf = (summary: unknown) =>
  (summary as { readonly checks?: Parameters<typeof complaints>[0] } | undefined)?.checks ?? [];
