/** Activities on a real registry and real stages, without Temporal. */
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type Activities } from '../../activities/index.ts';
import { ResourcePool } from '../../activities/process/resource-pool.ts';
import { pythonProgram, runStageLocally, SupervisedStageRunner } from '../../activities/stage-runner/index.ts';
import { homeFolder, homePaths } from '../../config/index.ts';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import type { SimulateSpec } from '../../domain/generated/stages.ts';
import type { Registry } from '../../registry/index.ts';
import { activityInterceptors } from '../../worker/activity-interceptor.ts';
import { openTestRegistry } from './postgres.ts';

const INSTALLED = homePaths(homeFolder());

/** Groups so small that they are made in a second or two: what is in the sky does not matter. */
export const TINY: SimulateSpec = {
  stage: 'simulate',
  n_groups: 1,
  n_antennas: 4,
  channels_per_subband: 2,
  n_integrations: 4,
  pointing_dec_deg: 30.37,
  start_utc: '2026-11-20T06:00:00',
  sky: { catalog: 'none', extra_sources: [{ name: 'one', ra_deg: 150, dec_deg: 30, flux_jy: 1 }] },
};

export class ActivityBench {
  readonly home: string;
  readonly registry: Registry;
  readonly activities: Activities;
  private readonly stages: SupervisedStageRunner;

  constructor(home: string, databaseUrl: string) {
    this.home = home;
    const folder = (name: string): string => join(home, name);
    this.registry = openTestRegistry(databaseUrl, { store: folder('store'), published: folder('published') });
    const compute = { cores: 2, memoryGb: 6 };
    this.stages = new SupervisedStageRunner({
      registry: this.registry,
      program: pythonProgram(INSTALLED),
      folders: { store: folder('store'), staging: folder('staging'), work: folder('work'), logs: folder('logs') },
      resources: new ResourcePool(compute),
      diskFreeMinGb: 0,
    });
    this.activities = createActivities({
      registry: this.registry,
      stages: this.stages,
      // Only activities that wait for workflows use it; they are tested on a server.
      client: undefined as never,
      queuePrefix: 'bench',
      catalog: shippedCalibrators(),
      compute,
      publishedFolder: folder('published'),
    });
  }

  /** Runs an activity as a worker would. */
  async run<Name extends keyof Activities>(
    name: Name,
    ...args: Parameters<Activities[Name]>
  ): Promise<Awaited<ReturnType<Activities[Name]>>> {
    const environment = new MockActivityEnvironment(
      { startToCloseTimeoutMs: 600_000 },
      { interceptors: [activityInterceptors], logger: new DefaultLogger('ERROR') },
    );
    const activity = this.activities[name] as unknown as (...given: typeof args) => Promise<unknown>;
    return (await environment.run<typeof args, unknown, typeof activity>(activity, ...args)) as Awaited<
      ReturnType<Activities[Name]>
    >;
  }

  /** Writes subband files; the folder that holds them. */
  async simulate(name: string, spec: SimulateSpec): Promise<string> {
    const workdir = join(this.home, name);
    const hooks = { signal: AbortSignal.timeout(120_000), onProgress: () => undefined };
    await runStageLocally(
      pythonProgram(INSTALLED),
      { stage: 'simulate', spec, workdir, cores: 1, wallSeconds: 120 },
      hooks,
    );
    return join(workdir, 'incoming');
  }

  async close(): Promise<void> {
    await this.stages.close();
    await this.registry.close();
  }
}
