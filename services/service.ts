/** What the supervisor knows of a service: the words shared by its parts. */
import type { HomePaths } from '../config/index.ts';
import type { ProcessIdentity } from '../activities/process/proc-table.ts';

/** In the order they are started; stopped in the opposite order. */
export const SERVICE_NAMES = ['postgres', 'temporal', 'worker', 'gateway'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export const HEALTHS = ['healthy', 'degraded', 'starting', 'unhealthy', 'stopped'] as const;
export type Health = (typeof HEALTHS)[number];

/** Whether a service does its work; a degraded one answers, and says itself what it misses. */
export const isUp = (health: Health): boolean => health === 'healthy' || health === 'degraded';

/** What the supervisor last saw of a service. */
export interface ServiceHealth {
  readonly health: Health;
  readonly detail: string | undefined;
  /** Lives and preparations that failed since the service was last up. */
  readonly failures: number;
}

/** Answer of one look at a service. */
export interface Probe {
  readonly health: Health;
  /** Why it is not healthy. */
  readonly detail?: string;
  readonly version?: string;
  /** Further facts to show, snake_case. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** A running process and the address it listens at, if that can be told. */
export interface FoundProcess {
  readonly pid: number;
  readonly address: string | undefined;
}

export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly kind: 'embedded' | 'external';
  /** Where it listens, or for the worker what it listens to. */
  readonly address: string;
  readonly paths: HomePaths;
  readonly logFile: string;
  readonly needs: readonly ServiceName[];
  /** Program and settings: a process with others than these is replaced instead of adopted; undefined: any will do. */
  readonly build: string | undefined;
  /** Starts the process and returns its pid as soon as it exists; rejects with the reason when it cannot. */
  start(): Promise<number>;
  probe(): Promise<Probe>;
  /** Runs once per supervisor, when the service first answers. Its failure keeps the service unhealthy. */
  prepare(): Promise<void>;
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  readonly stopGraceSeconds: number;
  /** How long a start may take, and how long a running service may be silent, before it is killed. */
  readonly startSeconds: number;
  readonly silentSeconds: number;
}

/** What is written down of a running service, so that another supervisor can adopt it. */
export interface ServiceRecord {
  readonly name: ServiceName;
  readonly process: ProcessIdentity;
  readonly address: string;
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly restarts: number;
  readonly build: string | undefined;
}
