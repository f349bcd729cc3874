/**
 * Specs and summaries of the compute stages, as they are on the wire (snake_case).
 *
 * Generated from compute/schemas/stages.schema.json by ops/generate/stage-types.ts: do not edit.
 */

/**
 * Apply tables, K then B then G, to a copy of a measurement set; DATA of the output is calibrated.
 */
export interface ApplySpec {
  stage?: 'apply';
  ms: string;
  /**
   * @minItems 1
   */
  tables: readonly ApplyTable[];
}
/**
 * A table to apply; ``interp`` as CASA names it.
 */
export interface ApplyTable {
  path: string;
  type: 'K' | 'B' | 'G';
  interp?: 'nearest' | 'linear';
}
/**
 * The calibrated measurement set is the output with role ``ms``.
 */
export interface ApplySummary {
  ms: MsSummary;
  flagged_fraction_before: number;
  flagged_fraction_after: number;
  amplitude_ratio: number;
  changed_fraction: number;
  checks: readonly Check[];
}
/**
 * What is in a measurement set.
 */
export interface MsSummary {
  group_id: string | null;
  telescope_name: string;
  n_antennas: number;
  n_baselines: number;
  n_times: number;
  n_channels: number;
  n_rows: number;
  polarizations: readonly number[];
  freq_min_hz: number;
  freq_max_hz: number;
  channel_width_hz: number;
  start_mjd: number;
  end_mjd: number;
  mid_mjd: number;
  start_utc: string;
  pointing_dec_deg: number | null;
  phase_ra_deg: number;
  phase_dec_deg: number;
  dish_diameter_m: number | null;
  flagged_fraction: number;
  missing_subbands: readonly number[];
}
/**
 * One QA check: what was measured, what was allowed, the verdict.
 */
export interface Check {
  name: string;
  value: number | null;
  limit: string;
  verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated';
  message: string;
}
/**
 * Restoring beam: full widths at half maximum and position angle (north through east).
 */
export interface Beam {
  bmaj_arcsec: number;
  bmin_arcsec: number;
  bpa_deg: number;
}
/**
 * A calibrator with its flux scale.
 *
 * ``flux_scale`` is ``perley_butler_2017`` (``log_polynomial`` holds: log10 S/Jy as a polynomial in
 * log10 nu/GHz, lowest order first; ``flux_jy`` is its value at ``ref_freq_hz``) or ``secondary`` (the
 * calibrator list's value with ``spectral_index``). The list and the polynomials live in ``domain/calibrators.ts``.
 */
export interface CalibratorModel {
  name: string;
  ra_deg: number;
  dec_deg: number;
  flux_jy: number;
  ref_freq_hz?: number;
  spectral_index?: number;
  flux_scale?: 'perley_butler_2017' | 'secondary';
  log_polynomial?: readonly number[] | null;
  variable?: boolean;
  uvmin_klambda?: number | null;
  uvmax_klambda?: number | null;
}
/**
 * One solved table; it is the output with role ``caltable_<type>``.
 */
export interface CaltableSummary {
  type: 'K' | 'B' | 'G';
  role: string;
  refant: string;
  flagged_fraction: number;
  n_solutions: number;
  median_snr: number | null;
  median_amplitude: number | null;
  phase_scatter_deg: number | null;
  max_delay_ns: number | null;
  /**
   * a gain table of short intervals: it serves only the set it was solved on
   */
  own_ms_only: boolean;
}
/**
 * Part of the sky to ask VizieR for, ICRS.
 */
export interface CatalogCone {
  ra_deg: number;
  dec_deg: number;
  radius_deg: number;
}
/**
 * Either ``file`` or ``cone``. Columns and units that are not given are taken from what the file says.
 */
