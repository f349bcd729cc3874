/** Names, specs and results of the compute stages, as the runner needs them. */

/** Stages of `compute/meridian_compute`. */
export type StageName =
  'simulate' | 'inspect' | 'convert' | 'flag' | 'solve' | 'apply' | 'image' | 'mosaic' | 'photometry' | 'qa';

/** Spec of a stage, as its process reads it (snake_case). */
export type SpecOf<_S extends StageName> = Readonly<Record<string, unknown>>;

/** Summary of a stage: what it found, as its process writes it (snake_case). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type SummaryOf<_S extends StageName> = any;

/** One file or folder that a stage left, as in `result.json`. */
export interface StageOutput {
  readonly role: string;
  /** Relative to the work folder. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly size_bytes: number;
  readonly sha256: string;
}

/** `result.json` of a stage. */
export interface StageResult<S extends StageName> {
  readonly stage: S;
  readonly stage_version: number;
  readonly outputs: readonly StageOutput[];
  readonly summary: SummaryOf<S>;
  readonly warnings: readonly string[];
  readonly tools: Readonly<Record<string, string>>;
  readonly wall_seconds: number;
  readonly peak_rss_bytes: number;
}
