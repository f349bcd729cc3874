/** What makes two requests the same work. */
import { STAGE_VERSIONS, type StageName } from '../../domain/generated/stages.ts';
import { MeridianError } from '../../domain/errors.ts';
import { effectKey, type Json } from '../../domain/ids.ts';
import type { EffectIdentity, JsonObject } from '../../registry/index.ts';
import type { StageRequest } from './stage-runner.ts';

/** Spec fields that say with what means a stage works, not what it makes. */
const MEANS: ReadonlySet<string> = new Set(['cores', 'memory_gb']);

const isPath = (value: unknown): value is string => typeof value === 'string' && value.startsWith('/');

/**
 * Identity of the work that is asked for. Absolute paths in the spec are places: they are replaced by their order of
 * appearance, since the content hashes of what lies there are in the key.
 *
 * @throws MeridianError SPEC_INVALID when the spec names more paths than there are hashes: work on something that is not
 *   in the key could be taken for work on something else.
 */
export function effectOf<S extends StageName>(request: StageRequest<S>): EffectIdentity {
  const { stage, unit, inputHashes } = request;
  const paths: string[] = [];
  const parameters = withoutPlaces(request.spec as unknown as JsonObject, paths);
  if (paths.length > inputHashes.length) {
    const message = `the spec of ${stage} names ${paths.length} paths, but only ${inputHashes.length} content hashes were given`;
    throw new MeridianError('SPEC_INVALID', message, { stage, unit });
  }
  const version = STAGE_VERSIONS[stage];
  const key = effectKey({
    stage,
    stageVersion: String(version),
    unit,
    inputHashes: Object.fromEntries(inputHashes.map((hash, index) => [String(index), hash])),
    parameters,
  });
  return { key, stage, stageVersion: version, unit, spec: request.spec as unknown as JsonObject, inputHashes };
}

function withoutPlaces(spec: JsonObject, paths: string[]): Json {
  const kept = Object.entries(spec)
    .filter(([name]) => !MEANS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(kept.map(([name, value]) => [name, replacePlaces(value, paths)]));
}

function replacePlaces(value: unknown, paths: string[]): Json {
  if (isPath(value)) {
    if (!paths.includes(value)) paths.push(value);
    return `<input ${paths.indexOf(value)}>`;
  }
  if (Array.isArray(value)) return value.map((item) => replacePlaces(item, paths));
  if (typeof value !== 'object' || value === null) return value as Json;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, replacePlaces(member, paths)]));
}

/** Absolute paths that a spec names. */
export function pathsOf(spec: object): string[] {
  const paths: string[] = [];
  replacePlaces(spec, paths);
  return paths;
}
