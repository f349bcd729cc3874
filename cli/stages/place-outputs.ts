/** Moves what a stage left in its work folder to where the user wants it: whole or not at all. */
import { cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MeridianError } from '../../domain/errors.ts';

export interface Placement {
  readonly from: string;
  readonly to: string;
}

/**
 * Refuse places that are taken, before any work is done.
 *
 * @throws MeridianError CONFLICT naming the first file that is there.
 */
export function requireFree(targets: readonly string[], overwrite: boolean): void {
  const taken = targets.find((target) => existsSync(target));
  if (taken === undefined || overwrite) return;
  throw new MeridianError('CONFLICT', `${taken} is there already; choose another name or give --overwrite`, {
    file: taken,
  });
}

/** Puts each file or folder in its place; a reader sees the old one or the new one. */
export function placeOutputs(placements: readonly Placement[], overwrite: boolean): void {
  requireFree(
    placements.map(({ to }) => to),
    overwrite,
  );
  const drafts = placements.map(({ from, to }) => ({ to: resolve(to), draft: draftBeside(from, resolve(to)) }));
  for (const { draft, to } of drafts) replace(draft, to);
}

/** Writes a text file as a whole. */
export function placeText(text: string, to: string, overwrite: boolean): void {
  requireFree([to], overwrite);
  mkdirSync(dirname(resolve(to)), { recursive: true });
  const draft = `${resolve(to)}.${process.pid}.part`;
  writeFileSync(draft, text);
  renameSync(draft, resolve(to));
}

/** Brings the output next to its target, so that the last step is a rename within one folder. */
function draftBeside(from: string, to: string): string {
  const draft = `${to}.${process.pid}.part`;
  mkdirSync(dirname(to), { recursive: true });
  rmSync(draft, { recursive: true, force: true });
  try {
    renameSync(from, draft);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    cpSync(from, draft, { recursive: true, preserveTimestamps: true });
  }
  return draft;
}

function replace(draft: string, to: string): void {
  const isFolder = existsSync(to) && lstatSync(to).isDirectory();
  const old = `${to}.${process.pid}.old`;
  // A folder cannot be renamed over another one.
  if (isFolder) renameSync(to, old);
  renameSync(draft, to);
  if (isFolder) rmSync(old, { recursive: true, force: true });
}