export interface CatalogSpec {
  stage?: 'catalog';
  name: 'nvss' | 'first' | 'rax' | 'vlass';
  /**
   * FITS, VOTable, CSV or another text table
   */
  file?: string | null;
  /**
   * ask VizieR instead
   */
  cone?: CatalogCone | null;
  /**
   * column of the file for a field
   */
  columns?: {
    [k: string]: string;
  };
  /**
   * unit of a field, where the file says none or lies
   */
  units?: {
    [k: string]: string;
  };
  /**
   * of the fluxes; None: the survey's own
   */
  freq_hz?: number | null;
  /**
   * for VizieR to answer
   */
  timeout_s?: number;
}
/**
 * Counts and what was taken from where; the rows are in the output ``table`` (CSV).
 */
export interface CatalogSummary {
  name: 'nvss' | 'first' | 'rax' | 'vlass';
  /**
   * of the file, or VizieR's name of the table
   */
  file_name: string;
  file_sha256: string;
  /**
   * field to the column it was read from, with its unit
   */
  columns: {
    [k: string]: string;
  };
  freq_hz: number;
  flux_kind: 'integrated' | 'peak';
  n_read: number;
  n_rows: number;
  /**
   * reason to number of rows that were left out for it
   */
  rejected: {
    [k: string]: number;
  };
  /**
   * rows whose id is not unique: kept without it
   */
  n_ids_doubled: number;
}
/**
 * Files of one group (or one file of any telescope) into one measurement set with one spectral window.
 */
export interface ConvertSpec {
  stage?: 'convert';
  /**
   * @minItems 1
   */
  files: readonly string[];
  /**
   * None: as many as files; missing ones are flagged
   */
  expected_subbands?: number | null;
  min_subbands?: number;
  /**
   * average channels up to this; None: do not; not given: a single file keeps its channels
   */
  max_channel_width_hz?: number | null;
  /**
   * average integrations up to this; None: do not
   */
  max_integration_s?: number | null;
  /**
   * antenna name to delay, removed before averaging
   */
  remove_delays_ns?: {
    [k: string]: number;
  };
  /**
   * flag amplitudes above this (units of the file) before averaging
   */
  clip_jy?: number | null;
  driver?: 'lean' | 'pyuvdata';
  validate_only?: boolean;
}
/**
 * The measurement set is the output with role ``ms`` (absent with ``validate_only``).
 */
export interface ConvertSummary {
  ms: MsSummary;
  n_files: number;
  channels_averaged: number;
  integrations_averaged: number;
  raw_bytes: number;
  zero_fraction: number;
  nonfinite_fraction: number;
}
/**
 * What the instrument does to the visibilities.
 */
export interface Corruption {
  bandpass?: boolean;
  gains?: boolean;
  delays?: boolean;
  gain_drift_deg_per_hour?: number;
  gain_drift_amplitude?: number;
  noise?: boolean;
  sefd_jy?: number;
  rfi_fraction?: number;
  dead_antennas?: readonly number[];
  time_smearing?: boolean;
  bandwidth_smearing?: boolean;
}
/**
 * Files that are missing or broken on purpose; subbands per group index.
 */
export interface Damage {
  missing_subbands?: {
    [k: string]: readonly number[];
  };
  truncated_subbands?: {
    [k: string]: readonly number[];
  };
  empty_subbands?: {
    [k: string]: readonly number[];
  };
}
/**
 * Flag a copy of a measurement set.
 */
export interface FlagSpec {
  stage?: 'flag';
  ms: string;
  steps?: readonly FlagStep[];
}
/**
 * One flagging step; only the fields of its mode are read.
 */
export interface FlagStep {
  mode:
    | 'rfi'
    | 'tfcrop'
    | 'rflag'
    | 'elevation'
    | 'shadow'
    | 'zeros'
    | 'autocorrelations'
    | 'clip'
    | 'quack'
    | 'antenna'
    | 'reset';
  clip_min_jy?: number | null;
  clip_max_jy?: number | null;
  elevation_min_deg?: number | null;
  quack_s?: number | null;
  antennas?: readonly string[];
  /**
   * path of an AOFlagger strategy; None: the shipped one
   */
  strategy?: string | null;
}
/**
 * The flagged measurement set is the output with role ``ms``.
 */
