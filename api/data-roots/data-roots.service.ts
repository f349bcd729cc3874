import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Registry } from '../../registry/index.ts';
import type { DataRoot as DataRootRow } from '../../registry/index.ts';
import type { DataRoot } from '../contracts/data-roots.ts';
import { resolveFolder } from '../runtime/data-folder.ts';

type DataRootView = z.input<typeof DataRoot>;

@Injectable()
export class DataRootsService {
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  async register(request: { readonly path: string; readonly name?: string | undefined }): Promise<DataRootView> {
    const path = resolveFolder(request.path);
    return dataRootView(await this.registry.dataRoots.register({ path, name: request.name }));
  }

  async list(): Promise<{ items: DataRootView[] }> {
    const roots = await this.registry.dataRoots.list();
    return { items: roots.map(dataRootView) };
  }
}

const dataRootView = (root: DataRootRow): DataRootView => ({
  id: root.id,
  name: root.name,
  path: root.path,
  last_scan_at: root.lastScanAt,
  created_at: root.createdAt,
});
