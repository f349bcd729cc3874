/** The parts of a worker, put together from its configuration. */
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createActivities, type Activities } from '../activities/index.ts';
import { ResourcePool } from '../activities/process/resource-pool.ts';
import { pythonProgram, SupervisedStageRunner } from '../activities/stage-runner/index.ts';
import type { MeridianConfig } from '../config/index.ts';
import { shippedCalibrators } from '../config/shipped-data.ts';
import { MeridianError } from '../domain/errors.ts';
import { openRegistry, type Registry } from '../registry/index.ts';
import type { WorkerLogger } from './logger.ts';

/** Connections beside those of the slots: progress rows, the reconciler. */
const MAX_CONNECTIONS = 20;

export interface WorkerParts {
  readonly registry: Registry;
  readonly stages: SupervisedStageRunner;
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly activities: Activities;
}

/** Opens the registry; it connects when it is first used. */
export function openWorkerRegistry({ databaseUrl, paths }: MeridianConfig, logger: WorkerLogger): Registry {
  if (databaseUrl === undefined) throw notStarted('PostgreSQL');
  return openRegistry({
    databaseUrl,
    applicationName: 'meridian-worker',
    maxConnections: MAX_CONNECTIONS,
    storeRoots: { store: paths.store, published: paths.published },
    onIdleError: (error) => logger.warn({ err: error }, 'PostgreSQL closed a connection'),
  });
}

/** Connects to the Temporal server; rejects while it is away. */
export function connectTemporal({ temporal }: MeridianConfig): Promise<NativeConnection> {
  if (temporal.address === undefined) throw notStarted('Temporal');
  return NativeConnection.connect({ address: temporal.address });
}

export function putTogether(config: MeridianConfig, registry: Registry, connection: NativeConnection): WorkerParts {
  const { paths, temporal, compute } = config;
  const client = new Client({ connection, namespace: temporal.namespace });
  const stages = new SupervisedStageRunner({
    registry,
    program: pythonProgram(paths),
    folders: paths,
    resources: new ResourcePool(compute),
    diskFreeMinGb: config.diskFreeMinGb,
  });
  const activities = createActivities({
    registry,
    stages,
    client,
    queuePrefix: temporal.queuePrefix,
    // Parsed when it is first asked for: a worker starts without it.
    get catalog() {
      return shippedCalibrators();
    },
    compute,
    publishedFolder: paths.published,
  });
  return { registry, stages, connection, client, activities };
}

const notStarted = (service: string): MeridianError =>
  new MeridianError('SERVICE_UNAVAILABLE', `${service} has no address yet; start it with \`meridian up\``, { service });
