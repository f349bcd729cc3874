/**
 * An inventory: a list of what a disk held, by stamp and number of files, to replay grouping without the files.
 *
 * It counts subbands and does not name them. Files of one cluster of stamps are taken for different subbands, numbered
 * from 0 in order of their stamps: so a count of 14 shows as sb14 and sb15 missing, whichever they were.
 */
import { MeridianError } from './errors.ts';
import type { Assembly } from './group-assembly.ts';
import { clusterFiles, clusterInTime, deadlineMjd, decideGroup, type DecisionRules } from './grouping.ts';
import { SUBBANDS_PER_GROUP, type ListedFile } from './subband-files.ts';
import { isoFromMjd, tryMjdFromIso } from './time.ts';

export interface InventoryRow {
  /** Stamp of the files, to the second. */
  readonly stampMjd: number;
  readonly nSubbands: number;
  /** Of all files together. */
  readonly sizeBytes: number;
}

const COLUMNS = ['timestamp', 'n_subbands_found', 'size_bytes'] as const;

/**
 * Rows of an inventory in CSV with a line of titles; columns besides `timestamp` (UTC), `n_subbands_found` and
 * `size_bytes` are passed over.
 *
 * @throws MeridianError REQUEST_INVALID naming the column that is missing, or the line that cannot be read
 */
export function parseInventory(csv: string): InventoryRow[] {
  const [titles = '', ...lines] = csv
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const names = titles.split(',').map((name) => name.trim());
  const missing = COLUMNS.filter((name) => !names.includes(name));
  if (missing.length > 0) throw invalid(`the inventory has no column ${missing.join(', ')}`, 1);
  const places = COLUMNS.map((name) => names.indexOf(name));
  return lines.map((line, index) => {
    const cells = line.split(',');
    const [stamp = '', count = '', size = ''] = places.map((place) => cells[place]?.trim());
    const row = {
      stampMjd: tryMjdFromIso(stamp),
      nSubbands: Number(count || 'none'),
      sizeBytes: Number(size || 'none'),
    };
    if (!isRow(row))
      throw invalid(`line ${index + 2} of the inventory is no stamp with two counts: "${line}"`, index + 2);
    return row;
  });
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const isRow = (row: Omit<InventoryRow, 'stampMjd'> & { readonly stampMjd: number | null }): row is InventoryRow =>
  row.stampMjd !== null && isCount(row.nSubbands) && isCount(row.sizeBytes);

const invalid = (message: string, line: number): MeridianError =>
  new MeridianError('REQUEST_INVALID', message, { line });

/** Groups as the stamps alone tell, decided at once: there are no headers to look into. */
export function groupsOfInventory(rows: readonly InventoryRow[], rules: DecisionRules): Assembly {
  const { clusters, quarantined } = clusterFiles(filesOfInventory(rows));
  const decided = clusters.map((cluster) => {
    const { quarantined: setAside, ...decision } = decideGroup(cluster, cluster.firstStampMjd, {
      ...rules,
      once: true,
    });
    const { firstStamp, files } = cluster;
    const group = {
      id: firstStamp,
      firstStamp,
      files,
      verdict: null,
      doubled: [],
      deadlineMjd: deadlineMjd(cluster, cluster.firstStampMjd, rules),
      copyOf: null,
      ...decision,
    };
    return { group, setAside };
  });
  return {
    groups: decided.map(({ group }) => group),
    quarantined: [...quarantined, ...decided.flatMap(({ setAside }) => setAside)],
  };
}

/** The files of an inventory as a folder would list them; further copies of a subband lie in folders of their own. */
export function filesOfInventory(rows: readonly InventoryRow[]): ListedFile[] {
  const ordered = [...rows].sort((a, b) => a.stampMjd - b.stampMjd);
  const empty = ordered.filter(({ sizeBytes }) => sizeBytes === 0);
  const clusters = clusterInTime(
    ordered.filter(({ sizeBytes }) => sizeBytes > 0),
    ({ stampMjd }) => stampMjd,
  );
  // Files without bytes take no number from those that have some.
  return [...clusters, ...empty.map((row) => [row])].flatMap(numbered);
}

function numbered(cluster: readonly InventoryRow[]): ListedFile[] {
  const files = cluster.flatMap((row) =>
    Array.from({ length: row.nSubbands }, () => ({
      stamp: isoFromMjd(row.stampMjd, 0),
      sizeBytes: row.sizeBytes / row.nSubbands,
    })),
  );
  return files.map(({ stamp, sizeBytes }, index) => {
    const name = `${stamp}_sb${String(index % SUBBANDS_PER_GROUP).padStart(2, '0')}.hdf5`;
    const copy = Math.floor(index / SUBBANDS_PER_GROUP);
    return { path: copy === 0 ? name : `copy-${copy}/${name}`, sizeBytes };
  });
}