export interface FlagSummary {
  ms: MsSummary;
  flagged_fraction_before: number;
  flagged_fraction_after: number;
  flagged_by_step: {
    [k: string]: number;
  };
  dead_antennas: readonly string[];
  checks: readonly Check[];
}
/**
 * Image a calibrated measurement set; a field that is None takes the tier's value.
 */
export interface ImageSpec {
  stage?: 'image';
  ms: string;
  name?: string;
  /**
   * auto: WSClean where it is installed
   */
  backend?: 'auto' | 'wsclean' | 'tclean';
  quality_tier?: 'development' | 'standard' | 'high_precision';
  data_column?: 'auto' | 'DATA' | 'CORRECTED_DATA';
  imsize_px?: number | null;
  cell_arcsec?: number | null;
  weighting?: 'natural' | 'uniform' | 'briggs';
  robust?: number;
  niter?: number | null;
  threshold_jy?: number | null;
  auto_mask_sigma?: number | null;
  auto_threshold_sigma?: number | null;
  mgain?: number | null;
  multiscale?: boolean;
  /**
   * catalogue positions merged with the auto-mask
   */
  catalog_mask?: boolean;
  mask_radius_arcsec?: number;
  mask_min_flux_jy?: number;
  uvmin_lambda?: number | null;
  pb_limit?: number;
  pb_correct?: boolean;
  export_fits?: boolean;
  /**
   * the common beam of the tiles of a mosaic
   */
  restoring_beam?: Beam | null;
  /**
   * subtracted with its drifting beam and restored
   */
  calibrator?: CalibratorModel | null;
  /**
   * subtract sources whose apparent flux changes more; None: none
   */
  subtract_drifting_jy?: number | null;
  /**
   * header cards: calibrator, flux scale, caltable ids, group
   */
  provenance?: {
    [k: string]: string;
  };
  cores?: number | null;
  memory_gb?: number | null;
}
/**
 * The image and what it is worth.
 *
 * Outputs: ``image_pb`` (PB-corrected) and ``pb`` where the beam is known, ``image`` (flat noise), ``residual``,
 * ``psf``, ``picture`` (PNG); only ``picture`` when FITS export is skipped.
 */
export interface ImageSummary {
  backend: 'wsclean' | 'tclean';
  beam: Beam;
  imsize_px: number;
  cell_arcsec: number;
  center_ra_deg: number;
  center_dec_deg: number;
  mid_mjd: number;
  start_mjd: number;
  end_mjd: number;
  nu_eff_hz: number;
  bandwidth_hz: number;
  integration_s: number;
  rms_jy: number;
  thermal_rms_jy: number | null;
  peak_jy: number;
  min_jy: number;
  residual_peak_jy: number;
  dynamic_range: number;
  min_over_peak: number;
  pb_corrected: boolean;
  beam_model: string;
  quick_look: boolean;
  flagged_fraction: number;
  restored_sources: readonly RestoredSource[];
  checks: readonly Check[];
}
/**
 * A source subtracted before cleaning and restored after it.
 */
export interface RestoredSource {
  name: string;
  ra_deg: number;
  dec_deg: number;
  apparent_flux_jy: number;
  mean_beam: number;
}
/**
 * Look at files without changing anything; each is a UVH5 file, a measurement set or a FITS image.
 */
export interface InspectSpec {
  stage?: 'inspect';
  /**
   * @minItems 1
   */
  paths: readonly string[];
  /**
   * also read visibilities: finite fraction, zeros, truncation
   */
  read_data?: boolean;
}
/**
 * One entry per path, in the order asked.
 */
export interface InspectSummary {
  files: readonly InspectedFile[];
}
/**
 * What one file holds, or why it cannot be read.
 */
