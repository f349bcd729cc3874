/** Removing what attempts left behind that never came to a registered product. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProductRepository } from '../../registry/products.ts';
import type { StoreFolders } from './product-store.ts';

export interface SweepOptions {
  readonly folders: StoreFolders;
  readonly products: Pick<ProductRepository, 'registeredPaths'>;
  /** Younger leftovers may still be in somebody's hands; default a day. */
  readonly olderThanHours?: number;
}

export const LEFTOVER_HOURS = 24;
const BATCH = 500;

/**
 * Remove folders of the store without a row, and what was never put together. A registered product is never removed.
 *
 * @returns absolute paths of what was removed.
 */
export async function sweepLeftovers(options: SweepOptions): Promise<string[]> {
  const { folders, products } = options;
  const before = Date.now() - (options.olderThanHours ?? LEFTOVER_HOURS) * 3_600_000;
  const removed: string[] = [];
  for (const name of await entriesOf(folders.staging)) await removeIfOld(join(folders.staging, name), before, removed);
  const placed = await placedFolders(folders.store);
  for (let first = 0; first < placed.length; first += BATCH) {
    const batch = placed.slice(first, first + BATCH);
    // Asked after the listing: a product that was registered meanwhile is in the answer.
    const registered = await products.registeredPaths('store', batch);
    for (const relative of batch.filter((path) => !registered.has(path))) {
      await removeIfOld(join(folders.store, relative), before, removed);
    }
  }
  return removed;
}

/** `<kind>/<day>/<id>` of every folder in the store. */
async function placedFolders(store: string): Promise<string[]> {
  const found: string[] = [];
  for (const kind of await entriesOf(store)) {
    for (const day of await entriesOf(join(store, kind))) {
      for (const id of await entriesOf(join(store, kind, day))) found.push(`${kind}/${day}/${id}`);
    }
  }
  return found;
}

const entriesOf = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** A folder's change time is that of its last rename, too: the moment when it was placed. */
async function removeIfOld(path: string, before: number, removed: string[]): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined || facts.ctimeMs > before) return;
  await rm(path, { recursive: true, force: true });
  removed.push(path);
}
