/** Products into the published folder: linked or copied, verified, and only then called published. */
import { constants } from 'node:fs';
import { cp, link, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { MeridianError } from '../domain/errors.ts';
import type { Product } from '../registry/index.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { asMeridianError } from './failures.ts';
import type { PublishActivities } from './interfaces.ts';
import { requireHashes } from './verify-files.ts';

export function createPublishActivities(dependencies: ActivityDependencies): PublishActivities {
  const { registry, publishedFolder } = dependencies;
  return {
    async publishProduct({ productId, jobId }) {
      const product = await registry.products.require(productId);
      if (product.state === 'published') return;
      const folder = join(publishedFolder, await placeOf(dependencies, product));
      await registry.transaction(({ products }) => products.setState(productId, 'publishing'));
      try {
        await placeFiles(product, folder);
        await requireHashes(product, folder);
      } catch (error) {
        const { message } = asMeridianError(error);
        await registry.transaction(({ products }) => products.setState(productId, 'staging', { error: message }));
        throw error;
      }
      await registry.transaction(async ({ products, events }) => {
        const relativePath = relative(publishedFolder, folder);
        await products.setState(productId, 'published', { root: 'published', relativePath });
        await events.append({ kind: 'product.published', jobId, productId, message: `published in ${folder}` });
      });
    },

    async confirmPublished({ productId, jobId, mosaicGroupId }) {
      const product = await registry.products.require(productId);
      if (product.state !== 'published') {
        const message = `product ${productId} is ${product.state}, not published; publish it again`;
        throw new MeridianError('CONFLICT', message, { product_id: productId, state: product.state });
      }
      await requireHashes(product, product.folder);
      await registry.mosaicGroups.advance(mosaicGroupId, 'done');
      await registry.events.append({
        kind: 'product.confirmed',
        jobId,
        productId,
        message: `${product.files.length} published files read again, all as registered`,
      });
    },
  };
}

const UNSAFE = /[^A-Za-z0-9+._-]/g;

/** `<day>/<name>_<last digits of the id>` below the published folder: to be read by people, and never twice the same. */
async function placeOf({ registry }: ActivityDependencies, product: Product): Promise<string> {
  const mosaic = product.kind === 'mosaic' ? await registry.mosaics.find(product.id) : undefined;
  const name = (mosaic?.name ?? product.groupId ?? product.kind).replace(UNSAFE, '_');
  const day = basename(dirname(product.relativePath));
  return join(day, `${name}_${product.id.slice(-8)}`);
}

/** Brings the files to their place as a whole; a place that is there already came from an earlier attempt. */
async function placeFiles(product: Product, folder: string): Promise<void> {
  if ((await stat(folder).catch(() => null)) !== null) return;
  const draft = `${folder}.partial`;
  await rm(draft, { recursive: true, force: true });
  for (const file of product.files) {
    const target = join(draft, relative(product.folder, file.path));
    await mkdir(dirname(target), { recursive: true });
    await linkOrCopy(file.path, target, file.kind);
  }
  await rename(draft, folder);
}

/** A link where both folders are on one disk (the file is never changed again), else a copy. */
async function linkOrCopy(source: string, target: string, kind: 'file' | 'folder'): Promise<void> {
  const copy = (): Promise<void> => cp(source, target, { recursive: true, mode: constants.COPYFILE_FICLONE });
  if (kind === 'folder') return copy();
  return link(source, target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw error;
    return copy();
  });
}
