/** One stage asked for by hand, with whatever files its spec names. */
import { MeridianError } from '../../domain/errors.ts';
import type { SpecOf, StageName } from '../../domain/generated/stages.ts';
import type { Product } from '../../registry/index.ts';
import type { JobResult } from '../../workflows/contracts/job.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { StageJobActivities } from '../interfaces.ts';
import { runStage } from '../run-stage.ts';
import { describeContent, type Content } from '../store/content-hash.ts';
import { JOB_PRODUCTS, type JobFacts } from './product-plans.ts';
import { inputPaths } from './spec-inputs.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export function createStageJobActivities(dependencies: ActivityDependencies): StageJobActivities {
  return { runJobStage: (input) => runJobStage(dependencies, input) };
}

interface StageJob<S extends StageName> {
  readonly jobId: string;
  readonly stage: S;
  readonly unit: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

async function runJobStage<S extends StageName>(
  dependencies: ActivityDependencies,
  { jobId, stage, unit, spec }: StageJob<S>,
): Promise<JobResult> {
  const paths = inputPaths(stage, spec);
  const inputs = await Promise.all(paths.map(describeInput));
  const facts = factsOf(spec, await productsOf(dependencies, paths));
  const { products, reused, result } = await runStage<S>(dependencies, {
    stage,
    unit,
    spec: { ...spec, stage } as unknown as SpecOf<S>,
    inputHashes: inputs.map(({ sha256 }) => sha256),
    inputBytes: inputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    jobIds: [jobId],
    products: JOB_PRODUCTS[stage](facts),
  });
  const { summary } = result;
  return {
    reused,
    products: Object.fromEntries(Object.entries(products).map(([role, { id }]) => [role, id])),
    checks: 'checks' in summary ? summary.checks : [],
  };
}

/** @throws MeridianError FILE_MISSING or FILE_UNREADABLE naming the file */
async function describeInput(path: string): Promise<Content> {
  try {
    return await describeContent(path);
  } catch (cause) {
    const missing = ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');
    const message = missing ? `there is no file ${path}` : `the file ${path} cannot be read`;
    throw new MeridianError(missing ? 'FILE_MISSING' : 'FILE_UNREADABLE', message, { file: path }, { cause });
  }
}

/** Registered products whose files a spec names: the path in the store holds the product's id. */
async function productsOf({ registry }: ActivityDependencies, paths: readonly string[]): Promise<Product[]> {
  const ids = [...new Set(paths.flatMap((path) => path.match(UUID) ?? []))];
  const products = await registry.products.findMany(ids);
  return products.filter(({ folder }) => paths.some((path) => path.startsWith(folder)));
}

function factsOf(spec: Readonly<Record<string, unknown>>, parents: readonly Product[]): JobFacts {
  const ids = new Set(parents.map(({ id }) => id));
  const tiles = Array.isArray(spec['tiles']) ? (spec['tiles'] as readonly { readonly id?: unknown }[]) : [];
  return {
    spec,
    parents: [...ids],
    msId: parents.find(({ kind }) => kind === 'ms' || kind === 'calib_ms')?.id ?? null,
    caltableIds: parents.filter(({ kind }) => kind === 'caltable').map(({ id }) => id),
    tilesAreRegistered: tiles.every(({ id }) => typeof id === 'string' && ids.has(id)),
  };
}
