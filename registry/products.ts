/** Registered results: immutable, content-hashed, with parents and parameters. */
import { join } from 'node:path';
import { sql, type Kysely, type Selectable } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import { mayMove, PRODUCT_STATES, type ProductState, type QaState } from '../domain/states.ts';
import { json } from './connection.ts';
import { limitOf, pageOf, type Page, type PageRequest } from './paging.ts';
import type { DataRegistryTable, ProductFilesTable, ProductKind, StoreRoot } from './schema/products.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type { ProductKind, StoreRoot } from './schema/products.ts';
export type { ProductState, QaState } from '../domain/states.ts';

/** Absolute folders that paths of products are relative to. */
export type StoreRoots = Readonly<Record<StoreRoot, string>>;

/** One file or folder of a product. */
export interface ProductFile {
  readonly role: string;
  /** Absolute path. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface Product extends Selectable<DataRegistryTable> {
  /** Absolute path of the product's folder. */
  readonly folder: string;
  /** Absolute path of its main file or folder. */
  readonly path: string;
  /** In order; the first is the main one. */
  readonly files: readonly ProductFile[];
}

export interface NewProduct {
  readonly id: string;
  readonly kind: ProductKind;
  readonly qa: QaState;
  readonly relativePath: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly groupId: string | null;
  readonly effect: { readonly key: string; readonly version: number } | null;
  readonly stage: string;
  readonly stageVersion: number;
  readonly parameters: JsonObject;
  readonly toolVersions: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly workflowId: string;
  readonly runId: string;
  readonly jobId: string | null;
  /** Names are relative to the product's folder; the first is the main one. */
  readonly files: readonly (Omit<ProductFile, 'path'> & { readonly name: string })[];
  readonly parents: readonly string[];
}

export interface ProductQuery extends PageRequest {
  readonly kind?: ProductKind;
  readonly state?: ProductState;
  readonly groupId?: string;
  readonly jobId?: string;
}

/** A product in the family of another. */
export interface Relative {
  readonly id: string;
  readonly kind: ProductKind;
  readonly state: ProductState;
  readonly qa: QaState;
  /** Generations away: 1 for a parent or child. */
  readonly distance: number;
}

export class ProductRepository {
  readonly #db: Kysely<Database>;
  readonly #roots: StoreRoots;

  constructor(db: Kysely<Database>, roots: StoreRoots) {
    this.#db = db;
    this.#roots = roots;
  }

  /** Write a product, its files and its parents; call it within the transaction that makes it count. */
  async insert(product: NewProduct): Promise<void> {
    const { files, parents, effect, workflowId, runId, parameters, toolVersions, warnings, ...facts } = product;
    await this.#db
      .insertInto('dataRegistry')
      .values({
        ...facts,
        root: 'store',
        effectKey: effect?.key ?? null,
        effectVersion: effect?.version ?? null,
        parameters: json(parameters),
        toolVersions: json(toolVersions),
        warnings: [...warnings],
        createdByWorkflow: workflowId,
        createdByRun: runId,
      })
      .execute();
    const rows = files.map((file, position) => ({ ...file, productId: product.id, position }));
    if (rows.length > 0) await this.#db.insertInto('productFiles').values(rows).execute();
    const links = [...new Set(parents)].map((parentId) => ({ parentId, childId: product.id }));
    if (links.length > 0) await this.#db.insertInto('dataRelationships').values(links).execute();
  }

  async find(id: string): Promise<Product | undefined> {
    return (await this.findMany([id]))[0];
  }

  /** @throws MeridianError NOT_FOUND */
  async require(id: string): Promise<Product> {
    const product = await this.find(id);
    if (product === undefined) throw new MeridianError('NOT_FOUND', `there is no product ${id}`, { product_id: id });
    return product;
  }

  /** Products in the order of the ids; those that are not there are left out. */
  async findMany(ids: readonly string[]): Promise<Product[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db.selectFrom('dataRegistry').selectAll().where('id', 'in', ids).execute();
    const products = await this.#withFiles(rows);
    const byId = new Map(products.map((product) => [product.id, product]));
    return ids.map((id) => byId.get(id)).filter((product): product is Product => product !== undefined);
  }