export interface InspectedFile {
  path: string;
  kind: 'uvh5' | 'ms' | 'fits' | 'unknown';
  status: 'ok' | 'error';
  error_code: string | null;
  error: string | null;
  layout: ('dsa110_meridian' | 'phased' | 'drift_zenith') | null;
  telescope_name: string | null;
  subband: number | null;
  size_bytes: number | null;
  n_blts: number | null;
  n_baselines: number | null;
  n_times: number | null;
  n_freqs: number | null;
  n_pols: number | null;
  n_antennas: number | null;
  polarizations: readonly number[] | null;
  freq_min_hz: number | null;
  freq_max_hz: number | null;
  channel_width_hz: number | null;
  freq_order: ('ascending' | 'descending') | null;
  start_utc: string | null;
  start_mjd: number | null;
  end_mjd: number | null;
  mid_mjd: number | null;
  integration_s: number | null;
  pointing_dec_deg: number | null;
  phase_ra_deg: number | null;
  phase_dec_deg: number | null;
  flagged_fraction: number | null;
  finite_fraction: number | null;
  zero_fraction: number | null;
  extra: {
    [k: string]: string | number | null;
  };
}
/**
 * Combine tiles on one grid.
 */
export interface MosaicSpec {
  stage?: 'mosaic';
  name?: string;
  /**
   * @minItems 1
   */
  tiles: readonly MosaicTile[];
  method?: 'mean' | 'weighted' | 'pbweighted';
  backend?: 'auto' | 'swarp' | 'reproject';
  pb_limit?: number;
  cell_arcsec?: number | null;
  ignore_validation?: boolean;
  /**
   * run the consistency checks, write no mosaic
   */
  validate_only?: boolean;
  provenance?: {
    [k: string]: string;
  };
}
/**
 * One tile: PB-corrected image, flat-noise image and primary beam, as the image stage made them.
 */
export interface MosaicTile {
  id: string;
  image_pb: string;
  image: string;
  /**
   * None: the tiles are not PB-corrected (unknown dish)
   */
  pb?: string | null;
  /**
   * of the flat-noise image; None: measured
   */
  rms_jy?: number | null;
}
/**
 * The mosaic and what went into it.
 *
 * Outputs: ``mosaic``, ``weight`` (inverse variance, Jy^-2), ``coverage`` (tiles per pixel), ``mjd`` (mean time, MJD),
 * ``pb`` (largest primary beam of any tile; absent if tiles have none), ``picture``. With ``validate_only``: none.
 */
export interface MosaicSummary {
  method: 'mean' | 'weighted' | 'pbweighted';
  backend: 'swarp' | 'reproject';
  beam: Beam;
  center_ra_deg: number;
  center_dec_deg: number;
  width_px: number;
  height_px: number;
  cell_arcsec: number;
  nu_eff_hz: number;
  start_mjd: number;
  end_mjd: number;
  mid_mjd: number;
  /**
   * typical noise of the mosaic; None with validate_only
   */
  rms_jy: number | null;
  peak_jy: number | null;
  area_deg2: number | null;
  tiles: readonly MosaicTileSummary[];
  checks: readonly Check[];
}
/**
 * A tile as it went into the mosaic.
 */
export interface MosaicTileSummary {
  id: string;
  rms_jy: number;
  beam: Beam;
  mid_mjd: number;
  weight_share: number;
  ra_offset_arcsec: number | null;
  dec_offset_arcsec: number | null;
  flux_ratio: number | null;
  n_matched: number;
}
/**
 * One file or folder that a stage leaves in its work folder.
 */
export interface OutputFile {
  role: string;
  path: string;
  kind: 'file' | 'folder';
  size_bytes: number;
  sha256: string;
}
/**
 * Where to measure.
 */
export interface PhotometryPosition {
  id: string;
  ra_deg: number;
  dec_deg: number;
}
/**
 * One measurement, or the reason there is none (``status``).
 */
export interface PhotometryRow {
  id: string;
  ra_deg: number;
  dec_deg: number;
  status: 'measured' | 'edge' | 'masked' | 'blended' | 'not_covered' | 'failed';
  reason: string | null;
  peak_flux_jy: number | null;
  peak_flux_err_jy: number | null;
  local_rms_jy: number | null;
  background_jy: number | null;
  pb: number | null;
  n_blended: number;
  mid_mjd: number | null;
}
/**
 * Forced photometry at fixed positions with the image's beam; neighbours are fitted jointly.
 */
