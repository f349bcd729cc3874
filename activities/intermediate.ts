/** Products that are only steps: an unflagged or a calibrated measurement set. */
import { rm } from 'node:fs/promises';
import type { Registry } from '../registry/index.ts';
import { releaseFiles } from '../registry/queries/release-files.ts';

/** Removes the files of a step once nothing needs them; its row stays. Doing it twice does nothing. */
export async function dropFiles(registry: Registry, productId: string): Promise<void> {
  const product = await registry.products.find(productId);
  if (product === undefined || !(await releaseFiles(registry, productId))) return;
  await rm(product.folder, { recursive: true, force: true });
}
