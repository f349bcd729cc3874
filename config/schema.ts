/**
 * The one configuration schema. A setting is named as in config.yaml (`compute.cores`); its environment variable is the
 * same name in capitals (`MERIDIAN_COMPUTE_CORES`). Workflows read none of this: what they need travels in their input.
 */
import { availableParallelism, totalmem } from 'node:os';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { stagePolicyOverridesSchema } from './stage-policies.ts';

const GIB = 1024 ** 3;

const fromText = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
const decimal = (schema: z.ZodNumber) => z.preprocess(fromText, schema);
const portNumber = decimal(z.number().int().min(1024).max(65535));
const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path');
const pathList = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(':').filter((part) => part !== '') : value),
  z.array(absolutePath),
);

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

export const settingsSchema = z.strictObject({
  data_roots: pathList
    .default([])
    .describe('folders with incoming subband files, beside those registered with --incoming'),
  ports: z
    .strictObject({
      gateway: portNumber.optional().describe('HTTP port of the gateway; a free one is chosen once if not set'),
      postgres: portNumber.optional().describe('port of the embedded PostgreSQL'),
      temporal: portNumber.optional().describe('gRPC port of the embedded Temporal server'),
      temporal_ui: portNumber.optional().describe('HTTP port of the Temporal UI'),
    })
    .prefault({}),
  gateway_host: z
    .string()
    .default('127.0.0.1')
    .describe('address the gateway listens at; another than loopback only inside a container or behind a proxy'),
  database_url: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional()
    .describe('PostgreSQL to use instead of the embedded one'),
  temporal: z
    .strictObject({
      address: z
        .string()
        .regex(/^[^\s/]+:\d+$/, 'must be host:port')
        .optional()
        .describe('Temporal server to use instead of the embedded one'),
      namespace: z.string().min(1).default('default').describe('Temporal namespace'),
      queue_prefix: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens')
        .default('meridian')
        .describe('prefix of the task queues'),
    })
    .prefault({}),
  compute: z
    .strictObject({
      cores: decimal(z.number().int().min(1))
        .default(() => availableParallelism())
        .describe('cores for compute stages'),
      memory_gb: decimal(z.number().positive())
        .default(() => Math.max(1, Math.floor((totalmem() / GIB) * 0.8)))
        .describe('memory for compute stages, GiB'),
    })
    .prefault({}),
  disk_free_min_gb: decimal(z.number().min(0))
    .default(5)
    .describe('no stage starts with less free disk than this, GiB'),
  load_nvss: z
    .enum(['yes', 'no'])
    .default('yes')
    .describe('load the NVSS list that comes with the product when the registry is made'),
  log_level: z.enum(LOG_LEVELS).default('info').describe('least severe level that is logged'),
  stages: stagePolicyOverridesSchema,
});

/** Settings after defaults, in the names of config.yaml. */
export type Settings = z.output<typeof settingsSchema>;

export interface SettingLeaf {
  /** Dotted name, as in config.yaml. */
  readonly name: string;
  readonly path: readonly string[];
  /** Environment variables that set it, the first found wins. */
  readonly variables: readonly string[];
  readonly description: string;
}

/** Names that other programs of the field use for the same thing. */
const COMMON_VARIABLES: Readonly<Record<string, string>> = {
  database_url: 'DATABASE_URL',
  'temporal.address': 'TEMPORAL_ADDRESS',
};

function leavesOf(shape: Readonly<Record<string, z.ZodType>>, parents: readonly string[]): SettingLeaf[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const path = [...parents, key];
    const name = path.join('.');
    if (name === 'stages') return [];
    const inner = schema instanceof z.ZodPrefault ? schema.def.innerType : schema;
    if (inner instanceof z.ZodObject) return leavesOf(inner.shape, path);
    const common = COMMON_VARIABLES[name];
    const variables = [`MERIDIAN_${path.join('_').toUpperCase()}`, ...(common ? [common] : [])];
    return [{ name, path, variables, description: schema.description ?? '' }];
  });
}

/** Every setting that an environment variable can give (`stages` is for config.yaml alone). */
export const SETTING_LEAVES: readonly SettingLeaf[] = leavesOf(settingsSchema.shape, []);
