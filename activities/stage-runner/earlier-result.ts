/** Whether the work was done before, and its files are still there. */
import type { StageName, StageResult } from '../../domain/generated/stages.ts';
import type { Product, Registry } from '../../registry/index.ts';
import { measureContent } from '../store/content-hash.ts';
import type { ProducedOutput, StageOutcome, StageRequest } from './stage-runner.ts';

/** What is known of an effect before an attempt. */
export type EarlierResult<S extends StageName> =
  | { readonly state: 'none' }
  | { readonly state: 'done'; readonly outcome: StageOutcome<S> }
  /** It was done, but files are gone: it is made again as the next version. */
  | { readonly state: 'lost'; readonly version: number };

/** Look for an earlier result; what is gone is marked as gone in the registry. */
export async function findEarlierResult<S extends StageName>(
  registry: Pick<Registry, 'effects' | 'products'>,
  effectKey: string,
  request: StageRequest<S>,
): Promise<EarlierResult<S>> {
  const effect = await registry.effects.find(effectKey);
  if (effect === undefined || effect.state !== 'done' || effect.result === null) return { state: 'none' };
  const products = await registry.products.ofEffect(effectKey, effect.version);
  const missing: string[] = [];
  for (const product of products) if (!(await isWhole(product))) missing.push(product.id);
  const known = outputsOf(products);
  const wanted = request.products.flatMap((plan) => plan.roles);
  if (missing.length > 0 || wanted.some((role) => known[role] === undefined)) {
    await registry.products.markFilesMissing(missing);
    return { state: 'lost', version: effect.version };
  }
  const result = effect.result as unknown as StageResult<S>;
  return { state: 'done', outcome: { effectKey, reused: true, result, products: known } };
}

async function isWhole(product: Product): Promise<boolean> {
  if (product.filesMissingAt !== null) return false;
  for (const file of product.files) {
    const found = await measureContent(file.path);
    if (found?.kind !== file.kind || found.sizeBytes !== file.sizeBytes) return false;
  }
  return true;
}

const outputsOf = (products: readonly Product[]): Record<string, ProducedOutput> =>
  Object.fromEntries(
    products.flatMap(({ id, files }) => files.map(({ role, path, sha256 }) => [role, { id, path, sha256 }])),
  );
