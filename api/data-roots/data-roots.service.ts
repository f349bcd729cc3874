import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { MeridianError } from '../../domain/errors.ts';
import type { DataRoot as DataRootRow } from '../../registry/data-roots.ts';
import type { DataRoot } from '../contracts/data-roots.ts';
import { Registry } from '../runtime/registry.ts';

type DataRootView = z.input<typeof DataRoot>;

/**
 * The folder a path leads to, links resolved, so that two spellings of one folder are one root.
 *
 * @throws MeridianError REQUEST_INVALID, FILE_MISSING or FILE_UNREADABLE naming the folder.
 */
export function resolveFolder(path: string): string {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new MeridianError('REQUEST_INVALID', `path: "${path}" is no absolute path`, { field: 'path' });
  }
  try {
    const folder = realpathSync(path);
    if (!statSync(folder).isDirectory()) {
      throw new MeridianError('REQUEST_INVALID', `path: ${path} is no folder`, { field: 'path' });
    }
    accessSync(folder, constants.R_OK | constants.X_OK);
    return folder;
  } catch (cause) {
    if (cause instanceof MeridianError) throw cause;
    const missing = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(
      (cause as NodeJS.ErrnoException).code ?? '',
    );
    const what = missing ? 'there is no folder' : 'cannot read the folder';
    throw new MeridianError(missing ? 'FILE_MISSING' : 'FILE_UNREADABLE', `${what} ${path}`, { file: path }, { cause });
  }
}

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
