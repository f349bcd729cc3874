/** Whether files are still what the registry says. */
import { join, relative } from 'node:path';
import { MeridianError } from '../domain/errors.ts';
import type { Product } from '../registry/index.ts';
import { describeContent } from './store/content-hash.ts';

/**
 * Reads every file of a product below a folder.
 *
 * @throws MeridianError OUTPUT_CORRUPT naming the first file whose content is not the registered one
 */
export async function requireHashes(product: Product, folder: string): Promise<void> {
  for (const file of product.files) {
    const path = join(folder, relative(product.folder, file.path));
    const actual = await describeContent(path).catch(() => null);
    if (actual?.sha256 === file.sha256) continue;
    const message = `${path} is not as registered: ${actual === null ? 'it cannot be read' : 'its content is another'}`;
    throw new MeridianError('OUTPUT_CORRUPT', message, { file: path, product_id: product.id });
  }
}
