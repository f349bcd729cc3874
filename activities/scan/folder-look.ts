/** What changed in a folder since the last look, and which files are ready to be looked into. */
import { readFileName } from '../../domain/subband-files.ts';
import type { DataRoot, FoundFile, Registry } from '../../registry/index.ts';
import { listFolder, type FolderFile, type FolderListing } from '../incoming/list-folder.ts';
import type { LookRules } from './look-rules.ts';

/** Rows written by one statement. */
const FILES_PER_ROW_BATCH = 1000;
/** A file that was not written to for so long is not asked after in every look. */
const SETTLED_AFTER_MS = 120_000;
const FULL_LOOK_INTERVAL_MS = 60_000;
/** A full look takes at most one part in so many of the time. */
const FULL_LOOK_REST = 20;

export interface FolderChanges {
  readonly files: number;
  readonly newFiles: number;
  /** Whether a file that was known has gone or is another one now: decided groups may have to be looked at again. */
  readonly touchedKnown: boolean;
  readonly quarantined: FolderListing['quarantined'];
}

/**
 * One folder, listed again and again. What the last look found is kept in memory, so that a look at an unchanged
 * folder reads names only and writes nothing; a new process starts from what the registry knows.
 */
export class FolderLook {
  private readonly registry: Registry;
  private readonly root: DataRoot;
  private readonly rules: LookRules;
  /** What the registry knows of each file, by relative path. */
  private known: Map<string, string> | null = null;
  /** Files as they were last described, by path. */
  private listed = new Map<string, FolderFile>();
  private nextFullLookMs = 0;

  constructor(registry: Registry, root: DataRoot, rules: LookRules) {
    this.registry = registry;
    this.root = root;
    this.rules = rules;
  }

  /**
   * List the folder and record what is new, changed or gone.
   *
   * @throws MeridianError FILE_MISSING or FILE_UNREADABLE when the folder cannot be listed.
   */
  async compare(): Promise<FolderChanges> {
    const { subbandFiles } = this.registry;
    const { files, quarantined } = await this.list();
    const known = this.known ?? (await this.load());
    const changed = files.filter((file) => known.get(file.relativePath) !== printOf(file));
    const present = new Set(files.map(({ relativePath }) => relativePath));
    const gone = [...known.keys()].filter((path) => !present.has(path));
    let newFiles = 0;
    for (let first = 0; first < changed.length; first += FILES_PER_ROW_BATCH) {
      const batch = changed.slice(first, first + FILES_PER_ROW_BATCH).map(foundFile);
      newFiles += (await subbandFiles.recordSeen(this.root.id, batch)).newFiles;
    }
    await subbandFiles.markGone(this.root.id, gone);
    const touchedKnown = gone.length > 0 || changed.some(({ relativePath }) => known.has(relativePath));
    this.known = new Map(files.map((file) => [file.relativePath, printOf(file)]));
    return { files: files.length, newFiles, touchedKnown, quarantined };
  }

  /** Now and then every file is asked of the file system; in between only new ones and those that may be written to. */
  private async list(): Promise<FolderListing> {
    const beganMs = Date.now();
    const isFull = beganMs >= this.nextFullLookMs;
    const settled = ({ modifiedMs }: FolderFile): boolean => modifiedMs < beganMs - SETTLED_AFTER_MS;
    const listing = await listFolder(this.root.path, {
      strangers: this.rules.strangers,
      links: 'passed_over',
      reuse: (path) => {
        const file = isFull ? undefined : this.listed.get(path);
        return file !== undefined && settled(file) ? file : undefined;
      },
    });
    if (isFull) {
      const tookMs = Date.now() - beganMs;
      this.nextFullLookMs = Date.now() + Math.max(FULL_LOOK_INTERVAL_MS, tookMs * FULL_LOOK_REST);
    }
    this.listed = new Map(listing.files.map((file) => [file.path, file]));
    return listing;
  }

  private async load(): Promise<Map<string, string>> {
    const rows = await this.registry.subbandFiles.listKnown(this.root.id);
    return new Map(rows.map((row) => [row.relativePath, printOf(row)]));
  }
}

/** What tells that a file is still the same one. */
const printOf = ({ sizeBytes, modifiedMs }: Pick<FolderFile, 'sizeBytes' | 'modifiedMs'>): string =>
  `${sizeBytes} ${modifiedMs}`;

/** A file as the registry records it, with what its name tells. */
function foundFile({ path, relativePath, sizeBytes, modifiedMs }: FolderFile): FoundFile {
  const named = readFileName(path);
  return {
    relativePath,
    sizeBytes,
    modifiedAt: new Date(modifiedMs).toISOString(),
    stampMjd: named?.stampMjd ?? null,
    subband: named?.subband ?? null,
  };
}
