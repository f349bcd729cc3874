/** A registry for tests, also in programs that tests start (so nothing of jest in here). */
import { openRegistry, type Registry, type StoreRoots } from '../../registry/index.ts';

/** Where the products of tests lie, unless a test says otherwise. */
const NOWHERE = { store: '/store', published: '/published' } as const;

export const openTestRegistry = (databaseUrl: string, storeRoots: StoreRoots = NOWHERE): Registry =>
  openRegistry({ databaseUrl, applicationName: 'meridian-test', storeRoots });