export interface PhotometrySpec {
  stage?: 'photometry';
  fits: string;
  /**
   * for the local rms; None: the image itself
   */
  flat_noise_fits?: string | null;
  pb_fits?: string | null;
  /**
   * inverse variance of a mosaic, Jy^-2: for the local rms
   */
  weight_fits?: string | null;
  /**
   * mean time of each pixel of a mosaic, for the rows' mid_mjd
   */
  mjd_fits?: string | null;
  positions?: readonly PhotometryPosition[] | null;
  /**
   * JSON list or CSV with id, ra_deg, dec_deg
   */
  positions_file?: string | null;
  /**
   * nvss: every source of it in the footprint
   */
  catalog?: 'nvss' | 'none';
  min_flux_jy?: number;
  method?: 'peak' | 'aegean';
  box_px?: number | null;
  annulus_inner_arcsec?: number | null;
  annulus_outer_arcsec?: number | null;
  correct_astrometry?: boolean;
  pb_measured?: number;
  pb_edge?: number;
}
/**
 * Rows are in the output with role ``rows`` (JSON list); ``rows`` here when there are at most 1000.
 */
export interface PhotometrySummary {
  method: 'peak' | 'aegean';
  n_positions: number;
  n_measured: number;
  by_status: {
    [k: string]: number;
  };
  error_scale_k: number | null;
  n_empty_positions: number;
  ra_shift_arcsec: number | null;
  dec_shift_arcsec: number | null;
  mid_mjd: number | null;
  nu_eff_hz: number | null;
  rows: readonly PhotometryRow[] | null;
}
/**
 * A direction on the sky, ICRS, degrees.
 */
export interface Position {
  ra_deg: number;
  dec_deg: number;
}
/**
 * Compare a tile or mosaic with the catalogue, or with the truth of a simulation.
 */
export interface QaSpec {
  stage?: 'qa';
  fits: string;
  flat_noise_fits?: string | null;
  pb_fits?: string | null;
  residual_fits?: string | null;
  weight_fits?: string | null;
  kind?: 'tile' | 'mosaic';
  /**
   * empty: a tile's own centre, or the maxima of a mosaic's beam map
   */
  tile_centers?: readonly Position[];
  /**
   * truth.json of the simulator, instead of the catalogue
   */
  truth?: string | null;
  /**
   * sources that judge nothing: the calibrator, variables; matched by position
   */
  exclude?: readonly SourceModel[];
  /**
   * expected flux over local noise, for ratio and offset
   */
  min_snr?: number;
  /**
   * nothing is judged below this primary beam
   */
  pb_min?: number;
  /**
   * faintest catalogue source at 1.4 GHz
   */
  min_flux_jy?: number;
  /**
   * from the catalogue's frequency to the image's
   */
  spectral_index?: number;
  /**
   * of the image stage's summary, for rms over thermal
   */
  thermal_rms_jy?: number | null;
  /**
   * blind source finding: completeness and reliability
   */
  find_sources?: boolean;
  /**
   * write the picture; it takes most of the time
   */
  draw?: boolean;
}
/**
 * A point source: S(nu) = flux_jy * (nu / ref_freq_hz) ** spectral_index, before any primary beam.
 */
export interface SourceModel {
  name: string;
  ra_deg: number;
  dec_deg: number;
  flux_jy: number;
  ref_freq_hz?: number;
  spectral_index?: number;
}
/**
 * Verdict and what it rests on; outputs: ``matches`` (CSV), ``picture`` (PNG) if drawn.
 *
 * Noise, peak and minimum are those of the flat-noise image; of a mosaic, the noise is the median local noise.
 */
