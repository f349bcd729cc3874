/** The photometry stage on a registered product. */
import { MeridianError } from '../../domain/errors.ts';
import type { PhotometrySpec } from '../../domain/generated/stages.ts';
import { selectSources } from '../../domain/photometry/selection.ts';
import type { Product } from '../../registry/index.ts';
import type { PhotometryConfig } from '../../workflows/contracts/photometry.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { PhotometryActivities } from '../interfaces.ts';
import { outputOf, runStage } from '../run-stage.ts';
import { expectedSources, fieldOf, type ExpectedSource, type ImageField } from './field.ts';

type Measure = PhotometryActivities['measurePhotometry'];

/** Fields of the spec that name a file, and the role of that file in the product. */
const INPUTS = {
  tile: { fits: 'image_pb', flat_noise_fits: 'image', pb_fits: 'pb' },
  mosaic: { fits: 'mosaic', weight_fits: 'weight', pb_fits: 'pb', mjd_fits: 'mjd' },
} as const;

/** Measures what is expected and selected; nothing to measure is a result too. */
export async function measurePhotometry(
  dependencies: ActivityDependencies,
  { runId, jobId }: Parameters<Measure>[0],
): ReturnType<Measure> {
  const { registry } = dependencies;
  const run = await registry.photometryRuns.require(runId);
  const config = run.config as unknown as PhotometryConfig;
  const field = await fieldOf(registry, run);
  const { selected } = selectSources(await expectedSources(registry, field, config), config.max_sources);
  if (selected.length === 0) return { photometryProductId: null };
  const { product, groupId } = field;
  const { spec, hashes } = specFor(field, config, selected);
  const { products } = await runStage(dependencies, {
    stage: 'photometry',
    unit: groupId ?? product.id,
    spec,
    inputHashes: hashes,
    inputBytes: product.sizeBytes,
    jobIds: [jobId],
    ...(groupId === null ? {} : { groupId }),
    products: [
      {
        kind: 'photometry',
        roles: ['rows'],
        parents: [product.id],
        ...(groupId === null ? {} : { groupId, date: groupId.slice(0, 10) }),
      },
    ],
  });
  return { photometryProductId: outputOf(products, 'rows').id };
}

function specFor(
  { product, series }: ImageField,
  config: PhotometryConfig,
  sources: readonly ExpectedSource[],
): { spec: PhotometrySpec; hashes: string[] } {
  const given = Object.entries(INPUTS[series]).flatMap(([name, role]) => {
    const file = product.files.find((candidate) => candidate.role === role);
    return file === undefined ? [] : [{ name, file }];
  });
  const paths = Object.fromEntries(given.map(({ name, file }) => [name, file.path]));
  return {
    spec: {
      ...paths,
      fits: fitsOf(product, INPUTS[series].fits),
      stage: 'photometry',
      positions: sources.map(({ id, raDeg, decDeg }) => ({ id: String(id), ra_deg: raDeg, dec_deg: decDeg })),
      method: config.method,
    },
    hashes: given.map(({ file }) => file.sha256),
  };
}

function fitsOf(product: Product, role: string): string {
  const file = product.files.find((candidate) => candidate.role === role);
  if (file !== undefined) return file.path;
  throw new MeridianError('OUTPUT_CORRUPT', `product ${product.id} has no file ${role}`, { product_id: product.id });
}
