/** Measurements into light curves: rows of the product, points of the night, the flux scale they stand on. */
import { readFile } from 'node:fs/promises';
import { MeridianError } from '../../domain/errors.ts';
import type { PhotometryRow } from '../../domain/generated/stages.ts';
import { selectSources } from '../../domain/photometry/selection.ts';
import type { PhotometryRun, Repositories } from '../../registry/index.ts';
import type { PhotometryConfig } from '../../workflows/contracts/photometry.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { PhotometryActivities } from '../interfaces.ts';
import { expectedSources, fieldOf, type ExpectedSource, type Field } from './field.ts';
import { nightRows } from './nights.ts';
import { measurementRow, type Found, type RunFacts, type Verdict } from './rows.ts';
import { epochScale } from './scale.ts';
import { updateStatistics } from './statistics.ts';

type Record = PhotometryActivities['recordPhotometry'];

/** Writes everything in one transaction; a retry finds it written and changes nothing. */
export async function recordPhotometry(
  dependencies: ActivityDependencies,
  { runId, jobId, photometryProductId }: Parameters<Record>[0],
): ReturnType<Record> {
  const { registry, catalog } = dependencies;
  const run = await registry.photometryRuns.require(runId);
  const config = run.config as unknown as PhotometryConfig;
  const field = await fieldOf(registry, run);
  const sources = await expectedSources(registry, field, config);
  const found = await findings(dependencies, field, { config, sources, photometryProductId });
  const calibrator = field.calibrator === null ? undefined : catalog.find(field.calibrator);
  return registry.transaction(async (repositories) => {
    const stripId = await repositories.strips.idFor(field.stripDecDeg);
    const facts = { field, runId, jobId, stripId, calibratorPosition: calibrator?.position ?? null };
    return write(repositories, {
      run,
      config,
      sources,
      found,
      facts,
      photometryProductId,
      productId: field.product.id,
    });
  });
}

interface Writing {
  readonly run: PhotometryRun;
  readonly config: PhotometryConfig;
  readonly sources: readonly ExpectedSource[];
  readonly found: ReadonlyMap<number, Found>;
  readonly facts: RunFacts;
  readonly productId: string;
  readonly photometryProductId: string | null;
}

async function write(
  repositories: Repositories,
  { run, config, sources, found, facts, photometryProductId, productId }: Writing,
): ReturnType<Record> {
  const { photometry, photometryRuns, events } = repositories;
  const { field } = facts;
  const asFound = config.normalize ? found : new Map<number, Found>();
  const scale = await epochScale(repositories, { found: asFound, sources, facts });
  const rows = sources.map((source) => measurementRow({ source, found: foundOf(found, source) }, facts, scale));
  const nMeasured = rows.filter(({ status }) => status === 'measured').length;
  const result = { nSources: rows.length, nMeasured, normalized: scale.record?.applied ?? false };
  const isNew = await photometryRuns.recorded(run.id, {
    photometryProductId,
    nSources: rows.length,
    nMeasured,
    nReferences: scale.nReferences,
    summary: { normalized: result.normalized, criterion: scale.record?.criterion ?? 'fewer than 3 references' },
  });
  if (!isNew) return result;
  if (scale.record !== null) await photometryRuns.keepFactor(scale.record);
  const reason = `product ${productId} was measured`;
  await photometry.replace([{ series: field.series, epoch: field.epoch, rows, reason }]);
  if (field.series === 'tile') {
    const nights = await nightRows(repositories, rows);
    await photometry.replace(nights);
    await updateStatistics(
      repositories,
      facts.stripId,
      nights.flatMap((night) => night.rows),
    );
  }
  await events.append({
    kind: 'photometry.recorded',
    jobId: facts.jobId,
    productId,
    ...(field.groupId === null ? {} : { groupId: field.groupId }),
    message: `${nMeasured} of ${rows.length} sources measured in ${field.epoch}`,
    payload: { n_sources: rows.length, n_measured: nMeasured, n_references: scale.nReferences },
  });
  return result;
}

const MISSING: Found = { kind: 'none', status: 'failed', reason: 'the photometry stage left no row of it' };

const foundOf = (found: ReadonlyMap<number, Found>, { id }: ExpectedSource): Found => found.get(id) ?? MISSING;

/** What became of every expected source. */
async function findings(
  { registry }: Pick<ActivityDependencies, 'registry'>,
  field: Field,
  of: {
    readonly config: PhotometryConfig;
    readonly sources: readonly ExpectedSource[];
    readonly photometryProductId: string | null;
  },
): Promise<Map<number, Found>> {
  const { config, sources, photometryProductId } = of;
  const whole = verdictOnImage(field);
  if (whole !== null) return new Map(sources.map(({ id }) => [id, { kind: 'none', ...whole }]));
  const { rest } = selectSources(sources, config.max_sources);
  const reason = `max_sources is ${config.max_sources}`;
  const found = new Map<number, Found>(rest.map(({ id }) => [id, { kind: 'none', status: 'not_selected', reason }]));
  if (photometryProductId === null) return found;
  const product = await registry.products.require(photometryProductId);
  for (const row of await readRows(product.path)) found.set(Number(row.id), { kind: 'row', row });
  return found;
}

/** Why no value of an image counts; null when they do. */
function verdictOnImage({ qa, caltableId }: Field): Verdict | null {
  if (qa === 'fail') return { status: 'qa_rejected', reason: 'the image failed QA' };
  if (caltableId === null) return { status: 'uncalibrated', reason: 'no caltables were applied to the image' };
  return null;
}

/** @throws MeridianError OUTPUT_CORRUPT */
async function readRows(path: string): Promise<PhotometryRow[]> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as PhotometryRow[];
  } catch (cause) {
    throw new MeridianError('OUTPUT_CORRUPT', `the measurements in ${path} cannot be read`, { file: path }, { cause });
  }
}
