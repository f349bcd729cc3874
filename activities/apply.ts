/** Caltables applied to a copy of a measurement set. */
import { MeridianError } from '../domain/errors.ts';
import type { ApplyTable } from '../domain/generated/stages.ts';
import { measurementSetRow, type Caltable, type Product } from '../registry/index.ts';
import type { TileInput } from '../workflows/contracts/tile.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { ForJobs, TileActivities } from './interfaces.ts';
import { outputOf, runStage } from './run-stage.ts';

export function createApplyActivities(dependencies: ActivityDependencies): Pick<TileActivities, 'applyCaltables'> {
  return {
    async applyCaltables(input) {
      return { calibratedMsId: (await applyTables(dependencies, input)).id };
    },
  };
}

/** What a tile is imaged from. */
export interface CalibratedMs {
  readonly id: string;
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** The calibrated measurement set of a tile: made, or the one that is there; without tables the set itself. */
export async function applyTables(
  dependencies: ActivityDependencies,
  input: TileInput & ForJobs,
  { isPrerequisite = false } = {},
): Promise<CalibratedMs> {
  const { registry } = dependencies;
  const { groupId, groupVersion, msId, caltableIds, jobIds } = input;
  const ms = await registry.products.require(msId);
  if (caltableIds.length === 0) return ms;
  const tables = await tablesOf(dependencies, caltableIds);
  const { products } = await runStage(dependencies, {
    stage: 'apply',
    unit: groupId,
    spec: { stage: 'apply', ms: ms.path, tables: tables.map(applyTable) },
    inputHashes: [ms.sha256, ...tables.map(({ product }) => product.sha256)],
    inputBytes: ms.sizeBytes,
    jobIds,
    groupId,
    isPrerequisite,
    products: [
      {
        kind: 'calib_ms',
        roles: ['ms'],
        parents: [msId, ...caltableIds],
        groupId,
        date: groupId.slice(0, 10),
        row: ({ summary }) =>
          measurementSetRow(summary.ms, { stage: 'calibrated', groupId, groupVersion, caltableIds }),
      },
    ],
  });
  return { ...outputOf(products, 'ms'), sizeBytes: ms.sizeBytes };
}

interface TableProduct {
  readonly table: Caltable;
  readonly product: Product;
}

async function tablesOf({ registry }: ActivityDependencies, ids: readonly string[]): Promise<TableProduct[]> {
  const products = new Map((await registry.products.findMany(ids)).map((product) => [product.id, product]));
  const tables = await registry.caltables.findMany(ids);
  return tables.map((table) => {
    const product = products.get(table.id);
    if (product === undefined || product.filesMissingAt !== null) {
      const message = `the files of caltable ${table.id} are gone; solve ${table.calibrator} again`;
      throw new MeridianError('CALTABLE_MISSING', message, { caltable_id: table.id });
    }
    return { table, product };
  });
}

/** Mean gains of one solve hold for a whole tile: there is nothing to interpolate. */
const applyTable = ({ table, product }: TableProduct): ApplyTable => ({
  path: product.path,
  type: table.type,
  interp: 'nearest',
});
