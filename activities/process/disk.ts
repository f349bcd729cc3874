/** Free disk space, asked before work starts rather than met in its middle. */
import { statfs } from 'node:fs/promises';
import { MeridianError } from '../../domain/errors.ts';

const BYTES_PER_GIB = 2 ** 30;

/** Space that this account may still write below a folder, GiB. */
export async function freeDiskGib(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / BYTES_PER_GIB;
}

/**
 * Refuse to start what the disk cannot take.
 *
 * @throws MeridianError DISK_FULL naming the folder, what is free and what is needed.
 */
export async function requireFreeDisk(folder: string, neededGib: number): Promise<void> {
  const freeGib = await freeDiskGib(folder);
  if (freeGib >= neededGib) return;
  const message = `${folder} has ${freeGib.toFixed(1)} GiB free; the stage may need ${neededGib.toFixed(1)} GiB`;
  throw new MeridianError('DISK_FULL', message, { folder, free_gib: round(freeGib), needed_gib: round(neededGib) });
}

const round = (value: number): number => Math.round(value * 100) / 100;
