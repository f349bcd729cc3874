/** Units as the registry knows them: their keys, and what was made of them. */
import { Context } from '@temporalio/activity';
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

  workflowIdOf: ({ kind, input }) =>
    kind === 'tile' ? tileUnit(registry, input) : Promise.resolve(measurementSetUnit(input)),
});

type MsOfGroup = Pick<MsInput, 'groupId' | 'groupVersion' | 'recipe'>;

function measurementSetUnit({ groupId, groupVersion, recipe }: MsOfGroup): string {
  const hash = msRecipeHash(recipe);
  return msWorkflowId(groupId, groupVersion, hash === '' ? undefined : hash);
}

const tileUnit = async (registry: Registry, input: TileInput): Promise<string> =>
  tileWorkflowId(input.groupId, input.groupVersion, await tileRecipeHash(registry, input));

/** The committed measurement set of a group, when it was made before and its files are there. */
export async function findMeasurementSet(registry: Registry, of: MsOfGroup): Promise<UnitProduct | null> {
  const id = await registry.units.productOf(measurementSetUnit(of));
  const ms = id === undefined ? undefined : await registry.measurementSets.find(id);
  if (ms?.committedAt == null) return null;
  return { groupId: of.groupId, productId: ms.id, qa: ms.qa, form: null };
}

/** A tile counts from when it was checked. */
async function findTile(registry: Registry, input: TileInput): Promise<UnitProduct | null> {
  const id = await registry.units.productOf(await tileUnit(registry, input));
  const image = id === undefined ? undefined : await registry.images.find(id);
  if (image?.qaReport == null) return null;
  return { groupId: input.groupId, productId: image.id, qa: image.qa, form: formOf(image) };
}

/** Records what the unit whose workflow calls this activity ends with. */
export async function recordUnitProduct(registry: Registry, productId: string): Promise<void> {
  const { workflowExecution } = Context.current().info;
  if (workflowExecution !== undefined) await registry.units.record(workflowExecution.workflowId, productId);
}
