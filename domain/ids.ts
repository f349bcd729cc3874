/**
 * Ids: of groups, of workflows, of effects. Business keys, so that asking twice for the same work finds the same work.
 *
 * A UTC second of a transit is data, never a key: a new Earth-orientation table moves it. `hash8` covers parameters and
 * input versions, so that the same request has the same id and another request another one.
 */
import { MeridianError } from './errors.ts';
import { sha256Hex } from './sha256.ts';
import { isoFromMjd, SECONDS_PER_DAY, tryMjdFromIso } from './time.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * JSON text that is the same for the same value: keys in order of their UTF-16 units, shortest numbers, no blanks, -0
 * as 0, members that are undefined left out. Source: RFC 8785 (JSON Canonicalization Scheme).
 *
 * @throws MeridianError SPEC_INVALID for NaN, infinities and what JSON cannot hold.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson(String(value));
    return JSON.stringify(value);
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object') throw notJson(typeof value);
  const members = Object.entries(value)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

const notJson = (what: string): MeridianError =>
  new MeridianError('SPEC_INVALID', `${what} has no place in a JSON document; give a finite number, text or null`);

/** SHA-256 of a value's canonical JSON, 64 hexadecimal digits. */
export const hashOf = (value: Json): string => sha256Hex(canonicalJson(value));

/** First eight digits of `hashOf`: what tells requests of one unit apart. */
export const hash8Of = (value: Json): string => hashOf(value).slice(0, 8);

/**
 * Group id: start of the data (first `time_array` minus half an integration), UTC, floored to the second after rounding
 * to the millisecond, as `time_array` is a double with steps of 40 µs. The compute stages make it in the same way.
 */
export function groupIdOf(startMjd: number): string {
  const day = Math.floor(startMjd);
  const milliseconds = Math.round((startMjd - day) * SECONDS_PER_DAY * 1000);
  return isoFromMjd(day + Math.floor(milliseconds / 1000) / SECONDS_PER_DAY, 0);
}

const GROUP_ID = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

export const isGroupId = (text: string): boolean => GROUP_ID.test(text) && tryMjdFromIso(text) !== null;

/**
 * @throws MeridianError REQUEST_INVALID if the text is no group id.
 */
export function requireGroupId(text: string): string {
  if (isGroupId(text)) return text;
  throw new MeridianError('REQUEST_INVALID', `"${text}" is no group id; write it as 2026-01-25T00:05:19`, {
    group_id: text,
  });
}

const UNSAFE = /[^A-Za-z0-9+.:_-]/g;

/** One segment of an id: anything that could be mistaken for a separator becomes `_`. */
const segment = (text: string): string => text.replace(UNSAFE, '_');

/** Measurement set of a group: the standard recipe has no hash, any other one has. */
export const msWorkflowId = (groupId: string, version: number, recipeHash8?: string): string =>
  ['ms', segment(groupId), `v${version}`, ...(recipeHash8 === undefined ? [] : [recipeHash8])].join('/');

/** Tile of a group for one set of caltables and one recipe. */
export const tileWorkflowId = (groupId: string, version: number, hash8: string): string =>
  `tile/${segment(groupId)}/v${version}/${hash8}`;

/** Mosaic around a calibrator's transit. */
export const transitMosaicWorkflowId = (calibrator: string, transitNumber: number, hash8: string): string =>
  `mosaic/${segment(calibrator)}/${transitNumber}/${hash8}`;

/** A planned transit on its way to a mosaic. */
export const transitWorkflowId = (calibrator: string, transitNumber: number): string =>
  `transit/${segment(calibrator)}/${transitNumber}`;

/** Mosaic of a time window. */
export const windowMosaicWorkflowId = (startUtc: string, endUtc: string, hash8: string): string =>
  `mosaic/window/${segment(startUtc)}_${segment(endUtc)}/${hash8}`;

/** A search for scattering events asked for by hand. */
export const eseWorkflowId = (scope: string, jobId: string): string => `ese/${segment(scope)}/${jobId}`;

/** The stream over one incoming folder. */
export const streamWorkflowId = (name: string): string => `stream/${segment(name)}`;

/** A group of the stream: measurement set, solve, tile. */
export const groupWorkflowId = (groupId: string, version: number): string => `group/${segment(groupId)}/v${version}`;

/** Photometry of a product with one configuration. */
export const photometryWorkflowId = (productId: string, hash8: string): string => `photometry/${productId}/${hash8}`;

/** One stage asked for by hand. */
export const jobWorkflowId = (jobId: string): string => `job/${jobId}`;

/** What decides whether work was done before. */
export interface EffectInputs {
  readonly stage: string;
  /** Raised when a stage's results change for the same inputs. */
  readonly stageVersion: string;
  /** What the work is about: a group id, a product id. */
  readonly unit: string;
  /** SHA-256 of each input by its role. */
  readonly inputHashes: Readonly<Record<string, string>>;
  readonly parameters: Json;
}

/** Key of an effect: `<stage>/<unit>/<sha256>`, without the workflow, so that stream, mosaic and retry share it. */
export function effectKey(inputs: EffectInputs): string {
  const { stage, stageVersion, unit, inputHashes, parameters } = inputs;
  return `${stage}/${segment(unit)}/${hashOf({ inputHashes, parameters, stageVersion })}`;
}