export interface QaSummary {
  verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated';
  checks: readonly Check[];
  reference: 'truth' | 'nvss';
  rms_jy: number;
  rms_over_thermal: number | null;
  peak_jy: number;
  dynamic_range: number;
  min_over_peak: number;
  residual_peak_jy: number | null;
  /**
   * sources expected above min_snr, merged within one beam
   */
  n_expected: number;
  /**
   * of them, those found where they are expected
   */
  n_matched: number;
  flux_ratio: number | null;
  flux_ratio_scatter: number | null;
  flux_ratio_scatter_snr50: number | null;
  ra_offset_arcsec: number | null;
  dec_offset_arcsec: number | null;
  offset_beyond_1p3_deg_arcsec: number | null;
  /**
   * largest median flux ratio at mirrored positions
   */
  mirror_flux_ratio: number | null;
  completeness_8sigma: number | null;
  spurious_fraction: number | null;
  /**
   * detections in the negated image over detections, 8 sigma
   */
  negative_fraction: number | null;
  /**
   * degrees to Sun, Moon and bright sources of the sky
   */
  solar_system: {
    [k: string]: number;
  };
}
/**
 * ``result.json``, written last: what a stage that ended well leaves. ``summary`` is the stage's own model.
 */
export interface ResultDocument {
  stage: string;
  stage_version: number;
  outputs: readonly OutputFile[];
  summary: {
    [k: string]: unknown;
  };
  warnings: readonly string[];
  tools: {
    [k: string]: string;
  };
  wall_seconds: number;
  peak_rss_bytes: number;
}
/**
 * Groups of subband files around a transit or from a start time.
 */
export interface SimulateSpec {
  stage?: 'simulate';
  seed?: number;
  /**
   * in the sky once (its NVSS twin is left out); its transit falls into the middle group
   */
  calibrator?: CalibratorModel | null;
  /**
   * take the transit nearest to this time
   */
  near_utc?: string | null;
  /**
   * start of the first group, instead of a transit
   */
  start_utc?: string | null;
  /**
   * apparent; default: the calibrator's
   */
  pointing_dec_deg?: number | null;
  /**
   * pointing declination minus the calibrator's
   */
  calibrator_offset_deg?: number;
  n_groups?: number;
  /**
   * the first n of a spread over the 96 active; None: all 96
   */
  n_antennas?: number | null;
  station_numbers?: readonly number[] | null;
  n_subbands?: number;
  channels_per_subband?: number;
  n_integrations?: number;
  integration_s?: number;
  group_spacing_s?: number | null;
  stamp_jitter_s?: number;
  /**
   * old: (Nblts, 1, Nfreqs, Npols), OVRO_MMA
   */
  layout?: 'new' | 'old';
  sky?: Sky;
  corruption?: Corruption1;
  damage?: Damage1;
}
/**
 * What is in the sky: catalogue sources in the strip, extra ones, or both.
 */
export interface Sky {
  catalog?: 'nvss' | 'none';
  min_flux_jy?: number;
  extra_sources?: readonly SourceModel[];
  /**
   * source name or 'ra,dec' key to a factor, for variables
   */
  flux_factors?: {
    [k: string]: number;
  };
}
/**
 * What the instrument does to the visibilities.
 */
export interface Corruption1 {
  bandpass?: boolean;
  gains?: boolean;
  delays?: boolean;
  gain_drift_deg_per_hour?: number;
  gain_drift_amplitude?: number;
  noise?: boolean;
  sefd_jy?: number;
  rfi_fraction?: number;
  dead_antennas?: readonly number[];
  time_smearing?: boolean;
  bandwidth_smearing?: boolean;
}
/**
 * Files that are missing or broken on purpose; subbands per group index.
 */
export interface Damage1 {
  missing_subbands?: {
    [k: string]: readonly number[];
  };
  truncated_subbands?: {
    [k: string]: readonly number[];
  };
  empty_subbands?: {
    [k: string]: readonly number[];
  };
}
/**
 * What was written; the truth is the output with role ``truth``.
 */
export interface SimulateSummary {
  group_ids: readonly string[];
  pointing_dec_deg: number;
  calibrator: string | null;
  transit_utc: string | null;
  transit_mjd: number | null;
  n_files: number;
  n_sources: number;
}
/**
 * What is in the sky: catalogue sources in the strip, extra ones, or both.
 */
