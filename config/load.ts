/** Reads the configuration: flag > environment > config.yaml > default, checked as a whole, all errors at once. */
import { existsSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { MeridianError } from '../domain/errors.ts';
import { homeFolder, homePaths } from './paths.ts';
import type { HomePaths } from './paths.ts';
import { readPorts } from './ports.ts';
import type { Ports } from './ports.ts';
import { SETTING_LEAVES, settingsSchema } from './schema.ts';
import type { Settings } from './schema.ts';
import { stagePolicies } from './stage-policies.ts';
import type { PolicySnapshot } from '../domain/stage-policies.ts';

export type SettingSource = 'flag' | 'config.yaml' | 'default' | `environment ${string}`;

export interface ResolvedSetting {
  readonly name: string;
  readonly value: unknown;
  readonly source: SettingSource;
  readonly description: string;
}

export interface MeridianConfig {
  readonly paths: HomePaths;
  readonly dataRoots: readonly string[];
  /** Ports asked for; those in use are in `ports`. */
  readonly requestedPorts: Partial<Ports>;
  /** Ports in use by this home; undefined before its first `up`. */
  readonly ports: Ports | undefined;
  readonly database: 'embedded' | 'external';
  /** Undefined while the embedded server has never been started. Holds a password: do not print it. */
  readonly databaseUrl: string | undefined;
  readonly temporal: {
    readonly server: 'embedded' | 'external';
    /** host:port; undefined while the embedded server has never been started. */
    readonly address: string | undefined;
    readonly namespace: string;
    readonly queuePrefix: string;
  };
  /** Where the gateway listens; no port before the first `up`. */
  readonly gateway: { readonly host: string; readonly port: number | undefined };
  /** Address of the gateway; undefined before the first `up`. */
  readonly gatewayUrl: string | undefined;
  readonly compute: { readonly cores: number; readonly memoryGb: number };
  readonly diskFreeMinGb: number;
  /** Whether the NVSS list that comes with the product is loaded into the registry. */
  readonly loadNvss: boolean;
  readonly logLevel: Settings['log_level'];
  readonly stagePolicies: PolicySnapshot;
  /** Every setting with its value and where that came from, for `meridian config`. */
  readonly settings: readonly ResolvedSetting[];
}

export interface ConfigInputs {
  /** Values of command line flags by dotted setting name, strings as typed. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
}

type Tree = Record<string, unknown>;

function readConfigFile(file: string): Tree {
  if (!existsSync(file)) return {};
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [problem] = document.errors;
  if (problem) throw new MeridianError('CONFIG_INVALID', `${file}: ${problem.message}`, { file });
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new MeridianError('CONFIG_INVALID', `${file}: expected settings as "name: value" lines`, { file });
  }
  return content as Tree;
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], tree);
}

function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  let node = tree;
  for (const key of path.slice(0, -1)) {
    const inner = node[key];
    if (typeof inner !== 'object' || inner === null) node[key] = {};
    node = node[key] as Tree;
  }
  node[path.at(-1)!] = value;
}

/** Lays environment and flags over the file's settings; returns the source of each setting that was given. */
function overlay(tree: Tree, inputs: Required<ConfigInputs>): Map<string, SettingSource> {
  const sources = new Map<string, SettingSource>();
  for (const { name, path, variables } of SETTING_LEAVES) {
    const variable = variables.find((candidate) => inputs.env[candidate]);
    const flag = inputs.flags[name];
    if (valueAt(tree, path) !== undefined) sources.set(name, 'config.yaml');
    if (variable) {
      setAt(tree, path, inputs.env[variable]);
      sources.set(name, `environment ${variable}`);
    }
    if (flag !== undefined) {
      setAt(tree, path, flag);
      sources.set(name, 'flag');
    }
  }
  return sources;
}

function rejection(
  issues: readonly z.core.$ZodIssue[],
  sources: Map<string, SettingSource>,
  file: string,
): MeridianError {
  const lines = issues.map((issue) => {
    const name = issue.path.join('.');
    const source = sources.get(name) ?? 'config.yaml';
    const where = source === 'config.yaml' ? file : source;
    const what = issue.code === 'unrecognized_keys' ? `unknown setting ${issue.keys.join(', ')}` : issue.message;
    return `${name === '' ? '' : `${name}: `}${what} (from ${where})`;
  });
  return new MeridianError('CONFIG_INVALID', `the configuration is not valid:\n  ${lines.join('\n  ')}`, {
    problems: lines,
  });
}

/**
 * Reads and checks the configuration of this MERIDIAN_HOME.
 *
 * @throws MeridianError CONFIG_INVALID naming every wrong setting and where it was set.
 */
export function loadConfig(inputs: ConfigInputs = {}): MeridianConfig {
  const env = inputs.env ?? process.env;
  const paths = homePaths(homeFolder(env));
  const tree = readConfigFile(paths.configFile);
  const sources = overlay(tree, { env, flags: inputs.flags ?? {} });
  const parsed = settingsSchema.safeParse(tree);
  if (!parsed.success) throw rejection(parsed.error.issues, sources, paths.configFile);
  return resolveConfig(parsed.data, paths, sources);
}

function resolveConfig(settings: Settings, paths: HomePaths, sources: Map<string, SettingSource>): MeridianConfig {
  const ports = readPorts(paths.portsFile);
  const { temporal, compute } = settings;
  const gatewayPort = ports?.gateway ?? (settings.ports.gateway as number | undefined);
  const embeddedTemporal = ports ? `127.0.0.1:${ports.temporal}` : undefined;
  return {
    paths,
    dataRoots: settings.data_roots,
    requestedPorts: settings.ports as Partial<Ports>,
    ports,
    database: settings.database_url ? 'external' : 'embedded',
    databaseUrl: settings.database_url ?? embeddedDatabaseUrl(paths, ports),
    temporal: {
      server: temporal.address ? 'external' : 'embedded',
      address: temporal.address ?? embeddedTemporal,
      namespace: temporal.namespace,
      queuePrefix: temporal.queue_prefix,
    },
    gateway: { host: settings.gateway_host, port: gatewayPort },
    gatewayUrl: gatewayPort ? `http://127.0.0.1:${gatewayPort}` : undefined,
    compute: { cores: compute.cores, memoryGb: compute.memory_gb },
    diskFreeMinGb: settings.disk_free_min_gb,
    loadNvss: settings.load_nvss === 'yes',
    logLevel: settings.log_level,
    stagePolicies: stagePolicies(settings.stages),
    settings: SETTING_LEAVES.map(({ name, path, description }) => ({
      name,
      value: valueAt(settings, path),
      source: sources.get(name) ?? 'default',
      description,
    })),
  };
}

/** Name of both the role and the database in the embedded server. */
export const EMBEDDED_DATABASE = 'meridian';

function embeddedDatabaseUrl(paths: HomePaths, ports: Ports | undefined): string | undefined {
  if (!ports || !existsSync(paths.postgresPassword)) return undefined;
  const password = readFileSync(paths.postgresPassword, 'utf8').trim();
  return `postgres://${EMBEDDED_DATABASE}:${password}@127.0.0.1:${ports.postgres}/${EMBEDDED_DATABASE}`;
}