  /** Products, newest first. */
  async list(query: ProductQuery = {}): Promise<Page<Product>> {
    const limit = limitOf(query);
    const rows = await this.#db
      .selectFrom('dataRegistry')
      .selectAll()
      .$if(query.kind !== undefined, (q) => q.where('kind', '=', query.kind as ProductKind))
      .$if(query.state !== undefined, (q) => q.where('state', '=', query.state as ProductState))
      .$if(query.groupId !== undefined, (q) => q.where('groupId', '=', query.groupId as string))
      .$if(query.jobId !== undefined, (q) => q.where('jobId', '=', query.jobId as string))
      .$if(query.cursor !== undefined, (q) => q.where('id', '<', query.cursor as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    return pageOf(await this.#withFiles(rows), limit, (product) => product.id);
  }

  /** Products of one version of an effect, in the order they were planned. */
  async ofEffect(key: string, version: number): Promise<Product[]> {
    const rows = await this.#db
      .selectFrom('dataRegistry')
      .selectAll()
      .where('effectKey', '=', key)
      .where('effectVersion', '=', version)
      .orderBy('id')
      .execute();
    return this.#withFiles(rows);
  }

  /** What a product was made from (`ancestors`) or what was made from it (`descendants`), nearest first. */
  async lineage(id: string, direction: 'ancestors' | 'descendants'): Promise<Relative[]> {
    const [from, to] = direction === 'ancestors' ? ['child_id', 'parent_id'] : ['parent_id', 'child_id'];
    const { rows } = await sql<Relative>`
      with recursive family as (
        select ${sql.ref(`link.${to}`)} as id, 1 as distance
          from data_relationships link where ${sql.ref(`link.${from}`)} = ${id}
        union
        select ${sql.ref(`link.${to}`)}, family.distance + 1
          from data_relationships link join family on ${sql.ref(`link.${from}`)} = family.id where family.distance < 100
      )
      select product.id, product.kind, product.state, product.qa, min(family.distance) as distance
        from family join data_registry product on product.id = family.id
        group by product.id order by distance, product.id`.execute(this.#db);
    return rows;
  }

  /** Record the verdict of a later check. */
  async setQa(id: string, qa: QaState): Promise<void> {
    await this.#db.updateTable('dataRegistry').set({ qa }).where('id', '=', id).execute();
  }

  /**
   * Move a product on: staging → publishing → published → withdrawn, or back to staging. Being there already is fine.
   *
   * @throws MeridianError NOT_FOUND; CONFLICT when the state does not allow it.
   */
  async setState(
    id: string,
    to: ProductState,
    details: { readonly root?: StoreRoot; readonly relativePath?: string; readonly error?: string } = {},
  ): Promise<void> {
    const row = await this.#db
      .selectFrom('dataRegistry')
      .select('state')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new MeridianError('NOT_FOUND', `there is no product ${id}`, { product_id: id });
    if (row.state === to) return;
    if (!mayMove(PRODUCT_STATES, row.state, to)) {
      throw new MeridianError('CONFLICT', `product ${id} is ${row.state} and cannot become ${to}`, { product_id: id });
    }
    const { root, relativePath, error } = details;
    await this.#db
      .updateTable('dataRegistry')
      .set({
        state: to,
        ...(root === undefined ? {} : { root }),
        ...(relativePath === undefined ? {} : { relativePath }),
        ...(to === 'publishing' ? { publishAttempts: sql<number>`publish_attempts + 1`, publishError: null } : {}),
        ...(to === 'staging' ? { publishError: error ?? null } : {}),
        ...(to === 'published' ? { publishedAt: sql`now()` } : {}),
      })
      .where('id', '=', id)
      .execute();
  }

  /** Remember that the files of products are gone; the rows stay. */
  async markFilesMissing(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#db
      .updateTable('dataRegistry')
      .set({ filesMissingAt: sql`coalesce(files_missing_at, now())` })
      .where('id', 'in', ids)
      .execute();
  }

  /** The same product, made again by a later version of its effect. */
  async supersedeEarlier(effect: { readonly key: string; readonly version: number }): Promise<void> {
    await sql`
      update data_registry old set superseded_by = new.id
        from data_registry new, product_files old_file, product_files new_file
        where old.effect_key = ${effect.key} and old.effect_version < ${effect.version} and old.superseded_by is null
          and new.effect_key = ${effect.key} and new.effect_version = ${effect.version}
          and old_file.product_id = old.id and old_file.position = 0
          and new_file.product_id = new.id and new_file.position = 0 and new_file.role = old_file.role`.execute(
      this.#db,
    );
  }

  /** Which of these folders below a root belong to a product. */
  async registeredPaths(root: StoreRoot, relativePaths: readonly string[]): Promise<Set<string>> {
    if (relativePaths.length === 0) return new Set();
    const rows = await this.#db
      .selectFrom('dataRegistry')
      .select('relativePath')
      .where('root', '=', root)
      .where('relativePath', 'in', relativePaths)
      .execute();
    return new Set(rows.map((row) => row.relativePath));
  }

  async #withFiles(rows: readonly Selectable<DataRegistryTable>[]): Promise<Product[]> {
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    const files = await this.#db
      .selectFrom('productFiles')
      .selectAll()
      .where('productId', 'in', ids)
      .orderBy('position')
      .execute();
    return rows.map((row) =>
      this.#assemble(
        row,
        files.filter((file) => file.productId === row.id),
      ),
    );
  }

  #assemble(row: Selectable<DataRegistryTable>, rows: readonly Selectable<ProductFilesTable>[]): Product {
    const folder = join(this.#roots[row.root], row.relativePath);
    const files = rows.map(({ role, name, kind, sizeBytes, sha256 }) => ({
      role,
      path: join(folder, name),
      kind,
      sizeBytes,
      sha256,
    }));
    return { ...row, folder, path: files[0]?.path ?? folder, files };
  }
}