export interface Sky1 {
  catalog?: 'nvss' | 'none';
  min_flux_jy?: number;
  extra_sources?: readonly SourceModel[];
  /**
   * source name or 'ra,dec' key to a factor, for variables
   */
  flux_factors?: {
    [k: string]: number;
  };
}
/**
 * Solve K, B and G on the measurement set in which a calibrator transits.
 */
export interface SolveSpec {
  stage?: 'solve';
  ms: string;
  calibrator: CalibratorModel;
  /**
   * None: computed, and must lie in the data; one that is given may lie in the gap beside them
   */
  transit_mjd?: number | null;
  /**
   * name; None: chosen: central, working, few flags
   */
  refant?: string | null;
  types?: readonly ('K' | 'B' | 'G')[];
  /**
   * None: one solution for the whole set; a 60 s table serves only this set
   */
  gain_interval_s?: number | null;
  min_snr?: number;
  uvmin_m?: number | null;
  uvmax_m?: number | null;
  /**
   * NVSS sources with S*PB above this times the calibrator's are in the model
   */
  neighbour_fraction?: number;
  /**
   * tables already solved, applied on the fly; their types are not solved again
   */
  existing_tables?: readonly string[];
  min_beam?: number;
  /**
   * solve although the calibrator is outside the beam or the time range
   */
  force?: boolean;
}
/**
 * Tables in the order they are applied, and whether they can be trusted.
 */
export interface SolveSummary {
  calibrator: string;
  transit_mjd: number;
  beam_at_transit: number;
  apparent_flux_jy: number;
  n_model_sources: number;
  refant: string;
  /**
   * flagged in the tables; NAME:XX for a single receptor
   */
  dead_antennas: readonly string[];
  valid_start_mjd: number;
  valid_end_mjd: number;
  pointing_dec_deg: number;
  tables: readonly CaltableSummary[];
  corrected_over_model_amplitude: number;
  corrected_phase_rms_deg: number;
  /**
   * flux scale against the NVSS median, recorded and never applied
   */
  secondary_scale_ratio: number | null;
  checks: readonly Check[];
  verdict: 'pass' | 'warn' | 'fail';
}

/** Spec of each stage. */
export interface StageSpecs {
  simulate: SimulateSpec;
  inspect: InspectSpec;
  convert: ConvertSpec;
  flag: FlagSpec;
  solve: SolveSpec;
  apply: ApplySpec;
  image: ImageSpec;
  mosaic: MosaicSpec;
  photometry: PhotometrySpec;
  qa: QaSpec;
  catalog: CatalogSpec;
}

/** Summary of each stage. */
export interface StageSummaries {
  simulate: SimulateSummary;
  inspect: InspectSummary;
  convert: ConvertSummary;
  flag: FlagSummary;
  solve: SolveSummary;
  apply: ApplySummary;
  image: ImageSummary;
  mosaic: MosaicSummary;
  photometry: PhotometrySummary;
  qa: QaSummary;
  catalog: CatalogSummary;
}

export type StageName = keyof StageSpecs;

/** Spec of a stage, as its process reads it; fields with a default may be left out. */
export type SpecOf<S extends StageName> = StageSpecs[S];

/** Summary of a stage: what it found, as its process writes it. */
export type SummaryOf<S extends StageName> = StageSummaries[S];

/** `result.json` of a stage. */
export type StageResult<S extends StageName> = Omit<ResultDocument, 'stage' | 'summary'> & {
  stage: S;
  summary: SummaryOf<S>;
};

/** Version of each stage's results; part of the effect key. */
export const STAGE_VERSIONS: Readonly<Record<StageName, number>> = {
  simulate: 1,
  inspect: 1,
  convert: 1,
  flag: 1,
  solve: 1,
  apply: 1,
  image: 1,
  mosaic: 1,
  photometry: 1,
  qa: 1,
  catalog: 1,
};
