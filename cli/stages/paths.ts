/** Paths that users type: absolute, and there. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { MeridianError } from '../../domain/errors.ts';

/**
 * The absolute path of an input.
 *
 * @throws MeridianError FILE_MISSING naming the option.
 */
export function existing(option: string, path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return absolute;
  throw new MeridianError('FILE_MISSING', `${option}: there is no ${absolute}`, { file: absolute, field: option });
}

/** The absolute path of a folder that is there. */
export function existingFolder(option: string, path: string): string {
  const absolute = existing(option, path);
  if (statSync(absolute).isDirectory()) return absolute;
  throw new MeridianError('FILE_UNREADABLE', `${option}: ${absolute} is no folder`, { file: absolute, field: option });
}
