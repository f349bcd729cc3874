/**
 * Workflow ids: business keys, so that asking twice for the same work finds the same workflow.
 *
 * `hash8` is the first eight hexadecimal digits of a SHA-256 over parameters and input versions; whoever starts a
 * workflow computes it (workflow code has no hash function).
 */

const SAFE = /[^A-Za-z0-9+.:_-]/g;

/** One segment of an id: anything that could be mistaken for a separator becomes `_`. */
const segment = (text: string): string => text.replace(SAFE, '_');

/** Measurement set of a group: the standard recipe has no hash, any other one has. */
export const msWorkflowId = (groupId: string, version: number, recipeHash8?: string): string =>
  ['ms', segment(groupId), `v${version}`, ...(recipeHash8 === undefined ? [] : [recipeHash8])].join('/');

/** Tile of a group for one set of caltables and one recipe. */
export const tileWorkflowId = (groupId: string, version: number, hash8: string): string =>
  `tile/${segment(groupId)}/v${version}/${hash8}`;

/** Mosaic around a calibrator's transit; the number counts sidereal transits, so no second of UTC is in the key. */
export const transitMosaicWorkflowId = (calibrator: string, transitNumber: number, hash8: string): string =>
  `mosaic/${segment(calibrator)}/${transitNumber}/${hash8}`;

/** Mosaic of a time window. */
export const windowMosaicWorkflowId = (startUtc: string, endUtc: string, hash8: string): string =>
  `mosaic/window/${segment(startUtc)}_${segment(endUtc)}/${hash8}`;

/** One stage asked for by hand. */
export const jobWorkflowId = (jobId: string): string => `job/${jobId}`;
