/** Beam and grid that all tiles of a strip share through the season, so that their fluxes can be compared. */
import { hash8Of, type Json } from '../domain/ids.ts';
import type { Image, JsonObject, Registry } from '../registry/index.ts';
import type { ImageRecipe, TileForm } from '../workflows/contracts/recipes.ts';
import { formOf } from './unit-lookup.ts';

const OWN_FORM = ['restoring_beam', 'cell_arcsec', 'imsize_px'] as const;

/** Whether a recipe says itself what beam and grid to take. */
const hasForm = (recipe: ImageRecipe): boolean => OWN_FORM.every((name) => recipe[name] != null);

/** Tells recipes apart by everything but the form. */
export const formHash = (recipe: ImageRecipe): string => hash8Of(recipe as unknown as Json);

/** The form of a strip for a recipe; null when the recipe has its own, or no tile has set it. */
export async function stripForm(registry: Registry, decDeg: number, recipe: ImageRecipe): Promise<TileForm | null> {
  if (hasForm(recipe)) return null;
  const form = await registry.transaction(async ({ strips }) =>
    strips.form(await strips.idFor(decDeg), formHash(recipe)),
  );
  return form as unknown as TileForm | null;
}

/** The first tile of a recipe sets the form of its strip. */
export async function keepStripForm(registry: Registry, tile: Image, recipe: ImageRecipe): Promise<void> {
  const ms = tile.msId === null ? undefined : await registry.measurementSets.find(tile.msId);
  const decDeg = ms?.pointingDecDeg ?? null;
  if (decDeg === null || hasForm(recipe)) return;
  await registry.transaction(async ({ strips }) =>
    strips.setForm(await strips.idFor(decDeg), formHash(recipe), formOf(tile) as unknown as JsonObject),
  );
}
