/** The registry as the gateway uses it: one pool, one repository per aggregate. It connects when first asked. */
import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Kysely, sql } from 'kysely';
import type pg from 'pg';
import { openDatabase, openPool } from '../../registry/connection.ts';
import { CaltableRepository } from '../../registry/caltables.ts';
import { DataRootRepository } from '../../registry/data-roots.ts';
import { GroupRepository } from '../../registry/groups.ts';
import { ImageRepository } from '../../registry/images.ts';
import { MosaicRepository } from '../../registry/mosaics.ts';
import { ProductRepository } from '../../registry/products.ts';
import type { Database } from '../../registry/schema/index.ts';
import { GatewayOptions } from './options.ts';

const MAX_CONNECTIONS = 12;

@Injectable()
export class Registry implements OnApplicationShutdown {
  readonly pool: pg.Pool;
  readonly db: Kysely<Database>;
  readonly dataRoots: DataRootRepository;
  readonly groups: GroupRepository;
  readonly caltables: CaltableRepository;
  readonly images: ImageRepository;
  readonly mosaics: MosaicRepository;
  readonly products: ProductRepository;

  constructor(options: GatewayOptions) {
    this.pool = openPool({
      databaseUrl: options.databaseUrl,
      applicationName: 'meridian-gateway',
      maxConnections: MAX_CONNECTIONS,
    });
    this.db = openDatabase(this.pool);
    this.dataRoots = new DataRootRepository(this.db);
    this.groups = new GroupRepository(this.db);
    this.caltables = new CaltableRepository(this.db);
    this.images = new ImageRepository(this.db);
    this.mosaics = new MosaicRepository(this.db);
    this.products = new ProductRepository(this.db, options.storeRoots);
  }

  /** Whether PostgreSQL answers. */
  async ping(): Promise<void> {
    await sql`select 1`.execute(this.db);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.db.destroy();
  }
}
