/** Units as the registry knows them: their keys, and what was made of them. */
import { hash8Of, msWorkflowId, tileWorkflowId, type Json } from '../domain/ids.ts';
import type { Image, Registry } from '../registry/index.ts';
import type { MsInput } from '../workflows/contracts/ms.ts';
import type { MsRecipe, TileForm } from '../workflows/contracts/recipes.ts';
import type { TileInput } from '../workflows/contracts/tile.ts';
import type { UnitLookup } from './ensure-unit.ts';
import type { UnitProduct } from './interfaces.ts';

/** Tells recipes of measurement sets apart; empty for the standard one. */
export function msRecipeHash({ convert, flag }: MsRecipe): string {
  const standard = Object.keys(convert).length === 0 && Object.keys(flag).length === 0;
  return standard ? '' : hash8Of({ convert, flag } as unknown as Json);
}

/** Covers everything that makes a tile what it is, by content: measurement set, caltables, calibrator, options. */
export async function tileRecipeHash(registry: Registry, input: TileInput): Promise<string> {
  const products = await registry.products.findMany([input.msId, ...input.caltableIds]);
  const { recipe, calibrator } = input;
  return hash8Of({ inputs: products.map(({ sha256 }) => sha256), recipe, calibrator } as unknown as Json);
}

export const formOf = (image: Image): TileForm => ({
  restoring_beam: { bmaj_arcsec: image.bmajArcsec, bmin_arcsec: image.bminArcsec, bpa_deg: image.bpaDeg },
  cell_arcsec: image.cellArcsec,
  imsize_px: image.imsizePx,
});

export const createUnitLookup = (registry: Registry): UnitLookup => ({
  find: (request) =>
    request.kind === 'ms' ? findMeasurementSet(registry, request.input) : findTile(registry, request.input),

  async workflowIdOf({ kind, input }) {
    if (kind === 'tile')
      return tileWorkflowId(input.groupId, input.groupVersion, await tileRecipeHash(registry, input));
    const hash = msRecipeHash(input.recipe);
    return msWorkflowId(input.groupId, input.groupVersion, hash === '' ? undefined : hash);
  },
});

async function findMeasurementSet(registry: Registry, input: MsInput): Promise<UnitProduct | null> {
  const { groupId, groupVersion } = input;
  const recipeHash = msRecipeHash(input.recipe);
  const ms = await registry.measurementSets.findForGroup({ groupId, groupVersion, stage: 'flagged', recipeHash });
  if (ms?.committedAt == null) return null;
  return { groupId, productId: ms.id, qa: ms.qa, form: null };
}

/** A tile counts from when it was checked. */
async function findTile(registry: Registry, input: TileInput): Promise<UnitProduct | null> {
  const { groupId, groupVersion } = input;
  const recipeHash = await tileRecipeHash(registry, input);
  const image = await registry.images.findForGroup({ groupId, groupVersion, recipeHash });
  if (image?.qaReport == null) return null;
  return { groupId, productId: image.id, qa: image.qa, form: formOf(image) };
}
