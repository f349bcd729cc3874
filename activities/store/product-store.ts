/** Where products lie, and how they come there. */
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ProductKind } from '../../registry/products.ts';
import { makeFolder, moveIntoPlace, syncTree } from './durable.ts';

/** Folders of MERIDIAN_HOME; all on one file system. */
export interface StoreFolders {
  /** Products, `<kind>/<yyyy-mm-dd>/<product id>/`. */
  readonly store: string;
  /** Products that are being put together. */
  readonly staging: string;
}

/** Something that a stage left and that belongs into a product. */
export interface StagedOutput {
  readonly role: string;
  readonly path: string;
}

export interface ProductPlace {
  readonly kind: ProductKind;
  /** UTC day of the data, `YYYY-MM-DD`. */
  readonly date: string;
  readonly id: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class ProductStore {
  readonly folders: StoreFolders;

  constructor(folders: StoreFolders) {
    this.folders = folders;
  }

  /** Path of a product relative to the store; it ends in the product's id, so no two attempts share one. */
  relativePath({ kind, date, id }: ProductPlace): string {
    if (!DAY.test(date)) throw new Error(`"${date}" is no day of the form YYYY-MM-DD`);
    return `${kind}/${date}/${id}`;
  }

  /**
   * Put outputs together in one folder and move it into the store. Without a row in the registry it counts for nothing.
   *
   * @returns name of each output within the product's folder, by role.
   */
  async place(outputs: readonly StagedOutput[], place: ProductPlace): Promise<Map<string, string>> {
    const draft = join(this.folders.staging, place.id);
    const names = namesOf(outputs);
    try {
      await makeFolder(draft);
      for (const { role, path } of outputs) await rename(path, join(draft, names.get(role) ?? role));
      await syncTree(draft);
      await moveIntoPlace(draft, join(this.folders.store, this.relativePath(place)));
    } catch (error) {
      await this.discard(place);
      throw error;
    }
    return names;
  }

  /** Take back what was placed but never registered. */
  async discard(place: ProductPlace): Promise<void> {
    await rm(join(this.folders.staging, place.id), { recursive: true, force: true });
    await rm(join(this.folders.store, this.relativePath(place)), { recursive: true, force: true });
  }
}

/** Names within the product's folder: those the stage chose, unless two are the same. */
function namesOf(outputs: readonly StagedOutput[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { role, path } of outputs) {
    const name = basename(path);
    names.set(role, [...names.values()].includes(name) ? `${role}-${name}` : name);
  }
  return names;
}
