/**
 * Writes `domain/generated/stages.ts` from `compute/schemas/stages.schema.json`.
 *
 * Run: `python -m meridian_compute.export_schemas` (which writes the schema), then `node ops/generate/stage-types.ts`.
 * A unit test fails when the file is not current.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export const STAGE_TYPES_FILE = path('../../domain/generated/stages.ts');
const SCHEMA_FILE = path('../../compute/schemas/stages.schema.json');

interface StageModels {
  readonly spec: string;
  readonly summary: string;
  readonly version: number;
}

const BANNER = `/**
 * Specs and summaries of the compute stages, as they are on the wire (snake_case).
 *
 * Generated from compute/schemas/stages.schema.json by ops/generate/stage-types.ts: do not edit.
 */`;

/** Text of the TypeScript module. */
export async function renderStageTypes(): Promise<string> {
  const schema = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as JSONSchema & {
    'x-stages': Record<string, StageModels>;
  };
  const { 'x-stages': stages, ...document } = schema;
  const models = await compile(document, 'Stages', {
    bannerComment: '',
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    format: false,
  });
  const { format, resolveConfig } = await import('prettier');
  const style = await resolveConfig(STAGE_TYPES_FILE);
  return format([BANNER, tidy(models), stageMap(stages)].join('\n\n'), { ...style, parser: 'typescript' });
}

/** Leave out the empty root type and notes on references; make every list read-only. */
function tidy(models: string): string {
  return models
    .replace(/export interface Stages \{[^}]*\}\n/, '')
    .replace(/^ \* This interface was referenced by .*\n \* via the `definition` .*\n/gm, '')
    .replace(/^( \*[ \t]*\n)+ *\*\//gm, ' */')
    .replace(/^\/\*\*\n \*\/\n/gm, '')
    .replace(/(\([^()]*\)|\w+)\[\]/g, 'readonly $1[]');
}

function stageMap(stages: Record<string, StageModels>): string {
  const entries = Object.entries(stages);
  const lines = (render: (models: StageModels) => string): string =>
    entries.map(([name, models]) => `  ${name}: ${render(models)};`).join('\n');
  return `/** Spec of each stage. */
export interface StageSpecs {
${lines((models) => models.spec)}
}

/** Summary of each stage. */
export interface StageSummaries {
${lines((models) => models.summary)}
}

export type StageName = keyof StageSpecs;

/** Spec of a stage, as its process reads it; fields with a default may be left out. */
export type SpecOf<S extends StageName> = StageSpecs[S];

/** Summary of a stage: what it found, as its process writes it. */
export type SummaryOf<S extends StageName> = StageSummaries[S];

/** \`result.json\` of a stage. */
export type StageResult<S extends StageName> = Omit<ResultDocument, 'stage' | 'summary'> & {
  stage: S;
  summary: SummaryOf<S>;
};

/** Version of each stage's results; part of the effect key. */
export const STAGE_VERSIONS: Readonly<Record<StageName, number>> = {
${entries.map(([name, models]) => `  ${name}: ${models.version},`).join('\n')}
};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(dirname(STAGE_TYPES_FILE), { recursive: true });
  writeFileSync(STAGE_TYPES_FILE, await renderStageTypes());
}
