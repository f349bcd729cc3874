/**
 * The one error class and the closed list of error codes.
 *
 * A code is the `code` of a problem document, the failure type in Temporal, and what a compute stage writes into its
 * result; `compute/meridian_compute/error_codes.py` is generated from this table (`ops/generate/error-codes.ts`).
 */

/** How a stage process ends with a code: design of the stage contract, "Exit codes". */
export type ExitClass = 'bad_input' | 'tool_failed' | 'resources' | 'internal';

/** Exit status of a process for each class. A status that is not listed here is a crash. */
export const EXIT_STATUS: Readonly<Record<ExitClass, number>> = {
  bad_input: 2,
  tool_failed: 3,
  resources: 4,
  internal: 1,
};

export interface ErrorRule {
  readonly exitClass: ExitClass;
  /** Whether the same work may succeed when it is simply tried again. */
  readonly retryable: boolean;
  readonly httpStatus: number;
  /** One line for the user: what to do. */
  readonly advice: string;
}

const final = (exitClass: ExitClass, httpStatus: number, advice: string): ErrorRule => ({
  exitClass,
  retryable: false,
  httpStatus,
  advice,
});
const passing = (exitClass: ExitClass, httpStatus: number, advice: string): ErrorRule => ({
  exitClass,
  retryable: true,
  httpStatus,
  advice,
});
const badInput = (httpStatus: number, advice: string): ErrorRule => final('bad_input', httpStatus, advice);

