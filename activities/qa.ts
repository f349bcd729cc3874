/** The QA stage for a tile or a mosaic: compared with the catalogue, the verdict kept with the product. */
import { MeridianError } from '../domain/errors.ts';
import type { QaSpec, QaSummary } from '../domain/generated/stages.ts';
import { worst, type QaState } from '../domain/states.ts';
import type { Product } from '../registry/index.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { runStage } from './run-stage.ts';

export interface ImageToJudge {
  readonly productId: string;
  readonly kind: 'tile' | 'mosaic';
  readonly groupId?: string;
  readonly jobIds: readonly string[];
}

/** Fields of the spec that name a file, and the role of that file in the product. */
const INPUTS = {
  tile: { fits: 'image_pb', flat_noise_fits: 'image', pb_fits: 'pb', residual_fits: 'residual' },
  mosaic: { fits: 'mosaic', weight_fits: 'weight', pb_fits: 'pb' },
} as const;

/** Verdict of the product: the worse of what the stage that made it found, and of the comparison. */
export async function judgeImage(
  dependencies: ActivityDependencies,
  { productId, kind, groupId, jobIds }: ImageToJudge,
): Promise<{ readonly verdict: QaState; readonly report: QaSummary }> {
  const { registry } = dependencies;
  const product = await registry.products.require(productId);
  const { spec, hashes } = specFor(product, kind);
  const { result } = await runStage(dependencies, {
    stage: 'qa',
    unit: groupId ?? productId,
    spec,
    inputHashes: hashes,
    inputBytes: product.sizeBytes,
    jobIds,
    ...(groupId === undefined ? {} : { groupId }),
    products: [
      {
        kind: 'qa',
        roles: ['matches'],
        optionalRoles: ['picture'],
        parents: [productId],
        ...(groupId === undefined ? {} : { groupId, date: groupId.slice(0, 10) }),
        qa: ({ summary }) => summary.verdict,
      },
    ],
  });
  const report = result.summary;
  const verdict = worst([product.qa, report.verdict]);
  await registry.transaction(async ({ images, mosaics, products }) => {
    await (kind === 'tile' ? images : mosaics).recordQa(productId, report);
    await products.setQa(productId, verdict);
  });
  return { verdict, report };
}

function specFor(product: Product, kind: ImageToJudge['kind']): { spec: QaSpec; hashes: string[] } {
  const files = new Map(product.files.map((file) => [file.role, file]));
  const given = Object.entries(INPUTS[kind]).flatMap(([field, role]) => {
    const file = files.get(role);
    return file === undefined ? [] : [{ field, file }];
  });
  const fits = files.get(INPUTS[kind].fits);
  if (fits === undefined) {
    throw new MeridianError('OUTPUT_CORRUPT', `product ${product.id} has no file ${INPUTS[kind].fits}`);
  }
  const paths = Object.fromEntries(given.map(({ field, file }) => [field, file.path]));
  return {
    spec: { ...paths, fits: fits.path, stage: 'qa', kind },
    hashes: given.map(({ file }) => file.sha256),
  };
}
