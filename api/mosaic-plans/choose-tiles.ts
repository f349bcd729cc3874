/** Which registered tiles of a time range a plan takes, and why it leaves others out. */
import { MeridianError } from '../../domain/errors.ts';
import { STRIP_TOLERANCE_DEG } from '../../domain/windows.ts';
import type { Image } from '../../registry/index.ts';

export interface ExcludedTile {
  readonly id: string;
  readonly groupId: string | null;
  readonly reason: string;
}

export interface ChosenTiles {
  /** In order of time, one per group. */
  readonly tiles: readonly Image[];
  readonly excluded: readonly ExcludedTile[];
}

export interface TileRules {
  readonly minTiles: number;
  readonly quickLook: boolean;
}

/**
 * One tile per group, the newest, of the declination that most tiles have; QA failures are left out.
 *
 * @throws MeridianError WINDOW_EMPTY without any tile, TOO_FEW_TILES with the reasons of those left out.
 */
export function chooseTiles(images: readonly Image[], rules: TileRules): ChosenTiles {
  if (images.length === 0) {
    throw new MeridianError('WINDOW_EMPTY', 'there is no tile in this time range; image its groups first');
  }
  const excluded: ExcludedTile[] = [];
  const keep = (tiles: readonly Image[], reasonAgainst: (tile: Image) => string | null): Image[] =>
    tiles.filter((tile) => {
      const reason = reasonAgainst(tile);
      if (reason !== null) excluded.push({ id: tile.id, groupId: tile.groupId, reason });
      return reason === null;
    });
  const good = keep(images, (tile) => ownReason(tile, rules));
  const newest = keep(good, (tile) => (isNewest(tile, good) ? null : 'there is a newer tile of this group'));
  const decDeg = commonDeclination(newest);
  const tiles = keep(newest, (tile) => stripReason(tile, decDeg)).sort((a, b) => a.midMjd - b.midMjd);
  if (tiles.length >= rules.minTiles) return { tiles, excluded };
  throw new MeridianError(
    'TOO_FEW_TILES',
    `${tiles.length} usable tiles in this time range, ${rules.minTiles} are wanted`,
    {
      excluded: excluded.slice(0, 20).map(({ groupId, reason }) => `${groupId ?? 'tile'}: ${reason}`),
    },
  );
}

function ownReason(tile: Image, { quickLook }: TileRules): string | null {
  if (tile.qa === 'fail') return 'its QA failed';
  if (!tile.pbCorrected) return 'it is not corrected for the primary beam';
  return tile.quickLook && !quickLook ? 'it is a quick look: subbands are missing' : null;
}

/** Ids are ordered by time. A tile without a group stands for itself. */
const isNewest = (tile: Image, tiles: readonly Image[]): boolean =>
  tile.groupId === null || !tiles.some((other) => other.groupId === tile.groupId && other.id > tile.id);

const near = (a: number, b: number): boolean => Math.abs(a - b) <= STRIP_TOLERANCE_DEG;

/** The declination that most tiles share. */
function commonDeclination(tiles: readonly Image[]): number {
  const count = ({ centerDecDeg }: Image): number =>
    tiles.filter((tile) => near(tile.centerDecDeg, centerDecDeg)).length;
  const [first] = [...tiles].sort((a, b) => count(b) - count(a));
  return first?.centerDecDeg ?? Number.NaN;
}

const stripReason = (tile: Image, decDeg: number): string | null =>
  near(tile.centerDecDeg, decDeg)
    ? null
    : `it is at Dec ${tile.centerDecDeg.toFixed(2)}°, the others at ${decDeg.toFixed(2)}°`;
