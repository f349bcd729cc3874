/** Beam and grid that all tiles of a strip share through the season, so that their fluxes can be compared. */
import { hash8Of, type Json } from '../domain/ids.ts';
import type { Image, JsonObject, Registry } from '../registry/index.ts';
import type { ImageRecipe, TileForm } from '../workflows/contracts/recipes.ts';
import type { TileSetup } from './interfaces.ts';
import { formOf } from './unit-lookup.ts';

const OWN_FORM = ['restoring_beam', 'cell_arcsec', 'imsize_px'] as const;

/** Whether a recipe says itself what beam and grid to take. */
const hasForm = (recipe: ImageRecipe): boolean => OWN_FORM.every((name) => recipe[name] != null);

/** Tells recipes apart by everything but the form. */
export const formHash = (recipe: ImageRecipe): string => hash8Of(recipe as unknown as Json);

/** What a tile is made of: tells it apart from others of the same group. */
type TileInputs = Pick<TileSetup, 'msId' | 'caltableIds'>;

const tileKey = ({ msId, caltableIds }: TileInputs): string => hash8Of([msId, ...caltableIds]);

/**
 * `unset`: no tile has set the form. `own`: this tile has set it, or its recipe has one, and is imaged with its recipe as
 * it is.
 */
export type FormOfStrip = 'unset' | 'own' | TileForm;

/** The form that a tile takes over from its strip. */
export async function stripForm(
  registry: Registry,
  decDeg: number,
  { recipe, ...inputs }: TileInputs & Pick<TileSetup, 'recipe'>,
): Promise<FormOfStrip> {
  if (hasForm(recipe)) return 'own';
  const found = await registry.transaction(async ({ strips }) =>
    strips.form(await strips.idFor(decDeg), formHash(recipe)),
  );
  if (found === null) return 'unset';
  return found.setBy === tileKey(inputs) ? 'own' : (found.form as unknown as TileForm);
}

/** The recipe with the form of the strip, where it takes one over. */
export const inForm = (recipe: ImageRecipe, form: FormOfStrip): ImageRecipe =>
  typeof form === 'string' ? recipe : { ...form, ...recipe };

/** The first tile of a recipe sets the form of its strip. */
export async function keepStripForm(registry: Registry, tile: Image, recipe: ImageRecipe): Promise<void> {
  const { msId, caltableIds } = tile;
  const ms = msId === null ? undefined : await registry.measurementSets.find(msId);
  const decDeg = ms?.pointingDecDeg ?? null;
  if (msId === null || decDeg === null || hasForm(recipe)) return;
  const form = { form: formOf(tile) as unknown as JsonObject, setBy: tileKey({ msId, caltableIds }) };
  await registry.transaction(async ({ strips }) => strips.setForm(await strips.idFor(decDeg), formHash(recipe), form));
}
