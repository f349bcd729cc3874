/** With which groups or tiles a mosaic goes on, when some of them failed. */
import { ApplicationFailure } from '@temporalio/common';
import { ERROR_RULES, isErrorCode, type ErrorCode } from '../../domain/errors.ts';
import type { Exclusion } from '../../workflows/contracts/mosaic.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { AdmittedUnits, AdmitUnits, UnitOutcome } from '../interfaces.ts';

/** Faults of one group's data beside those of its raw files: the others may go on without it. */
const FAULTS_OF_ONE_GROUP: ReadonlySet<string> = new Set<ErrorCode>([
  'IMAGE_DIVERGED',
  'APPLY_NO_CHANGE',
  'QA_FAILED',
  'CANCELLED',
]);

/**
 * What failed because of its own data is left out, with its reason, while the calibrator's group and enough tiles are
 * left. What failed because of the machine ends the mosaic: nothing says that its data is bad.
 *
 * @throws ApplicationFailure with the code of the failure that ends it, or TOO_FEW_TILES; never retryable, for the
 *   units have been tried as often as they may
 */
export async function admitUnits(
  { registry }: Pick<ActivityDependencies, 'registry'>,
  request: AdmitUnits,
): Promise<AdmittedUnits> {
  const excluded = request.outcomes.flatMap((outcome) => exclusionOf(outcome) ?? []);
  requireNoFatal(request, excluded);
  const out = new Set(excluded.map(({ groupId }) => groupId));
  const left = request.groups.filter(({ isTile, groupId }) => isTile && !out.has(groupId));
  requireEnough(request, left.length, excluded);
  await registry.mosaicGroups.exclude(request.mosaicGroupId, excluded);
  const made = new Map(
    request.outcomes.flatMap((outcome) => (outcome.ok ? [[outcome.groupId, outcome.productId]] : [])),
  );
  const productIds = left.flatMap(({ groupId }) => made.get(groupId) ?? []);
  if (request.kind === 'tile') await recordTiles(registry, request.mosaicGroupId, made);
  return { productIds, excluded };
}

type Registry = ActivityDependencies['registry'];

async function recordTiles(registry: Registry, id: string, tiles: ReadonlyMap<string, string>): Promise<void> {
  for (const [groupId, tileId] of tiles) await registry.mosaicGroups.setTile(id, groupId, tileId);
  await registry.mosaicGroups.advance(id, 'imaged');
}

/** A unit that failed, and a tile that failed its QA: behind the weights of a mosaic nobody would see it. */
function exclusionOf(outcome: UnitOutcome): Exclusion | null {
  const { groupId } = outcome;
  if (!outcome.ok) return { groupId, code: outcome.code, reason: outcome.message };
  if (outcome.qa !== 'fail') return null;
  return { groupId, code: 'QA_FAILED', reason: `the tile of ${groupId} failed its QA` };
}

function requireNoFatal({ calibratorGroupId }: AdmitUnits, excluded: readonly Exclusion[]): void {
  const fatal = excluded.find(({ code, groupId }) => groupId === calibratorGroupId || !isFaultOfGroup(code));
  if (fatal === undefined) return;
  const where = fatal.groupId === calibratorGroupId ? `the calibrator's group ${fatal.groupId}` : fatal.groupId;
  throw ApplicationFailure.nonRetryable(`${where}: ${fatal.reason}`, fatal.code);
}

function isFaultOfGroup(code: string): boolean {
  if (FAULTS_OF_ONE_GROUP.has(code)) return true;
  return isErrorCode(code) && ERROR_RULES[code].exitClass === 'bad_input' && ERROR_RULES[code].httpStatus !== 503;
}

function requireEnough({ minTiles, kind }: AdmitUnits, left: number, excluded: readonly Exclusion[]): void {
  if (left >= minTiles) return;
  const what = kind === 'ms' ? 'measurement sets' : 'tiles';
  const reasons = excluded.map(({ groupId, reason }) => `${groupId}: ${reason}`).join('; ');
  const message = `${left} ${what} are left and a mosaic needs ${minTiles}; ${reasons}`;
  throw ApplicationFailure.nonRetryable(message, 'TOO_FEW_TILES' satisfies ErrorCode);
}
