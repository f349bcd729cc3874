/** What photometry has to know of the image it is made on. */
import { DSA110_DISH_DIAMETER_M, airyPower, type Dish } from '../../domain/beam.ts';
import { MeridianError } from '../../domain/errors.ts';
import { separationDeg, type SkyPosition } from '../../domain/sky.ts';
import type { QaState } from '../../domain/states.ts';
import type { Image, PhotometryRun, Product, Registry, SourceRow } from '../../registry/index.ts';
import type { PhotometryConfig } from '../../workflows/contracts/photometry.ts';

/** The beam above which a source counts as measured, and is expected. */
export const EXPECTED_BEAM = 0.3;
/** Airy beams of our dishes are below 0.3 beyond this, at any frequency of the band. */
const LARGEST_RADIUS_DEG = 2.2;

export interface Field {
  readonly series: 'tile' | 'mosaic';
  /** The image; null for a group that gave none. */
  readonly product: Product | null;
  /** Where the beams of its tiles look. */
  readonly centers: readonly SkyPosition[];
  readonly nuEffHz: number;
  readonly midMjd: number;
  /** Of a tile its group; of a mosaic its transit or window. */
  readonly epoch: string;
  readonly groupId: string | null;
  readonly stripDecDeg: number;
  readonly tier: string;
  readonly caltableId: string | null;
  readonly calibrator: string | null;
  /** Antennas of the set the calibration was solved on, when this is that set; else null. */
  readonly ownCalibrationAntennas: number | null;
  readonly quickLook: boolean;
  readonly qa: QaState;
}

/** The field of a registered image. */
export type ImageField = Field & { readonly product: Product };

/** @throws MeridianError NOT_FOUND when the product is no tile or mosaic */
export async function fieldOf(
  registry: Registry,
  run: Pick<PhotometryRun, 'productId' | 'series'>,
): Promise<ImageField> {
  const product = await registry.products.require(run.productId);
  return run.series === 'tile' ? tileField(registry, product) : mosaicField(registry, product);
}

async function tileField(registry: Registry, product: Product): Promise<ImageField> {
  const image = await registry.images.find(product.id);
  if (image === undefined) throw notAn('image', product.id);
  const ms = image.msId === null ? undefined : await registry.measurementSets.find(image.msId);
  return {
    series: 'tile',
    product,
    centers: [{ raDeg: image.centerRaDeg, decDeg: image.centerDecDeg }],
    nuEffHz: image.nuEffHz,
    midMjd: image.midMjd,
    epoch: image.groupId ?? image.id,
    groupId: image.groupId,
    stripDecDeg: ms?.pointingDecDeg ?? image.centerDecDeg,
    tier: image.qualityTier,
    ...(await calibrationOf(registry, image, ms?.nAntennas ?? null)),
    quickLook: image.quickLook,
    qa: product.qa,
  };
}

/** Where the calibration of a tile comes from, and whether it was solved on the tile's own measurement set. */
async function calibrationOf(
  registry: Registry,
  { caltableIds, groupId }: Image,
  nAntennas: number | null,
): Promise<Pick<Field, 'caltableId' | 'calibrator' | 'ownCalibrationAntennas'>> {
  const [caltableId = null] = caltableIds;
  const table = caltableId === null ? undefined : await registry.caltables.find(caltableId);
  if (table === undefined) return { caltableId, calibrator: null, ownCalibrationAntennas: null };
  const isOwn = table.groupId === groupId;
  return { caltableId, calibrator: table.calibrator, ownCalibrationAntennas: isOwn ? nAntennas : null };
}

async function mosaicField(registry: Registry, product: Product): Promise<ImageField> {
  const mosaic = await registry.mosaics.find(product.id);
  if (mosaic === undefined) throw notAn('mosaic', product.id);
  const tiles = await registry.images.findMany((await registry.mosaics.tiles(mosaic.id)).map(({ imageId }) => imageId));
  const group = await registry.mosaicGroups.findByMosaic(mosaic.id);
  return {
    series: 'mosaic',
    product,
    centers: tiles.map(({ centerRaDeg, centerDecDeg }) => ({ raDeg: centerRaDeg, decDeg: centerDecDeg })),
    nuEffHz: mosaic.nuEffHz,
    midMjd: mosaic.midMjd,
    epoch: group === undefined ? mosaic.id : epochOfGroup(group),
    groupId: null,
    stripDecDeg: group?.decDeg ?? mosaic.centerDecDeg,
    tier: tiles[0]?.qualityTier ?? 'standard',
    caltableId: tiles[0]?.caltableIds[0] ?? null,
    calibrator: mosaic.calibrator,
    ownCalibrationAntennas: null,
    quickLook: tiles.some(({ quickLook }) => quickLook),
    qa: product.qa,
  };
}

const epochOfGroup = (group: {
  readonly calibrator: string | null;
  readonly transitNumber: number | null;
  readonly startUtc: string;
  readonly endUtc: string;
}): string =>
  group.calibrator !== null && group.transitNumber !== null
    ? `${group.calibrator}/${group.transitNumber}`
    : `${group.startUtc}_${group.endUtc}`;

const notAn = (kind: string, id: string): MeridianError =>
  new MeridianError('NOT_FOUND', `product ${id} is no ${kind}; photometry needs one`, { product_id: id });

/** A source with what the geometry says of it, whatever the image turned out to be. */
export interface ExpectedSource extends Omit<SourceRow, 'crowding'> {
  /** Neighbours that could be confused with it. */
  readonly crowding: number;
  /** Highest beam of the field's tiles towards it. */
  readonly beam: number;
}

/** Every catalogue source in the footprint, in the order of their ids. */
export async function expectedSources(
  registry: Registry,
  field: Pick<Field, 'centers' | 'nuEffHz'>,
  config: Pick<PhotometryConfig, 'catalog' | 'radius_deg' | 'min_flux_jy'>,
): Promise<ExpectedSource[]> {
  const dish: Dish = { diameterM: DSA110_DISH_DIAMETER_M, frequencyHz: field.nuEffHz };
  const radiusDeg = config.radius_deg ?? LARGEST_RADIUS_DEG;
  const { catalog, min_flux_jy: minFluxJy } = config;
  const found = new Map<number, ExpectedSource>();
  for (const center of field.centers) {
    for (const source of await registry.sources.inFootprint({ ...center, radiusDeg, catalog, minFluxJy })) {
      const beam = airyPower(separationDeg(source, center), dish);
      const known = found.get(source.id);
      if (known === undefined || known.beam < beam)
        found.set(source.id, { ...source, crowding: source.crowding ?? Number(source.confused ?? 0), beam });
    }
  }
  return [...found.values()].filter(({ beam }) => beam >= EXPECTED_BEAM).sort((a, b) => a.id - b.id);
}
