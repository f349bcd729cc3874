/** Photometry of one product: catalogue sources measured, rows written, light curves brought up to date. */
import type { PolicySnapshot } from './policies.ts';

export const PHOTOMETRY_WORKFLOW = 'photometryWorkflow';

/** What to measure and how; written into the run in these words. */
export interface PhotometryConfig {
  readonly catalog: 'nvss' | 'first' | 'rax' | 'vlass' | 'master';
  /** Around the image's centre; null: everything in the footprint (beam 0.3 and above). */
  readonly radius_deg: number | null;
  /** Faintest catalogue source. */
  readonly min_flux_jy: number;
  /** The best of them, when there are more; null: all. */
  readonly max_sources: number | null;
  readonly method: 'peak' | 'aegean';
  readonly normalize: boolean;
  readonly detect_ese: boolean;
}

/** What is done after every image and every mosaic unless something else is asked for. */
export const AUTOMATIC_PHOTOMETRY: PhotometryConfig = {
  catalog: 'nvss',
  radius_deg: null,
  min_flux_jy: 0.05,
  max_sources: null,
  method: 'peak',
  normalize: true,
  detect_ese: true,
};

export interface PhotometryInput {
  /** Row in `photometry_runs`. */
  readonly runId: string;
  readonly jobId: string;
  readonly productId: string;
  readonly config: PhotometryConfig;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

export interface PhotometryResult {
  readonly nSources: number;
  readonly nMeasured: number;
  /** Whether the epoch was put on the scale of the ones before it. */
  readonly normalized: boolean;
}