const RULES = {
  // Requests, configuration, paths
  SPEC_INVALID: badInput(422, 'Correct the named field of the stage specification.'),
  CONFIG_INVALID: badInput(422, 'Correct the named settings; `meridian config` shows where each value comes from.'),
  REQUEST_INVALID: badInput(400, 'Correct the named field of the request.'),
  PATH_OUTSIDE_ROOTS: badInput(403, 'Use a path below a registered data root, or register its folder first.'),
  NOT_FOUND: badInput(404, 'Check the id; the matching list command shows what there is.'),
  CONFLICT: badInput(409, 'Look at the present state of the named object; it does not allow this change.'),
  IDEMPOTENCY_MISMATCH: badInput(409, 'Use a new request id: this one was used with other parameters.'),
  WORKFLOW_CLOSED: badInput(409, 'The workflow has ended; ask for the work again if it is still wanted.'),

  // Raw files
  FILE_MISSING: badInput(404, 'Check the path, or copy the file to where it is expected.'),
  FILE_UNREADABLE: badInput(422, 'Give the account that runs Meridian the right to read the file.'),
  FILE_EMPTY: badInput(422, 'Copy the file again from its source, or remove it.'),
  FILE_TRUNCATED: badInput(422, 'Copy the file again from its source; its size is smaller than its contents need.'),
  FILE_NOT_HDF5: badInput(422, 'Give a UVH5 file; this one is no HDF5 file.'),
  FILE_FOREIGN: badInput(422, 'Give a UVH5 file with Header and Data groups; this HDF5 file has another layout.'),
  HEADER_FIELD_MISSING: badInput(422, 'Write the named header field again at the source; it is required.'),
  HEADER_FIELD_INVALID: badInput(422, 'Correct the named header field at the source.'),
  SHAPE_MISMATCH: badInput(422, 'Write the file again: the named arrays do not fit each other.'),
  DATA_NOT_FINITE: badInput(422, 'Flag or rewrite the named values; they are NaN or infinite and not flagged.'),
  TABLE_INVALID: badInput(422, 'Correct the named line and column of the table.'),
  DATA_ALL_FLAGGED: badInput(422, 'Look at the flag summary: nothing is left to work on.'),

  // Groups and measurement sets
  GROUP_INCOMPLETE: badInput(422, 'Wait for or copy the missing subbands, or allow an incomplete group.'),
  GROUP_DECLINATIONS_DIFFER: badInput(422, 'Remove the subband files of another pointing from the group.'),
  GROUP_SUBBAND_DOUBLED: badInput(422, 'Keep one file of each subband and remove the others.'),
  GROUP_TIMES_DIFFER: badInput(422, 'Remove the subband files of another time from the group.'),
  GROUP_CHANNELS_INVALID: badInput(422, 'Remove subband files whose channels overlap or differ in width.'),
  GROUP_ANTENNAS_DIFFER: badInput(422, 'Remove subband files with other antennas or baselines from the group.'),
  GROUP_NOT_FOUND: badInput(404, 'Check the group id and the data root; `meridian convert groups` lists the groups.'),
  MS_INVALID: badInput(422, 'Convert the group again; the measurement set lacks the named table, column or value.'),
  INPUT_CHANGED: badInput(409, 'Restore the file or make it again: its hash is not the registered one.'),

  // Calibrators and calibration
  CALIBRATOR_UNKNOWN: badInput(404, 'Use a name of the VLA calibrator list; the message names the nearest ones.'),
  CALIBRATOR_BELOW_HORIZON: badInput(422, 'Choose a calibrator that rises at the site.'),
  CALIBRATOR_OUTSIDE_BEAM: badInput(422, 'Choose a calibrator near the declination of the data.'),
  CALIBRATOR_OUTSIDE_TIME: badInput(422, 'Choose the measurement set that holds the transit of the calibrator.'),
  CALIBRATOR_NO_DATA: badInput(404, 'Register the folder with data at a transit, or name another time.'),
  CALIBRATOR_UNSUITABLE: badInput(422, 'Choose one with code P or S at 20 cm in C array and a flux, or force it.'),
  TRANSIT_NOT_COMPLETE: badInput(409, 'Wait until the window of the transit has closed and its group is complete.'),
  TOO_FEW_TILES: badInput(422, 'Widen the window or supply the missing groups; a mosaic needs three tiles.'),
  WINDOW_EMPTY: badInput(404, 'Choose a time window that holds groups; the list of groups shows the times.'),
  CALTABLE_MISSING: badInput(404, 'Solve a calibrator of the same declination within its validity first.'),
  CALTABLE_MISMATCH: badInput(422, 'Use a table solved for the same antennas, channels and declination.'),
  CALIBRATION_BAD: final('tool_failed', 422, 'Look at the QA of the solution; solve another transit or refant.'),
  APPLY_NO_CHANGE: final('tool_failed', 422, 'Check that the tables belong to this data; applying them did nothing.'),

  // Images, mosaics, positions
  IMAGE_NO_WCS: badInput(422, 'Give a FITS image with a celestial coordinate system.'),
  IMAGE_INVALID: badInput(422, 'Give a FITS image with finite pixels and the named header keyword.'),
  IMAGE_DIVERGED: final('tool_failed', 422, 'Clean with smaller mgain or higher threshold; the residuals grew.'),
  TILES_INCONSISTENT: badInput(422, 'Combine tiles with one frequency, beam, calibration and grid spacing.'),
  POSITION_OUTSIDE: badInput(422, 'Give a position inside the image and its primary beam.'),
  BEAM_UNKNOWN: badInput(422, 'Give the dish diameter, or ask for an image without primary-beam correction.'),
  CATALOG_MISSING: badInput(404, 'Import the named catalogue, or choose one that is there.'),
  CATALOG_INVALID: badInput(422, 'Name the column or the unit with --columns or --units, or give another file.'),
  QA_FAILED: final('tool_failed', 422, 'Look at the QA report; the product failed the named check.'),

  // Machine and tools
  DISK_FULL: final('resources', 507, 'Free space in the named folder, then ask again.'),
  OUT_OF_MEMORY: passing('resources', 507, 'Give the worker more memory, or make a smaller image.'),
  TOOL_MISSING: final('bad_input', 503, 'Install the named tool; `meridian doctor` says how.'),
  TOOL_FAILED: passing('tool_failed', 500, 'Look at the log of the job for the message of the tool.'),
  TOOL_TIMED_OUT: passing('tool_failed', 504, 'Look at the load of the machine, or raise the limit of this stage.'),
  OUTPUT_CORRUPT: passing('tool_failed', 500, 'The output did not verify and was not used; check the disk.'),

  // Ourselves
  FENCED_OUT: final('internal', 409, 'Nothing to do: a newer attempt has taken over this work.'),
  CANCELLED: final('internal', 409, 'Nothing to do: the work was cancelled on request.'),
  SCHEMA_VERSION: final('internal', 503, 'Run `meridian up` of the same release on every machine.'),
  SERVICE_UNAVAILABLE: passing('internal', 503, 'Look at `meridian status`; the named service does not answer.'),
  INTERNAL: passing('internal', 500, 'Report it with the log of the job; this should not happen.'),
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof RULES;

/** The rule of every code. */
export const ERROR_RULES: Readonly<Record<ErrorCode, ErrorRule>> = RULES;

/** Every code, in the order of the table. */
export const ERROR_CODES: readonly ErrorCode[] = Object.keys(RULES) as ErrorCode[];

/** Codes that must not be tried again: Temporal's `nonRetryableErrorTypes`. */
export const NON_RETRYABLE_CODES: readonly ErrorCode[] = ERROR_CODES.filter((code) => !ERROR_RULES[code].retryable);

/** Whether a word from outside (a stage's result, a failure type) is one of our codes. */
export const isErrorCode = (word: string): word is ErrorCode => Object.hasOwn(RULES, word);

/** Process exit status for a code. */
export const exitStatusOf = (code: ErrorCode): number => EXIT_STATUS[ERROR_RULES[code].exitClass];

/** The code to use when a stage ended with this exit status and left no result that names one. */
export function codeOfExitStatus(status: number): ErrorCode {
  if (status === EXIT_STATUS.bad_input) return 'SPEC_INVALID';
  if (status === EXIT_STATUS.tool_failed) return 'TOOL_FAILED';
  if (status === EXIT_STATUS.resources) return 'OUT_OF_MEMORY';
  return 'INTERNAL';
}

export type ErrorContextValue = string | number | boolean | null | readonly (string | number)[];
export type ErrorContext = Readonly<Record<string, ErrorContextValue>>;

/** What crosses a process or network boundary of an error. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly context: ErrorContext;
}

/** Our only error class: the code is for programs, the message for the operator, the context (snake_case) for both. */
export class MeridianError extends Error {
  override readonly name = 'MeridianError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.context = context;
  }

  get retryable(): boolean {
    return ERROR_RULES[this.code].retryable;
  }

  get exitStatus(): number {
    return exitStatusOf(this.code);
  }

  get httpStatus(): number {
    return ERROR_RULES[this.code].httpStatus;
  }

  get advice(): string {
    return ERROR_RULES[this.code].advice;
  }

  toJSON(): ErrorRecord {
    return { code: this.code, message: this.message, context: this.context };
  }
}
