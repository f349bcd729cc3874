/** Folders that users name: as they are on the disk. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { MeridianError } from '../../domain/errors.ts';

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
